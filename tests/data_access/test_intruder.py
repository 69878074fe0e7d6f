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
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from data_access import coverage, publish, quality, revisions
from data_access.__main__ import main
from data_access.engine import current_version, get_engine, reading
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
SCHOOL_HEADER = [*HEADER[:10], "school_urn", "school_laestab", "school_name", "phase", *HEADER[10:]]
BASELINE, LATER = "200910", "201112"
Unit = tuple[str, str, str]  # authority, phase, and the school's number or the authority's code
Counts = dict[tuple[Unit, str], tuple[int, int]]  # (unit, staff group) → numerator, denominator
steady = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def school(la: str, phase: str, number: int) -> Unit:
    """One of the schools that only this test has."""
    return la, phase, f"{990000 + 100 * list(REGION_OF).index(la) + 10 * LEAF_PHASES.index(phase) + number}"


REGISTER = [school(la, phase, n) for la in REGION_OF for phase, count in SCHOOLS.items() for n in range(count)]


def leaves(tree: Tree) -> list[str]:
    return [node for node in tree if node not in tree.values()]


@dataclass(frozen=True)
class Kind:
    """What an indicator is: its code, from whom it is collected, what it divides by, and for which staff groups."""

    code: str
    collected_from: str
    counts: str
    unit: str
    groups: Tree
    scope: str = "England"

    def mapping(self, **more: object):  # type: ignore[no-untyped-def]
        """Reads files of `file`."""
        about = definition(
            self.code, collected_from=self.collected_from, denominator_counts=self.counts, unit=self.unit,
            staff_groups=leaves(self.groups), scope=self.scope, **more,
        )  # fmt: skip
        item = {"indicator": self.code, "numerator": "n", "denominator": "d", "define": about}
        named = {group: group for group in self.groups}
        filters = {
            "group": {"role": "staff_group", "values": named},
            "phase": {"role": "phase", "values": {phase: phase for phase in PHASES}},
        }
        return mapping(self.code, indicators=[item], filters=filters, new_schools="add")

    @property
    def table(self) -> Table:
        """How its figures add up."""
        region_of = np.array([REGIONS.index(region) for region in REGION_OF.values()])
        return Table(region_of, len(REGIONS), PHASES, self.groups, england=self.scope == "England")


def file(path: Path, kind: Kind, counts: Counts, period: str = LATER) -> Path:
    """An EES file with these counts."""
    rows = []
    for ((la, phase, unit), group), (n, d) in counts.items():
        start = line(["", "", la, "", ""], n, d, period, "School" if kind.collected_from == "school" else "Local authority")
        where = [unit, f"{la}{unit[-4:]}", f"School {unit}"] if kind.collected_from == "school" else [""] * 3
        rows.append([*start[:10], *where, phase, group, str(n), str(d)])
    return write(path, rows, SCHOOL_HEADER)


class Published:
    """A database of the test's own, and what it has published of an indicator."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.engine: Engine = get_engine(sqlite_url(shutil.copy(source, folder / "cpd.db")))
        self.folder, self.number = folder, 0

    def bring(self, kind: Kind, counts: Counts, period: str = LATER, **more: object) -> int:
        """Import counts; the import's number."""
        self.number += 1
        path = file(self.folder / f"{self.number}.csv", kind, counts, period)
        made = import_file(self.engine, path, None, kind.mapping(**more)).import_id
        assert made is not None
        return made

    @property
    def version(self) -> int:
        with reading(self.engine) as connection:
            return current_version(connection)

    def cells(self, kind: Kind, as_at: int | None = None, period: str = "2011/12") -> pd.DataFrame:
        """Everything that is published of a period: area_code, phase, staff_group → columns of values."""
        with reading(self.engine) as connection:
            found = [
                area_values(connection, level, indicator=kind.code, phase=phase, staff_group=group, as_at=as_at)
                for level in ("la", "region", "england")
                for phase in PHASES
                for group in kind.groups
            ]
        rows = pd.concat([part for part in found if len(part)], ignore_index=True)
        return rows[rows["period"] == period].set_index(["area_code", "phase", "staff_group"])


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
            if (area, phase, group) not in cells.index:
                assert area == ENGLAND_CODE
                assert not table.england
                continue
            row = cells.loc[(area, phase, group)]
            true = sums[0][at, column], sums[1][at, column]
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


@st.composite
def kinds(draw: st.DrawFn) -> Kind:
    """Percentages of people, pounds, and schools counted; from schools or from authorities."""
    counts, unit, source = draw(
        st.sampled_from(
            [
                ("people", "percent", "school"),
                ("people", "percent", "la"),
                ("other", "gbp", "school"),
                ("schools", "percent", "school"),
            ]
        )
    )
    groups = GROUPS[0] if counts == "schools" else draw(st.sampled_from(GROUPS[1:]))
    return Kind("extra_one", source, counts, unit, groups, draw(st.sampled_from(["England", "England", "London"])))


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
    """The small database with the schools of REGISTER, whose indicator was taken back."""
    folder = tmp_path_factory.mktemp("registered")
    made = Published(small_database, folder)
    kind = Kind("extra_two", "school", "other", "percent", {"all": None})
    every = {(unit, "all"): (1, 2) for unit in REGISTER}
    named = {"primary": "primary", "secondary": "secondary", "special": "special"}
    assert set(named) == set(LEAF_PHASES)
    made.bring(kind, every)
    with made.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    made.engine.dispose()
    return folder / "cpd.db"


@pytest.fixture
def folders(tmp_path: Path) -> Iterator[Path]:
    """New folders, one for each example."""
    return (folder for number in itertools.count() if not (folder := tmp_path / str(number)).mkdir())  # type: ignore[return-value]


@steady
@given(kind=kinds(), seed=st.integers(0, 2**32 - 1))
def test_no_version_and_no_two_give_a_hidden_cell_away(
    registered: Path, folders: Iterator[Path], kind: Kind, seed: int
) -> None:
    """First figures, then late returns and revisions of an authority or two, then one of the imports undone."""
    rng = np.random.default_rng(seed)
    made = Published(registered, next(folders))
    counts = drawn(kind, rng)
    states, numbers = [], []
    for step in range(3):
        if step < 2:
            some = None if step == 0 else list(rng.choice(list(REGION_OF), rng.integers(1, 3), replace=False))
            brought = counts if step == 0 else drawn(kind, rng, some) or dict(itertools.islice(counts.items(), 1))
            numbers.append(made.bring(kind, brought))
            counts = counts | brought
        else:
            undo(made.engine, numbers[1], "a tester")
            counts = states[0][1]
        states.append((made.version, counts))
    versions = [attacked(kind, made.cells(kind, number), of) for number, of in states]
    # What was undone is the first table again: nothing may be shown of it now that was hidden then.
    for order in ([0, 1, 2], [0, 2, 1]):
        assert not given_away(kind.table, [versions[at] for at in order])
    assert any(version.hide.any() for version in versions)
