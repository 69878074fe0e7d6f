"""The register of an authority's schools, for those who may see them."""

import re

import pandas as pd
from sqlalchemy import Connection, func, select

from data_access import access, bulk, versions
from data_access.access import Viewer
from data_access.schema import cluster, cluster_membership, school
from measures.words import joined

ITS_AUTHORITY = "this school’s authority"  # as a refusal calls it: which one that is, is not told


def register(
    connection: Connection, la_code: str, *, as_at: int | None = None, viewer: Viewer | None = None
) -> pd.DataFrame:
    """The schools of an authority, by name, numbers in it as numbers: urn, name, phase, longitude, latitude, cluster.

    longitude, latitude: NaN where not known; cluster: the name of the cluster that the school is in now, of several
    'a and b', '' where it is in none. viewer: who asks, None for whoever uses this service; there are no rows of
    schools that they may not see. as_at: an earlier data version, None: now.
    """
    allowed = viewer or access.viewer()
    table = versions.table(school, versions.earlier(connection, as_at))
    there = table.c
    of_la = (there.la_code == la_code, allowed.among(there.la_code))
    schools = bulk.frame(
        connection, select(there.urn, there.name, there.phase, there.longitude, there.latitude).where(*of_la)
    )
    m = cluster_membership.c
    members = bulk.frame(
        connection,
        select(m.school_urn.label("urn"), cluster.c.name)
        .join(cluster, cluster.c.code == m.cluster_code)
        .join(table, there.urn == m.school_urn)
        .where(*of_la, m.left.is_(None))
        .order_by(cluster.c.code),
    )
    named = members.groupby("urn")["name"].agg(lambda names: joined(list(names)))
    schools["cluster"] = schools["urn"].map(named.to_dict()).astype(object).where(schools["urn"].isin(named.index), "")
    made = schools.assign(place=schools["name"].str.lower().str.replace(r"\d+", _padded, regex=True))
    made = made.sort_values(["place", "urn"], ignore_index=True).drop(columns="place")
    return made.astype({"longitude": float, "latitude": float})


def counts(connection: Connection, *, as_at: int | None = None, viewer: Viewer | None = None) -> dict[str, int]:
    """How many schools each authority has whose schools whoever asks may see: 3-digit code → count; as_at as above."""
    allowed = viewer or access.viewer()
    s = versions.table(school, versions.earlier(connection, as_at)).c
    query = select(s.la_code, func.count()).where(allowed.among(s.la_code)).group_by(s.la_code)
    return {str(la): int(count) for la, count in connection.execute(query)}


def authority_of(connection: Connection, urn: str, *, viewer: Viewer | None = None) -> str | None:
    """The code of the authority whose school a URN is, None for one that is not known.

    Raises NotAllowed where whoever asks may not see the authority's schools.
    """
    allowed = viewer or access.viewer()
    found = connection.execute(select(school.c.la_code).where(school.c.urn == urn)).scalar()
    if found is None:
        return None
    allowed.check(str(found), ITS_AUTHORITY)
    return str(found)


def _padded(number: re.Match) -> str:
    return number[0].zfill(9)
