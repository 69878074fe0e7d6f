"""The intruder in front of the real database: he reads all that is published, at every data version, and subtracts.

What the test knows is made here, school by school; what he sees is what `values` gives for every area, phase and staff
group. Where a figure is shown it has to be the true one; where it is hidden, nothing may tell it.
"""

import itertools
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Engine, delete

from data_access import quality, revisions, schema, versions, withholding
from data_access.engine import current_version, get_engine, reading, writing
from data_access.imports import import_file
from data_access.places import ENGLAND_CODE
from data_access.thresholds import set_threshold
from data_access.undo import undo
from data_access.values import area_values, school_values
from measures.disclosure import publish
from measures.intervals import with_interval
from measures.sums import SUMS
from tests.conftest import sqlite_url
from tests.data_access.files import HEADER, definition, line, mapping, write
from tests.measures.intruder import Table, Tree, Version, recovered, recovered_over_versions
from tests.measures.test_protection import given_away

LONDON, YORKSHIRE, NORTH_EAST = "E12000007", "E12000003", "E12000001"
REGION_OF = {
    "202": LONDON,
    "302": LONDON,
    "304": LONDON,
    "383": YORKSHIRE,
    "380": YORKSHIRE,
    "390": NORTH_EAST,
}  # the authorities that report: Camden, Barnet, Brent, Leeds, Bradford, Gateshead
REGIONS = list(dict.fromkeys(REGION_OF.values()))
PHASES: Tree = {"all": None, "primary": "all", "secondary": "all", "special": "all"}
LEAF_PHASES = ["primary", "secondary", "special"]
SCHOOLS = {"primary": 4, "secondary": 3, "special": 2}  # of each authority, beside those of the filled database
GROUPS: list[Tree] = [
    {"all": None},
    {"all": None, "teachers": "all", "support_staff": "all"},
    {"all": None, "teachers": "all", "early_career_teachers": "teachers", "experienced_teachers": "teachers"},
    {"all": None, "teachers": "all", "support_staff": "all", "catering": "support_staff", "site": "support_staff"},
]
FEWEST_PEOPLE, FEWEST_UNITS = 10, 3
TOLD = [
    "value", "lower", "upper", "lower_998", "upper_998", "numerator", "denominator", "n_eff", "progress",
]  # fmt: skip
PLACE = [*HEADER[:10], "school_urn", "school_laestab", "school_name"]
BASELINE, LATER = "200910", "201112"
Unit = tuple[str, str, str]  # authority, phase, and the school's number or the authority's code
Counts = dict[tuple[Unit, str], tuple[int, int]]  # (unit, staff group) → numerator, denominator


def school(la: str, phase: str, number: int) -> Unit:
    """One of the schools that only this test has."""
    return la, phase, f"{990000 + 100 * list(REGION_OF).index(la) + 10 * LEAF_PHASES.index(phase) + number}"


REGISTER = [school(la, phase, n) for la in REGION_OF for phase, count in SCHOOLS.items() for n in range(count)]


def leaves(tree: Tree) -> list[str]:
    return [node for node in tree if node not in tree.values()]


@dataclass(frozen=True, eq=False)
class Kind:
    """What an indicator is: its code, from whom it is collected, what it divides by, and for which staff groups."""

    code: str
    collected_from: str
    counts: str
    unit: str
    groups: Tree
    scope: str = "England"

    def item(self, **more: object) -> dict:
        """Its part of a mapping."""
        about = definition(
            self.code, collected_from=self.collected_from, denominator_counts=self.counts, unit=self.unit,
            staff_groups=leaves(self.groups), scope=self.scope, **more,
        )  # fmt: skip
        return {"indicator": self.code, "numerator": f"{self.code}_n", "denominator": f"{self.code}_d", "define": about}

    @property
    def table(self) -> Table:
        """How its figures add up."""
        region_of = np.array([REGIONS.index(region) for region in REGION_OF.values()])
        return Table(region_of, len(REGIONS), PHASES, self.groups, england=self.scope == "England")


Each = dict[Kind, Counts]


class Published:
    """A database of the test's own, a copy of a file or an engine, and what it has published."""

    def __init__(self, source: Path | Engine, folder: Path) -> None:
        own = isinstance(source, Engine)
        self.engine: Engine = source if own else get_engine(sqlite_url(shutil.copy(source, folder / "own.db")))
        self.folder, self.number = folder, 0

    def bring(self, each: Each, period: str = LATER, level: str | None = None, **more: object) -> int:
        """Import counts of some indicators, all from schools or all from authorities; the import's number.

        What one has and another has not is 'z' for the other.
        """
        self.number += 1
        kinds, keys = list(each), list(dict.fromkeys(key for counts in each.values() for key in counts))
        named = level or {"school": "School"}.get(kinds[0].collected_from, "Local authority")
        rows = []
        for key in keys:
            (la, phase, unit), group = key
            start = line(["", "", la, "", ""], 0, 0, period, named)[:10]
            where = [unit, f"{la}{unit[-4:]}", f"School {unit}"] if named == "School" else [""] * 3
            figures = [str(value) for kind in kinds for value in each[kind].get(key, ("z", "z"))]
            rows.append([*start, *where, phase, group, *figures])
        columns = [f"{kind.code}_{name}" for kind in kinds for name in ("n", "d")]
        path = write(self.folder / f"{self.number}.csv", rows, [*PLACE, "phase", "group", *columns])
        filters = {
            "group": {"role": "staff_group", "values": {group: group for kind in kinds for group in kind.groups}},
            "phase": {"role": "phase", "values": {phase: phase for phase in PHASES}},
        }
        items = [kind.item(**more) for kind in kinds]
        made = import_file(self.engine, path, None, mapping(indicators=items, filters=filters, new_schools="add"))
        assert made.import_id is not None
        return made.import_id

    @property
    def version(self) -> int:
        with reading(self.engine) as connection:
            return current_version(connection)

    def cells(self, groups: Tree, as_at: int | None = None, period: str = "2011/12") -> pd.DataFrame:
        """Everything that is published of a period: indicator, area_code, phase, staff_group → columns of values."""
        with reading(self.engine) as connection:
            found = [
                area_values(connection, "la", "region", "england", phase=phase, staff_group=group, as_at=as_at)
                for phase in PHASES
                for group in groups
            ]
        rows = pd.concat([part for part in found if len(part)], ignore_index=True)
        return rows[rows["period"] == period].set_index(["indicator", "area_code", "phase", "staff_group"])


def truth(kind: Kind, counts: Counts) -> tuple[np.ndarray, np.ndarray]:
    """Numerator and denominator of authorities × leaf columns."""
    columns = list(itertools.product(LEAF_PHASES, leaves(kind.groups)))
    n, d = np.zeros((2, len(REGION_OF), len(columns)))
    for ((la, phase, _), group), (top, base) in counts.items():
        at = list(REGION_OF).index(la), columns.index((phase, group))
        n[at] += top
        d[at] += base
    return n, d


def attacked(kind: Kind, cells: pd.DataFrame, counts: Counts) -> Version:
    """The version as the intruder has it; what is shown is true, and what is hidden tells nothing."""
    table, (n, d) = kind.table, truth(kind, counts)
    sums = table.add_up(n), table.add_up(d)
    areas = [*REGION_OF, *REGIONS, ENGLAND_CODE]
    columns = list(itertools.product(PHASES, kind.groups))
    hide = np.zeros(sums[0].shape, dtype=bool)
    for at, area in enumerate(areas):
        for column, (phase, group) in enumerate(columns):
            true = sums[0][at, column], sums[1][at, column]
            if (area, phase, group) not in cells.index:
                assert kind.scope != "England"
                assert area == ENGLAND_CODE or true[1] == 0
                continue
            row = cells.loc[(area, phase, group)]
            hide[at, column] = row["symbol"] == "c"
            if hide[at, column]:
                assert true[1] > 0, "an empty cell is said to be confidential"
                assert row[TOLD].isna().all(), f"{area}, {phase}, {group} is suppressed and tells {row[TOLD].dropna()}"
                assert row["status"] == "none"
            elif true[1] > 0:
                assert (row["numerator"], row["denominator"]) == true
            else:
                assert pd.isna(row["value"])
    assert not (sensitive(kind, counts) & ~hide).any(), "a sensitive cell is shown"
    return Version(n, d, hide)


def told_away(kind: Kind, versions_: list[Version]) -> bool:
    """Whether the first version determines a hidden cell, or all together one that hiding more could have kept."""
    alone = recovered_over_versions(kind.table, versions_[:1])[0]
    return bool(alone.any()) or given_away(kind.table, versions_)


def sensitive(kind: Kind, counts: Counts) -> np.ndarray:
    """Areas × columns: True for few people, or few schools."""
    table, (_, d) = kind.table, truth(kind, counts)
    there = table.add_up(d) > 0
    there[-1] &= table.england
    found = np.zeros_like(there)
    if kind.counts == "people":
        found |= table.add_up(d) < FEWEST_PEOPLE
    if kind.collected_from == "school":
        found |= units(kind, counts) < FEWEST_UNITS
    return found & there


def units(kind: Kind, counts: Counts) -> np.ndarray:
    """Areas × columns: how many schools have anything there."""
    nodes = list(kind.groups)
    made = np.zeros((len(REGION_OF), len(PHASES), len(nodes)))
    there: set[tuple[Unit, str]] = set()
    for (unit, group), (_, d) in counts.items():
        node: str | None = group
        while d and node is not None:
            there.add((unit, node))
            node = kind.groups[node]
    for (la, phase, _), node in there:
        for of in (phase, "all"):
            made[list(REGION_OF).index(la), list(PHASES).index(of), nodes.index(node)] += 1
    return kind.table.areas @ made.reshape(len(REGION_OF), -1)


def drawn(kind: Kind, rng: np.random.Generator, las: list[str] | None = None) -> Counts:
    """Figures of some units: of small schools and places, so that much has to be hidden."""
    reported = rng.choice([0.5, 0.8, 1.0])
    of_las = [(la, phase, la) for la in REGION_OF for phase in LEAF_PHASES]
    made: Counts = {}
    for unit in REGISTER if kind.collected_from == "school" else of_las:
        if (las is not None and unit[0] not in las) or (kind.scope == "London" and REGION_OF[unit[0]] != LONDON):
            continue
        for group in leaves(kind.groups):
            if rng.random() < reported:
                d = 1 if kind.counts == "schools" else int(rng.integers(1, 12 if rng.random() < 0.6 else 60))
                n = int(rng.integers(0, 90)) if kind.unit == "gbp" else int(rng.binomial(d, 0.5))
                made[unit, group] = n, d
    return made


def made_of_places(small_database: Path, folder: Path) -> Path:
    """A database with the places, the schools of REGISTER, and no indicator of the strategy: they take time to read."""
    made = Published(small_database, folder)
    s = schema
    with writing(made.engine) as connection:
        for table in (s.confirmation, s.quality_check, s.observation, s.summary, s.summary_past, s.withheld):
            connection.execute(delete(table))
        for table in (s.withheld_past, s.target, s.threshold, s.indicator):
            connection.execute(delete(table))
    nothing = Kind("extra_none", "school", "other", "percent", {"all": None})
    made.bring({nothing: {(unit, "all"): (1, 2) for unit in REGISTER}}, "200607")
    with made.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    made.engine.dispose()
    return folder / "own.db"


@pytest.fixture
def made(registered: Path, tmp_path: Path) -> Published:
    return Published(registered, tmp_path)


SHAPES = [
    ("people", "percent", "school", "England"),
    ("people", "percent", "school", "London"),
    ("people", "percent", "la", "England"),
    ("other", "gbp", "school", "England"),
    ("schools", "percent", "school", "England"),
]


@pytest.mark.parametrize("seed", range(2))
def test_no_version_and_no_two_give_a_hidden_cell_away(made: Published, seed: int) -> None:
    """First figures, then late returns and revisions of an authority or two, then those undone: nine indicators."""
    rng, groups = np.random.default_rng(seed), GROUPS[2 - seed]
    kinds = [Kind(f"extra_{at}", source, counts, unit, groups, scope)
             for at, (counts, unit, source, scope) in enumerate([*SHAPES, *SHAPES[:4]])]  # fmt: skip
    told: Each = {kind: {} for kind in kinds}
    states: list[tuple[int, Each]] = []
    numbers: list[int] = []
    for step in range(2):
        some = None if step == 0 else list(rng.choice(list(REGION_OF), rng.integers(1, 3), replace=False))
        for source in ("school", "la"):
            brought = {kind: drawn(kind, rng, some) for kind in kinds if kind.collected_from == source}
            numbers.append(made.bring(brought))
            keys = {key for counts in brought.values() for key in counts}
            for kind, counts in brought.items():
                told[kind] = {key: pair for key, pair in told[kind].items() if key not in keys} | counts
        states.append((made.version, dict(told)))
    for number in numbers[2:]:
        undo(made.engine, number, "a tester")
    states.append((made.version, states[0][1]))
    tables = [made.cells(groups, number) for number, _ in states]
    hidden = 0
    for kind in kinds:
        versions = [
            attacked(kind, cells.loc[kind.code], of[kind]) for cells, (_, of) in zip(tables, states, strict=True)
        ]
        # What was undone is the first table again: nothing may be shown of it now that was hidden then.
        for order in ([0, 1, 2], [0, 2, 1]):
            assert not told_away(kind, [versions[at] for at in order]), f"{kind}, versions in order {order}"
        hidden += sum(int(version.hide.sum()) for version in versions)
    assert hidden > 100


def test_without_secondary_suppression_he_would(made: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the test above finds what there is to find."""
    monkeypatch.setattr(withholding, "protect_twice", lambda _n, _d, must, *_, **__: (must, must))
    kind = Kind("extra_one", "school", "people", "percent", GROUPS[1])
    counts = drawn(kind, np.random.default_rng(0))
    made.bring({kind: counts})
    assert told_away(kind, [attacked(kind, made.cells(kind.groups).loc[kind.code], counts)])


def of_authorities(figures: dict[str, tuple[int, int]], phase: str = "all") -> Counts:
    """Authority → numerator, denominator."""
    return {((la, phase, la), "all"): pair for la, pair in figures.items()}


def test_a_suppressed_baseline_is_told_by_nothing_that_starts_from_it(made: Published) -> None:
    """Progress, target and expected value together would give it away, and so would each later status."""
    kind = Kind("extra_one", "la", "people", "percent", GROUPS[0])
    target = {"period": "2011/12", "value": 90}
    made.bring({kind: of_authorities({"202": (3, 7), "302": (9, 30), "304": (50, 300)})}, BASELINE, target=target)
    made.bring({kind: of_authorities({"202": (25, 50), "302": (19, 40), "304": (60, 300)})}, target=target)
    start = made.cells(kind.groups, period="2009/10").loc[kind.code].xs(("all", "all"), level=("phase", "staff_group"))
    later = made.cells(kind.groups).loc[kind.code].xs(("all", "all"), level=("phase", "staff_group"))
    assert (start["symbol"] == "c").sum() == 2
    for area, row in later.loc[list(start.index[start["symbol"] == "c"])].iterrows():
        assert pd.notna(row["value"]), area
        assert row[["baseline", "expected", "progress"]].isna().all(), area
        assert row["status"] == "none", area
    assert later.loc["304", ["baseline", "expected", "progress"]].notna().all()
    with reading(made.engine) as connection:
        number = connection.exec_driver_sql("select max(id) from import").scalar_one()
        kept = [check.rows for check in quality.checks(connection, number)]
    small = [rows[rows["area_code"] == "202"].drop(columns=["period_before"], errors="ignore") for rows in kept]
    for rows in small:
        assert rows.select_dtypes("number").isna().all(axis=None), rows.to_dict("records")


def test_a_version_s_suppressed_figure_is_blank_beside_the_other_version_s(made: Published) -> None:
    kind = Kind("extra_one", "la", "people", "percent", GROUPS[0])
    made.bring({kind: of_authorities({"202": (3, 7), "302": (9, 30), "304": (50, 300)})})
    before = made.version
    made.bring({kind: of_authorities({"202": (25, 50), "302": (11, 31)})})
    with reading(made.engine) as connection:
        rows = revisions.between(connection, before, made.version, level="la").set_index("area_code")
    assert rows.loc["202", "symbol_before"] == "c"
    for side in ("before", "after"):
        hidden = rows[rows[f"symbol_{side}"] == "c"]
        assert hidden[[f"{name}_{side}" for name in ("value", "numerator", "denominator")]].isna().all(axis=None)
        assert hidden["change"].isna().all()


def test_a_milder_rule_does_not_choose_another_cell_for_protection(made: Published) -> None:
    """What is still too few has to keep the partner that it had: else each version shows what the other hides."""
    kind = Kind("extra_one", "school", "other", "gbp", GROUPS[0])
    sizes = {"202": [500], "302": [200, 200], "304": [8, 8, 8, 8], "380": [90, 90, 90]}
    counts: Counts = {
        (school(la, "primary", at), "all"): (7 * at + d, d) for la, each in sizes.items() for at, d in enumerate(each)
    }
    made.bring({kind: counts})
    before = made.version
    set_threshold(made.engine, "fewest_units", 2, indicator=kind.code, by="a tester")
    tables = [made.cells(kind.groups, number).loc[kind.code] for number in (before, None)]
    area = [(la, "primary", "all") for la in sizes if REGION_OF[la] == LONDON]
    assert all(table.loc[area[0], "symbol"] == "c" for table in tables)
    in_either = tables[0].loc[area, "value"].notna() | tables[1].loc[area, "value"].notna()
    region = [table.loc[(LONDON, "primary", "all"), "value"] for table in tables]
    rest = in_either.drop(area[0])
    assert not (rest.all() and pd.notna(region).any()), "the region less what either version shows is the one school"


def test_the_interval_of_a_total_gives_no_part_away(made: Published) -> None:
    """The limits of a region's interval tell how unlike its authorities are: with two hidden, one more equation.

    The intruder tries every count below ten people and looks whether the effective number is the published one.
    """
    kind = Kind("extra_one", "la", "people", "percent", GROUPS[0])
    told = {"202": (3, 7), "302": (36, 40), "304": (30, 300)}
    made.bring({kind: of_authorities(told)})
    rows = made.cells(kind.groups).loc[kind.code].xs(("all", "all"), level=("phase", "staff_group"))
    assert rows.loc["202", "symbol"] == "c"
    open_ = [pair for la, pair in told.items() if rows.loc[la, "symbol"] != "c"]
    region = rows.loc[LONDON]
    if region["symbol"] == "c" or len(open_) != len(told) - 2:
        return
    n, d = region["numerator"] - sum(top for top, _ in open_), region["denominator"] - sum(base for _, base in open_)
    tries = [(top, base) for base in range(1, FEWEST_PEOPLE) for top in range(base + 1) if top <= n]
    sums = []
    for top, base in tries:
        parts = np.array([*open_, (top, base), (n - top, d - base)], dtype=float)
        x, y = parts.T
        sums.append([len(parts), x.sum(), y.sum(), x @ x, x @ y, y @ y])
    frame = with_interval(pd.DataFrame(sums, columns=SUMS).assign(unit="percent"))
    told_of = dict.fromkeys(("denominator_counts", "collected_from", "level"), "other") | {"fewest_people": 0}
    seen = publish(frame.assign(**told_of, fewest_units=0, symbol=""))
    fits = np.logical_and.reduce([np.isclose(seen[name], region[name]) for name in ("n_eff", "lower", "upper")])
    fitting = [pair for pair, fit in zip(tries, fits, strict=True) if fit]
    assert told["202"] in fitting
    assert len(fitting) > 1, f"only {fitting} fits the region's interval"


@pytest.mark.parametrize("over", ["phases", "areas"])
def test_figures_that_others_published_give_no_hidden_one_away(made: Published, over: str) -> None:
    """What is not pooled here, but published for areas with its counts: totals beside their parts."""
    kind = Kind("extra_one", "published", "people", "percent", GROUPS[0])
    if over == "phases":
        figures = {"primary": (20, 60), "secondary": (30, 50), "special": (3, 7), "all": (53, 117)}
        counts = {((la, phase, la), "all"): pair for la in ("202", "302") for phase, pair in figures.items()}
        counts |= of_authorities({"302": (9, 20)}, "special") | of_authorities({"302": (59, 130)})
    else:
        counts = of_authorities({"202": (3, 7), "302": (9, 20), "304": (50, 300)})
    made.bring({kind: counts})
    rows = made.cells(kind.groups).loc[kind.code]
    shown = rows[rows["value"].notna()]
    assert rows.loc[("202", "special" if over == "phases" else "all", "all"), "symbol"] == "c"
    if over == "phases":
        for la in ("202", "302"):
            parts = [(la, phase, "all") for phase in PHASES]
            assert sum(part not in shown.index for part in parts) != 1, f"of {la} one of {parts} is the rest"
    else:
        assert len(shown) == 1


def test_a_check_does_not_tell_the_baseline_that_protects_another(made: Published) -> None:
    """Barnet's published baseline is suppressed for Camden's sake: a target behind it must not show it."""
    kind = Kind("extra_one", "published", "people", "percent", GROUPS[0])
    made.bring({kind: of_authorities({"202": (3, 7), "302": (9, 20), "304": (50, 300)})}, BASELINE)
    cells = made.cells(kind.groups, period="2009/10").loc[kind.code]
    assert cells.loc[("302", "all", "all"), "symbol"] == "c"
    brought = pd.DataFrame([(kind.code, "la", la, "2011/12", 1.0) for la in ("202", "302", "304")],
                           columns=["indicator", "area_level", "area_code", "period", "value"])  # fmt: skip
    with writing(made.engine) as connection:
        number = versions.next_version(connection, "Targets")
        versions.change(connection, schema.target, brought, number)
        (found,) = quality.of_targets(connection, number)
    rows = found.rows.set_index("area_code")
    assert rows.loc["304", "baseline"] == pytest.approx(50 / 3)
    assert rows.loc["202", ["target", "baseline"]].isna().all()
    assert rows.loc["302", ["target", "baseline"]].isna().all()


@pytest.mark.parametrize("seed", range(2))
def test_no_school_s_hidden_figure_follows_from_other_schools_and_the_authority(made: Published, seed: int) -> None:
    """Schools × staff groups, and the authority's phases × staff groups, of one indicator and period."""
    kind = Kind("extra_one", "school", "people", "percent", GROUPS[1])
    counts = drawn(kind, np.random.default_rng(seed), ["202"])
    made.bring({kind: counts})
    cells = made.cells(kind.groups).loc[kind.code].loc["202"]
    number = {key: at for at, key in enumerate(counts)}
    shown, hidden = [], []

    def equation(row: pd.Series, group: str, those: Callable[[Unit], bool]) -> None:
        parts = [at for (unit, leaf), at in number.items() if those(unit) and group in (leaf, kind.groups[leaf])]
        if parts:
            (hidden if row["symbol"] == "c" else shown).append(np.isin(np.arange(len(number)), parts).astype(int))

    for (phase, group), row in cells.iterrows():
        equation(row, group, lambda unit, phase=phase: phase in (unit[1], "all"))
    hidden.clear()  # those of the authority are looked at elsewhere
    with reading(made.engine) as connection:
        for group in kind.groups:
            schools = school_values(connection, kind.code, la_code="202", staff_group=group)
            for how in ({"la_code": None}, {"phase": "primary"}):  # asked otherwise, the same has to be hidden
                others = school_values(connection, kind.code, **{"la_code": "202"} | how, staff_group=group)
                both = schools.merge(others, on=["area_code", "period"])
                assert len(both)
                assert (both["symbol_x"] == both["symbol_y"]).all(), how
            for _, row in schools[schools["period"] == "2011/12"].iterrows():
                equation(row, group, lambda unit, urn=row["area_code"]: unit[2] == urn)
    assert len(hidden) > 3
    assert len(shown) > 3
    lost = recovered(np.array(shown), np.array(hidden))
    assert not lost.any(), f"{int(lost.sum())} of {len(lost)} hidden school figures follow from what is shown"
