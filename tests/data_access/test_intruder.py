"""The intruder in front of the real database: he reads all that is published, at every data version, and subtracts.

What the test knows is made here, school by school; what he sees is what `values` gives for every area, phase and staff
group. Where a figure is shown it has to be the true one; where it is hidden, nothing may tell it.
"""

import csv
import io
import itertools
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Engine, delete

from data_access import coverage, publish, quality, revisions, schema
from data_access.__main__ import main
from data_access.engine import current_version, get_engine, reading, writing
from data_access.imports import import_file
from data_access.places import ENGLAND_CODE
from data_access.settings import settings as configured
from data_access.undo import undo
from data_access.values import area_values, school_values
from tests.conftest import sqlite_url
from tests.data_access.files import HEADER, definition, line, mapping, write
from tests.measures.intruder import Table, Tree, Version, recovered
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
    """A database of the test's own, and what it has published."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.engine: Engine = get_engine(sqlite_url(shutil.copy(source, folder / "own.db")))
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
                area_values(connection, level, phase=phase, staff_group=group, as_at=as_at)
                for level in ("la", "region", "england")
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


@pytest.fixture(scope="module")
def registered(small_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the places, the schools of REGISTER, and no indicator of the strategy: they take time to read."""
    folder = tmp_path_factory.mktemp("registered")
    made = Published(small_database, folder)
    s = schema
    with writing(made.engine) as connection:
        for table in (s.confirmation, s.quality_check, s.observation, s.summary, s.summary_past, s.withheld):
            connection.execute(delete(table))
        for table in (s.withheld_past, s.target, s.threshold, s.indicator):
            connection.execute(delete(table))
    nothing = Kind("extra_none", "school", "other", "percent", {"all": None})
    undo(made.engine, made.bring({nothing: {(unit, "all"): (1, 2) for unit in REGISTER}}), "a tester")
    # The schools went with the import that brought them: they stay where others report for them.
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
    rng, groups = np.random.default_rng(seed), GROUPS[3 - 2 * seed]
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
            assert not given_away(kind.table, [versions[at] for at in order]), f"{kind}, versions in order {order}"
        hidden += sum(int(version.hide.sum()) for version in versions)
    assert hidden > 100
