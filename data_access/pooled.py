"""What areas are measured from: the six sums of several levels, read once and added up, and what others published."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Select, and_, func, not_, select, text

from data_access import bulk, versions, withholding
from data_access.errors import UnknownCode
from data_access.places import ENGLAND_CODE
from data_access.schema import local_authority, observation, period, region, summary
from measures.sums import SUMS
from measures.thresholds import THRESHOLDS

# Of an indicator: what its figures are measured by.
DESCRIBED = ["unit", "better", "frequency", "collected_from", "denominator_counts", *THRESHOLDS]
COUNTED = ["expected_units", *SUMS]
GIVEN = ["rate", "given_n", "given_d"]
AREA = ["level", "area_code", "area", "region_code", "region", "la_code"]
FINEST = ("la", "region", "england")  # a level's sums are those of any finer one, added up


def cells(
    connection: Connection,
    levels: Sequence[str],
    about: pd.DataFrame,
    *,
    staff_group: str,
    phase: str,
    indicator: str | None,
    as_at: int | None,
) -> pd.DataFrame:
    """One row an area of the levels × indicator in its scope × period that it was collected in, or published for.

    about: data_access.queries.indicators, those wanted. By level as asked, area by name, indicator and period.

    Columns: level, area_code, area, region_code, la_code; indicator, period, position, DESCRIBED; COUNTED, the sums,
    NaN where there is no summary; GIVEN and given_symbol, what was published for the area itself; hidden (bool), True
    where the cell was decided not to be shown, or was not decided.
    """
    areas = _areas(connection, levels)
    sums = _sums(connection, levels, staff_group, phase, indicator, as_at)
    given = _published(connection, levels, about, staff_group, phase, as_at)
    withheld = withholding.of_areas(connection, staff_group, phase, None if indicator is None else [indicator], as_at)
    whole = (staff_group, phase) == ("all", "all")
    pooled = sums[["indicator", "period"]].drop_duplicates() if whole else collected(connection, indicator, as_at)
    pairs = with_time(connection, pd.concat([pooled, given[["indicator", "period"]]]), about)
    grid = Grid(areas, pairs)
    numbers, hidden = _added_up(grid, sums, levels)
    hidden[grid.flat(withheld["area_code"], grid.pairs_of(withheld))[1]] = True
    there, told = grid.flat(given["area_code"], grid.pairs_of(given))
    numbers |= {name: _spread(told, given[name].to_numpy(dtype=float)[there], len(hidden)) for name in GIVEN}
    symbol = np.full(len(hidden), None, dtype=object)
    symbol[told] = given["given_symbol"].to_numpy(dtype=object)[there]
    kept = np.flatnonzero(_wanted(grid, pooled, told))
    return pd.concat(
        [
            areas.drop(columns="region").take(kept // len(pairs)).reset_index(drop=True),
            pairs.drop(columns="scope").take(kept % len(pairs)).reset_index(drop=True),
            pd.DataFrame(
                {name: column[kept] for name, column in numbers.items()}
                | {"given_symbol": pd.Series(symbol[kept], dtype=object), "hidden": hidden[kept]}
            ),
        ],
        axis=1,
    )


class Grid:
    """Every area × every pair of indicator and period, numbered row by row."""

    def __init__(self, areas: pd.DataFrame, pairs: pd.DataFrame) -> None:
        self.areas, self.pairs = areas, pairs
        self.place, self.pair = Numbers(areas["area_code"]), Numbers(pairs["indicator"], pairs["period"])
        self.shape = len(areas), len(pairs)

    def pairs_of(self, rows: pd.DataFrame) -> np.ndarray:
        """The number of each row's pair, −1 where it is none of the grid's."""
        return self.pair.of(rows["indicator"], rows["period"])

    def flat(self, area: pd.Series, of: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Which rows, with these areas and pairs, lie in the grid, and the number of the cell of each of those."""
        where = self.place.of(area)
        there = np.flatnonzero((where >= 0) & (of >= 0))
        return there, where[there] * self.shape[1] + of[there]


def _added_up(grid: Grid, sums: pd.DataFrame, levels: Sequence[str]) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """COUNTED of each cell, NaN where there is no summary, and which cells of authorities are hidden.

    Each row of sums counts in its authority, in its region and in England.
    """
    of = grid.pairs_of(sums)
    found = {level: grid.flat(sums[f"{level}_code"], of) for level in levels}
    rows, cells_of = (np.concatenate(parts) for parts in zip(*found.values(), strict=True))
    there = np.bincount(cells_of, minlength=grid.shape[0] * grid.shape[1]) > 0
    numbers = {
        name: np.where(there, np.bincount(cells_of, sums[name].to_numpy(dtype=float)[rows], len(there)), np.nan)
        for name in COUNTED
    }
    hidden = np.zeros(len(there), dtype=bool)
    if "la" in found:
        own, cell = found["la"]
        decided = sums["hidden"].to_numpy(dtype=object)
        # What was not decided is not shown.
        hide = np.where(decided == None, sums["units"].to_numpy() > 0, decided == True)  # noqa: E711, E712
        hidden[cell] = hide[own]
    return numbers, hidden


def _wanted(grid: Grid, pooled: pd.DataFrame, told: np.ndarray) -> np.ndarray:
    """Which cells a level has: those of pairs that were pooled, or that were published for one of its areas.

    told: the cells that something was published for.
    """
    wanted = np.zeros(grid.shape, dtype=bool)
    columns = grid.pair.of(pooled["indicator"], pooled["period"])
    wanted[:, columns[columns >= 0]] = True
    level = grid.areas["level"].to_numpy(dtype=object)
    for each_level in np.unique(level):
        mine = level == each_level
        published = told[mine[told // grid.shape[1]]] % grid.shape[1]
        wanted[np.ix_(mine, np.unique(published))] = True
    scope = grid.pairs["scope"].to_numpy(dtype=object)
    return wanted & ((scope == "England") | (scope == grid.areas["region"].to_numpy(dtype=object)[:, None]))


def collected(connection: Connection, indicator: str | None, as_at: int | None) -> pd.DataFrame:
    """Which indicator was collected in which period, pooled figures only: indicator, period."""
    s = versions.table(summary, as_at).c
    query = select(s.indicator, s.period).where(s.staff_group == "all", s.phase == "all").distinct()
    return bulk.frame(connection, query if indicator is None else query.where(s.indicator == indicator))


def each(connection: Connection, query: Select, as_at: int | None) -> pd.DataFrame:
    """A query of observations, for those that counted at a data version."""
    found = [bulk.frame(connection, query.where(*conditions)) for conditions in versions.observations(as_at)]
    return pd.concat([part for part in found if not part.empty] or found[:1], ignore_index=True)


class Numbers:
    """The place of each key, of one column or of two, among those listed; −1 where it is not: merging text is slow."""

    def __init__(self, *columns: pd.Series) -> None:
        self.names = [pd.Index(column.unique()) for column in columns]
        self.at = np.full([len(names) + 1 for names in self.names], -1)  # the last of each is what is not among them
        self.at[self._found(columns)] = np.arange(len(columns[0]))

    def of(self, *columns: pd.Series) -> np.ndarray:
        """The place of each row's key."""
        return self.at[self._found(columns)]

    def _found(self, columns: tuple[pd.Series, ...]) -> tuple[np.ndarray, ...]:
        return tuple(_place(column, names) for column, names in zip(columns, self.names, strict=True))


def _place(column: pd.Series, names: pd.Index) -> np.ndarray:
    """Where each value stands among the names, −1 where it does not; each different one is looked up once."""
    code, different = pd.factorize(column)
    return np.append(names.get_indexer(different), -1)[code]


def numbered(*columns: pd.Series | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The number of each row's key, and the first row of each key; keys of several columns, without making tuples."""
    code = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        of_column, names = pd.factorize(column)
        code = code * (len(names) + 1) + of_column
    _, first, number = np.unique(code, return_index=True, return_inverse=True)
    return number, first


def _spread(at: np.ndarray, values: np.ndarray, size: int) -> np.ndarray:
    made = np.full(size, np.nan)
    made[at] = values
    return made


def with_time(connection: Connection, listed: pd.DataFrame, about: pd.DataFrame) -> pd.DataFrame:
    """Each indicator × period once, by indicator and time: indicator, period, position, scope, DESCRIBED."""
    position = dict(connection.execute(select(period.c.code, period.c.position)).all())
    number = {code: at for at, code in enumerate(about["code"])}
    different = listed[["indicator", "period"]].drop_duplicates()
    pairs = sorted(
        (code, float(position[when]), when)
        for code, when in zip(different["indicator"], different["period"], strict=True)
        if code in number
    )
    codes, positions, periods = zip(*pairs, strict=True) if pairs else ((), (), ())
    described = about[["scope", *DESCRIBED]].iloc[[number[code] for code in codes]].reset_index(drop=True)
    # No text to infer the type from where there is none, or no direction.
    texts = {"indicator": pd.Series(codes, dtype="str"), "period": pd.Series(periods, dtype="str")}
    times = pd.DataFrame(texts | {"position": pd.Series(positions, dtype=float)})
    return pd.concat([times, described.astype({"better": "str"})], axis=1)


def _areas(connection: Connection, levels: Sequence[str]) -> pd.DataFrame:
    """AREA, region being its region's name, for scope: by level as asked, then by name. Raises UnknownCode."""
    la, r = local_authority.c, region.c
    queries = {
        "region": select(r.code, r.name, r.code, r.name),
        "la": select(la.code, la.name, la.region_code, r.name).join(region, r.code == la.region_code),
    }
    rows: list[tuple[str | None, ...]] = []
    for level in levels:
        if level == "england":
            rows.append((level, ENGLAND_CODE, "England", None, "", None))  # what is of one region has none for England
        elif level in queries:
            found = sorted(connection.execute(queries[level]).all(), key=lambda area: area[1])
            rows += [(level, *area, area[0] if level == "la" else None) for area in found]
        else:
            raise UnknownCode(f"“{level}” is not a level.", "Use england, region, la or school.")
    return pd.DataFrame(rows, columns=AREA, dtype="str")


def _sums(
    connection: Connection,
    levels: Sequence[str],
    staff_group: str,
    phase: str,
    indicator: str | None,
    as_at: int | None,
) -> pd.DataFrame:
    """COUNTED by indicator, period and area of the finest level; its code and those of the areas that it is in.

    Of authorities with hidden, None where it was not decided.
    """
    s, finest = versions.table(summary, as_at).c, min(levels, key=FINEST.index)
    of_these = [s.staff_group == staff_group, s.phase == phase]
    if indicator is not None:
        of_these.append(s.indicator == indicator)
    keys = [s.indicator, s.period]
    if finest == "la":
        query = select(*keys, s.la_code, *(s[name] for name in COUNTED), s.hidden).where(*of_these)
        rows = bulk.columns(connection, query, COUNTED)
        if "region" in levels:
            region_of = dict(connection.execute(select(local_authority.c.code, local_authority.c.region_code)).all())
            rows["region_code"] = rows["la_code"].map(region_of)
    else:
        query = select(*keys, *(func.sum(s[name]).label(name) for name in COUNTED)).where(*of_these)
        if finest == "region":
            region = local_authority.c.region_code
            query = query.add_columns(region).join(local_authority, local_authority.c.code == s.la_code)
            keys = [*keys, region]
        rows = bulk.frame(connection, query.group_by(*keys))
    return rows.assign(england_code=ENGLAND_CODE)


def _published(
    connection: Connection,
    levels: Sequence[str],
    about: pd.DataFrame,
    staff_group: str,
    phase: str,
    as_at: int | None,
) -> pd.DataFrame:
    """Figures published for the areas themselves: indicator, period, area_code, GIVEN, given_symbol.

    Counts that authorities return are not among them: they are in the sums.
    """
    o = observation.c
    returned = o.indicator.in_(about.loc[about["collected_from"] == "la", "code"].tolist())
    counted = and_(o.level == "la", returned, o.numerator.is_not(None), o.denominator.is_not(None))
    query = select(
        o.indicator,
        o.period,
        o.unit_code.label("area_code"),
        o.value.label("rate"),
        o.numerator.label("given_n"),
        o.denominator.label("given_d"),
        o.symbol.label("given_symbol"),
    ).where(
        text("level <> 'school'"),  # with the next, word for word the partial index's condition
        o.level.in_(levels),
        o.staff_group == staff_group,
        o.phase == phase,
        not_(counted),
    )
    if len(about) == 1:
        query = query.where(o.indicator == about["code"].iloc[0])
    return each(connection, query, as_at)
