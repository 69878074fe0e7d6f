"""Where schools are, to place the members of partnerships: no figure about a school."""

import pandas as pd
from sqlalchemy import Connection, select

from data_access import bulk
from data_access.schema import school


def school_homes(connection: Connection) -> pd.DataFrame:
    """Every school: urn, la_code, opened, closed (days or None)."""
    query = select(school.c.urn, school.c.la_code, school.c.opened, school.c.closed).order_by(school.c.urn)
    found = bulk.frame(connection, query)
    return found.astype(object).where(found.notna(), None)
