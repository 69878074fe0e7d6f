"""Before the first page: make the default database ready, then make what the first reader will ask for."""

import logging

from data_access.engine import get_engine, sqlite_file
from data_access.errors import DataAccessError, DatabaseMissing, DatabaseOlder, DatabaseUnfilled
from data_access.migrate import ready
from data_access.settings import DEFAULT_DATABASE

log = logging.getLogger("cpd.serving")
# Why the database could not be made ready when the service started: the cause behind "there is no database".
failure: DataAccessError | None = None


def database() -> None:
    """Make, migrate and fill the default database where that is needed.

    A database that CPD_DATABASE_URL names is never changed by serving it: its page says what to run.
    """
    global failure
    try:
        engine = get_engine()
        try:
            ready(engine)
        except (DatabaseMissing, DatabaseUnfilled, DatabaseOlder):
            if sqlite_file(engine) != DEFAULT_DATABASE:
                raise
            from seed_data.fill import fill

            print(f"Making {DEFAULT_DATABASE} ready; the first time this takes some ten seconds …", flush=True)
            fill(engine)
    except DataAccessError as error:
        # Pages say the same sentence; the service stays up so that they can.
        failure = error
        log.error("%s", error)
