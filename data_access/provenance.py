"""Where a figure comes from: what was published and what it means, the imports behind it, and what it was before.

Every figure comes from `values`, each data version's as it decides for that version. Of the observations only how many
rows each import gave is told, never what they say.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, case, func, or_, select, text

from data_access import access, areas, bulk, queries, versions
from data_access.access import Viewer
from data_access.engine import current_version
from data_access.errors import UnknownCode
from data_access.places import ENGLAND_CODE
from data_access.schema import (
    confirmation,
    data_version,
    import_,
    local_authority,
    observation,
    school,
    summary,
    summary_past,
    threshold,
    threshold_past,
    withheld,
    withheld_past,
)
from data_access.schools import ITS_AUTHORITY
from data_access.values import area_values, school_values
from measures.since import TOLERANCE
from measures.sums import with_ancestors

PHASES = ["all", "primary", "secondary", "special"]
IMPORT = [
    "id", "file_name", "sha256", "imported_by", "imported_at", "source", "licence", "kind", "rows", "replaced",
    "confirmed", "status", "undone_at", "undone_by",
]  # fmt: skip
STATUSES = ["counts", "confirms", "replaced", "undone"]
NUMBERS = ["value", "lower", "upper", "numerator", "denominator", "units", "expected_units"]
REVISION = ["version", "made_at", "reason", *NUMBERS, "symbol"]
MOST = 12  # data versions looked at, the latest: each takes as long as a page's figures of an indicator


@dataclass(frozen=True)
class Cell:
    """What names one figure. area_code: England's, a region's or an authority's; of a school its URN."""

    indicator: str
    area_code: str
    period: str
    staff_group: str = "all"
    phase: str = "all"


@dataclass(frozen=True)
class Provenance:
    """One figure with all that stands behind it.

    level: 'england' | 'region' | 'la' | 'school'; la_code: the authority, of a school its own, None of other areas;
    figure: a row of data_access.values.COLUMNS; about: a row of data_access.queries.indicators. imports: IMPORT, newest
    first; revisions: REVISION, newest first, the first is what is shown; looked_back: False where data versions older
    than the last of them were left out.
    """

    cell: Cell
    version: int
    level: str
    la_code: str | None
    figure: pd.Series
    about: pd.Series
    imports: pd.DataFrame
    revisions: pd.DataFrame
    looked_back: bool


def provenance(
    connection: Connection, cell: Cell, *, as_at: int | None = None, viewer: Viewer | None = None
) -> Provenance:
    """Where a figure comes from, as it stood at a data version; as_at None: now.

    viewer: who asks, None for whoever uses this service. What was never collected has a figure with the symbol z.
    Raises UnknownCode for what is not known, NotAllowed for a school that they may not see.
    """
    allowed = viewer or access.viewer()
    version = current_version(connection) if as_at is None else as_at
    as_at = versions.earlier(connection, as_at)
    about = _checked(connection, cell, as_at)
    level, la_code, area = _place(connection, cell.area_code, as_at, allowed)
    changed = _changed(connection, cell, level, la_code, version)
    nothing = _nothing(cell, level, area, about)
    figure, *rows = (
        found if (found := _figure(connection, cell, level, la_code, number, allowed)) is not None else nothing
        for number in (version, *changed[-MOST:])
    )
    return Provenance(
        cell=cell,
        version=version,
        level=level,
        la_code=la_code,
        figure=figure,
        about=about,
        imports=_imports(connection, cell, level, about, as_at),
        revisions=_revisions(connection, changed[-MOST:], rows),
        looked_back=len(changed) <= MOST,
    )


# What was asked for ---------------------------------------------------------------------------------------


def _checked(connection: Connection, cell: Cell, as_at: int | None) -> pd.Series:
    """The definition of the cell's indicator; raises UnknownCode for what is not known."""
    known = queries.indicators(connection, as_at).set_index("code", drop=False)
    for given, choices, what in (
        (cell.indicator, known.index, "indicator"),
        (cell.period, queries.periods(connection)["code"], "period"),
        (cell.staff_group, queries.staff_groups(connection)["code"], "staff group"),
        (cell.phase, PHASES, "phase"),
    ):
        areas.check(given, choices, what)
    return known[known["code"] == cell.indicator].iloc[0]


def _place(connection: Connection, code: str, as_at: int | None, allowed: Viewer) -> tuple[str, str | None, str]:
    """Level, authority and name of an area or a school; raises UnknownCode, or NotAllowed."""
    if code == ENGLAND_CODE:
        return "england", None, "England"
    for level, known in (("region", queries.regions(connection)), ("la", queries.authorities(connection))):
        names = dict(zip(known["code"], known["name"], strict=True))
        if code in names:
            return level, code if level == "la" else None, str(names[code])
    s = versions.table(school, as_at).c
    of_school = connection.execute(select(s.la_code, s.name).where(s.urn == code)).first()
    if of_school is None:
        raise UnknownCode(f"“{code[:40]}” is not a known area.", "Open the page that shows the figure and ask there.")
    allowed.check(str(of_school.la_code), ITS_AUTHORITY)
    return "school", str(of_school.la_code), str(of_school.name)


# The figure ------------------------------------------------------------------------------------------------


def _figure(
    connection: Connection, cell: Cell, level: str, la_code: str | None, version: int, allowed: Viewer
) -> pd.Series | None:
    """The published figure at a data version: a row of values.COLUMNS, None where there is none."""
    if cell.indicator not in set(queries.indicators(connection, versions.earlier(connection, version))["code"]):
        return None
    if level == "school":
        rows = school_values(
            connection,
            cell.indicator,
            la_code=la_code,
            staff_group=cell.staff_group,
            phase=cell.phase,
            as_at=version,
            viewer=allowed,
        )
    else:
        rows = area_values(
            connection,
            level,
            indicator=cell.indicator,
            staff_group=cell.staff_group,
            phase=cell.phase,
            as_at=version,
        )
    mine = rows[(rows["area_code"] == cell.area_code) & (rows["period"] == cell.period)]
    return mine.iloc[0] if len(mine) else None


def _nothing(cell: Cell, level: str, area: str, about: pd.Series) -> pd.Series:
    """The row of what was never collected, in the columns that are read of a figure."""
    return pd.Series(
        dict.fromkeys([*NUMBERS, "coverage"], np.nan)
        | {"level": level, "area_code": cell.area_code, "area": area, "indicator": cell.indicator}
        | {"period": cell.period, "symbol": "z", "reason": "not collected here in this period", "unit": about["unit"]}
        | {"published_rate": False, "status": "none"}
    )


# The imports -----------------------------------------------------------------------------------------------


def _imports(connection: Connection, cell: Cell, level: str, about: pd.Series, as_at: int | None) -> pd.DataFrame:
    """IMPORT: every import that gave a row of the figure, or one that it would have.

    rows: those that count; replaced: those that counted once; confirmed: those that count and that it held, too, though
    another had brought them. status: one of STATUSES, as at the data version.
    """
    o, c = observation.c, confirmation.c
    now, past = text("to_version IS NULL"), text("to_version IS NOT NULL")  # word for word the indexes' conditions
    there: list[ColumnElement[bool]] = [] if as_at is None else [o.from_version <= as_at]
    counting = o.to_version.is_(None) if as_at is None else or_(o.to_version.is_(None), o.to_version > as_at)
    each = case((counting, 1), else_=0)
    given = select(o.import_id, func.sum(each).label("rows"), func.sum(1 - each).label("replaced"))
    confirms = select(c.import_id, func.count().label("confirmed")).join(observation, o.id == c.observation_id)
    confirms = confirms.where(counting).group_by(c.import_id)
    counts, held = [], []
    for mine in _of_cell(connection, cell, level, about, as_at):
        for when in (now, past):
            counts.append(bulk.frame(connection, given.where(when, *mine, *there).group_by(o.import_id)))
            held.append(bulk.frame(connection, confirms.where(when, *mine, *there)))
    both = (pd.concat(parts).groupby("import_id").sum() for parts in (counts, held))
    found = pd.concat(list(both), axis=1).reindex(columns=["rows", "replaced", "confirmed"]).fillna(0).astype(int)
    i = import_.c
    made = bulk.frame(connection, select(import_).where(i.id.in_([int(number) for number in found.index])))
    made = made.drop(columns="rows").merge(found, left_on="id", right_index=True)
    if as_at is not None:
        made = made[made["data_version"] <= as_at]
        later = made["undone_version"].astype(float) > as_at
        made = made.assign(**{name: made[name].where(~later) for name in ("undone_version", "undone_at", "undone_by")})
    status = [made["undone_version"].notna(), made["rows"] > 0, made["confirmed"] > 0]
    made["status"] = np.select(status, ["undone", "counts", "confirms"], "replaced")
    for name in ("imported_at", "undone_at"):
        made[name] = pd.to_datetime(made[name], utc=True)
    return made.sort_values("id", ascending=False, ignore_index=True)[IMPORT]


def _of_cell(
    connection: Connection, cell: Cell, level: str, about: pd.Series, as_at: int | None
) -> list[list[ColumnElement[bool]]]:
    """The conditions that an observation is the figure as others published it, or one that the figure is made from.

    One list of conditions for each query to run, so that each finds its rows by the index.
    """
    o = observation.c
    tree = queries.staff_groups(connection)
    parents = {
        str(code): None if pd.isna(parent) else str(parent) for code, parent in tree[["code", "parent"]].to_numpy()
    }
    groups = [code for code in parents if cell.staff_group in with_ancestors([code], parents)]
    common = [o.indicator == cell.indicator, o.period == cell.period, o.staff_group.in_(groups)]
    itself = [o.level == level, o.unit_code == cell.area_code]
    if cell.phase != "all" and level != "school":
        itself.append(o.phase == cell.phase)
    source = str(about["collected_from"])
    if level in ("school", source) or source == "published":
        return [[*common, *itself]]
    return [[*common, *itself], [*common, *_units(cell, level, source, as_at)]]


def _units(cell: Cell, level: str, source: str, as_at: int | None) -> list[ColumnElement[bool]]:
    """The conditions that an observation is of a school, or of an authority, in the cell's area."""
    o, la = observation.c, local_authority.c
    mine = [o.level == source]
    there = None if level == "england" else select(la.code)
    if there is not None:
        there = there.where(la.code == cell.area_code if level == "la" else la.region_code == cell.area_code)
    if source == "la":
        mine += [] if there is None else [o.unit_code.in_(there)]
        return mine if cell.phase == "all" else [*mine, o.phase == cell.phase]
    if there is None and cell.phase == "all":
        return mine
    s = versions.table(school, as_at).c
    schools = select(s.urn)
    schools = schools if there is None else schools.where(s.la_code.in_(there))
    schools = schools if cell.phase == "all" else schools.where(s.phase == cell.phase)
    return [*mine, o.unit_code.in_(schools)]


# What it was before ----------------------------------------------------------------------------------------


def _changed(connection: Connection, cell: Cell, level: str, la_code: str | None, version: int) -> list[int]:
    """The data versions up to one, in order, since each of which the figure may be another; those that can be shown."""
    la, o = local_authority.c, observation.c
    of_sums = {"indicator": cell.indicator, "period": cell.period, "staff_group": cell.staff_group}
    queries_of: list[Select] = []
    for table in (summary, summary_past):
        mine = [table.c[name] == value for name, value in of_sums.items()]
        mine += [table.c.phase == cell.phase] if level != "school" else []
        if la_code is not None:
            mine.append(table.c.la_code == la_code)
        elif level == "region":
            mine.append(table.c.la_code.in_(select(la.code).where(la.region_code == cell.area_code)))
        queries_of += [select(table.c[name]).where(*mine) for name in _times(table.c)]
    for table in (withheld, withheld_past):
        mine = [table.c[name] == value for name, value in of_sums.items()]
        mine += [table.c.phase == cell.phase, table.c.area_code == cell.area_code]
        queries_of += [select(table.c[name]).where(*mine) for name in _times(table.c)]
    for table in (threshold, threshold_past):
        mine = [table.c.indicator.in_(["", cell.indicator])]
        queries_of += [select(table.c[name]).where(*mine) for name in _times(table.c)]
    itself = [o.indicator == cell.indicator, o.period == cell.period, o.level == level, o.unit_code == cell.area_code]
    queries_of += [
        select(o[name]).where(text(f"to_version IS {when}"), *itself)
        for when in ("NULL", "NOT NULL")
        for name in _times(o)
    ]
    found = {number for query in queries_of for number in connection.execute(query.distinct()).scalars()}
    v = data_version.c
    shown = set(connection.execute(select(v.number).where(v.kept, v.number <= version)).scalars())
    return sorted(int(number) for number in found & shown)


def _times(columns) -> list[str]:  # type: ignore[no-untyped-def]
    return [name for name in ("from_version", "to_version") if name in columns]


def _revisions(connection: Connection, changed: list[int], rows: list[pd.Series]) -> pd.DataFrame:
    """REVISION: the published figure since each data version in which it became another, newest first.

    Versions from before there was anything are left out.
    """
    v = data_version.c
    made = bulk.frame(connection, select(v.number, v.made_at, v.reason).where(v.number.in_(changed)))
    about = made.assign(made_at=pd.to_datetime(made["made_at"], utc=True)).set_index("number")
    found: list[dict[str, object]] = []
    before: pd.Series | None = None
    for number, row in zip(changed, rows, strict=True):
        there = row["symbol"] != "z" if before is None else not _same(before, row)
        if there:
            when = {"version": number, "made_at": about["made_at"][number], "reason": about["reason"][number]}
            found.append(when | {name: row[name] for name in (*NUMBERS, "symbol")})
            before = row
    return pd.DataFrame(found[::-1], columns=REVISION)


def _same(before: pd.Series, after: pd.Series) -> bool:
    """Whether two published figures are one and the same."""
    old, new = (row[NUMBERS].to_numpy(dtype=float) for row in (before, after))
    return before["symbol"] == after["symbol"] and bool(
        np.isclose(old, new, rtol=TOLERANCE, atol=0, equal_nan=True).all()
    )
