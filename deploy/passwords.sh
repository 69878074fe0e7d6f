#!/bin/sh
# For compose.yaml: gives the roles of roles.sql their passwords when the database is made.
set -eu
psql -v ON_ERROR_STOP=1 -v owner="$OWNER_PASSWORD" -v service="$SERVICE_PASSWORD" <<'SQL'
ALTER ROLE cpd_owner PASSWORD :'owner';
ALTER ROLE cpd_service PASSWORD :'service';
SQL
