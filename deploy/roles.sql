-- The roles of the dashboard in PostgreSQL, and its database. Run once, as a superuser:
--   psql -v ON_ERROR_STOP=1 -f deploy/roles.sql
-- Then give each login a password (\password cpd_owner and so on). What the roles may do with tables is granted by
-- `python -m data_access migrate` and `restore`, each time: data_access/roles.py.
CREATE ROLE cpd_owner LOGIN;    -- migrates, backs up and restores
CREATE ROLE cpd_service LOGIN;  -- the dashboard: rows, no tables, and the audit only to read and add to
CREATE ROLE cpd_reader LOGIN;   -- analysts' own queries, on the read replica: no schools, no accounts
ALTER ROLE cpd_reader SET default_transaction_read_only = on;
ALTER ROLE cpd_reader SET statement_timeout = '60s';
ALTER ROLE cpd_reader SET idle_in_transaction_session_timeout = '60s';  -- what was read holds up migrations
CREATE DATABASE cpd OWNER cpd_owner TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE cpd FROM PUBLIC;
GRANT CONNECT ON DATABASE cpd TO cpd_service, cpd_reader;
