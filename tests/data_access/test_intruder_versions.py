"""The intruder at one version after another: he puts together all that was ever shown to him, of areas and of schools.

Each school's figure for a leaf staff group is an unknown, the same one for as long as its counts are the same; each
figure that is shown at a version is an equation. No figure about fewer than ten people may follow: not for one who sees
all schools, nor for an officer who sees those of one authority, nor for one who sees none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Connection

from data_access import school_sums, withholding
from data_access.access import Viewer
from data_access.engine import reading
from data_access.places import ENGLAND_CODE
from data_access.undo import undo
from data_access.values import school_values
from tests.data_access.test_intruder import (
    FEWEST_PEOPLE,
    GROUPS,
    REGION_OF,
    REGISTER,
    Counts,
    Kind,
    Published,
    Unit,
    leaves,
    made_of_places,
    school,
)

KIND = Kind("extra_one", "school", "people", "percent", GROUPS[1])
VIEWERS = {"all schools": Viewer(None), "Camden's": Viewer(frozenset({"202"})), "no schools": Viewer(frozenset())}
WITHDRAWN = ("x", "x")


@pytest.fixture(scope="module")
def registered(small_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_of_places(small_database, tmp_path_factory.mktemp("registered"))


@pytest.fixture
def made(registered: Path, tmp_path: Path) -> Published:
    return Published(registered, tmp_path)


@dataclass
class Story:
    """What was told, version after version."""

    made: Published
    kind: Kind = KIND
    told: Counts = field(default_factory=dict)
    states: list[tuple[int, Counts]] = field(default_factory=list)
    imports: list[tuple[int, Counts]] = field(default_factory=list)  # with what counted before each
    read: dict = field(default_factory=dict)

    def bring(self, counts: dict) -> None:
        """Import some figures; WITHDRAWN takes one back."""
        number = self.made.bring({self.kind: counts})
        self.imports.append((number, self.told))
        told = {key: pair for key, pair in (self.told | counts).items() if pair != WITHDRAWN}
        self._is(told)

    def undo(self) -> None:
        """Take the latest import back."""
        number, before = self.imports.pop()
        undo(self.made.engine, number, "a tester")
        self._is(before)

    def _is(self, told: Counts) -> None:
        self.told = told
        self.states.append((self.made.version, told))

    def _cells(self, version: int) -> pd.DataFrame:
        if version not in self.read:
            self.read[version] = self.made.cells(self.kind.groups, version).loc[self.kind.code]
        return self.read[version]

    def _schools(self, connection: Connection, version: int, group: str, viewer: Viewer) -> pd.DataFrame:
        key = version, group, viewer
        if key not in self.read:
            choice = {"staff_group": group, "as_at": version, "viewer": viewer}
            rows = school_values(connection, self.kind.code, **choice)
            self.read[key] = rows[rows["period"] == "2011/12"]
        return self.read[key]

    def lost(self, viewer: Viewer) -> list[str]:
        """The figures of too few people that follow from all that was shown to a viewer; checks that all is true."""
        unknown: dict[tuple, int] = {}
        shown: list[frozenset[int]] = []
        wanted: dict[frozenset[int], str] = {}
        areas = {area: {la for la, region in REGION_OF.items() if area in (la, region, ENGLAND_CODE)}
                 for area in (*REGION_OF, *REGION_OF.values(), ENGLAND_CODE)}  # fmt: skip
        for at, (version, told) in enumerate(self.states):
            number = {key: unknown.setdefault((*key, pair), len(unknown)) for key, pair in told.items() if pair[1]}

            def those(las: set[str] | None, phase: str, group: str, urn: str | None = None) -> list[tuple[Unit, str]]:
                return [
                    (unit, leaf)
                    for unit, leaf in number  # noqa: B023
                    if (unit[2] == urn if las is None else unit[0] in las)
                    and phase in (unit[1], "all")
                    and group in (leaf, self.kind.groups[leaf])
                ]

            def take(row: pd.Series, keys: list[tuple[Unit, str]], said: str, *, own: bool) -> None:
                cell = frozenset(number[key] for key in keys)  # noqa: B023
                true = tuple(sum(told[key][which] for key in keys) for which in (0, 1))  # noqa: B023
                if pd.notna(row["value"]):
                    assert (row["numerator"], row["denominator"]) == true
                    shown.append(cell)
                elif own and 0 < true[1] < FEWEST_PEOPLE:
                    assert row["symbol"] == "c"
                    wanted.setdefault(cell, said)

            cells = self._cells(version)
            for (area, phase, group), row in cells.iterrows():
                if area in areas:
                    keys = those(areas[area], phase, group)
                    take(row, keys, f"version {at}: {area}, {phase}, {group}", own=True)
            everyone = Viewer(None)
            with reading(self.made.engine) as connection:
                for group in self.kind.groups:
                    # What must not be known is taken from all schools, what is shown from those that he may see.
                    every, seen = (self._schools(connection, version, group, whose) for whose in (everyone, viewer))
                    for rows, own in ((every.assign(value=np.nan), True), (seen, False)):
                        for row in rows.to_dict("records"):
                            keys = those(None, "all", group, row["area_code"])
                            if keys:
                                said = f"version {at}: school {keys[0][0]}, {group}"
                                small = own and sum(told[key][1] for key in keys) < FEWEST_PEOPLE
                                take(pd.Series(row | ({"symbol": "c"} if small else {})), keys, said, own=own)
        return [said for cell, said in wanted.items() if _follows(shown, cell, len(unknown))]


def _follows(shown: Sequence[frozenset[int]], cell: frozenset[int], count: int) -> bool:
    """Whether a sum of unknowns is a combination of sums that are shown."""
    key = frozenset(shown)
    if key not in _SPACES:
        _SPACES.clear()
        rows = np.zeros((max(1, len(key)), count))
        for at, members in enumerate(key):
            rows[at, list(members)] = 1.0
        _, size, across = np.linalg.svd(rows, full_matrices=False)
        _SPACES[key] = across[size > 1e-9]
    space = _SPACES[key]
    asked = np.zeros(count)
    asked[list(cell)] = 1.0
    return bool(np.linalg.norm(asked - space.T @ (space @ asked)) < 1e-6)


_SPACES: dict[frozenset, np.ndarray] = {}  # what the last shown sums span

LATE = school("202", "primary", 0)  # of Camden


def everybody(rng: np.random.Generator, without: Sequence[Unit] = ()) -> Counts:
    """Figures of all schools but some, all of enough people."""
    return {
        (unit, group): _some(rng, 10, 60) for unit in REGISTER if unit not in without for group in leaves(KIND.groups)
    }


def _some(rng: np.random.Generator, least: int, most: int) -> tuple[int, int]:
    d = int(rng.integers(least, most))
    return int(rng.integers(1, d)), d


def small(unit: Unit, teachers: tuple[int, int] = (2, 5), others: tuple[int, int] = (8, 20)) -> Counts:
    return {(unit, "teachers"): teachers, (unit, "support_staff"): others}


def gone(*units: Unit) -> dict:
    return {(unit, group): WITHDRAWN for unit in units for group in leaves(KIND.groups)}


def late(story: Story, rng: np.random.Generator) -> None:
    """A school with few teachers returns after its authority was shown."""
    story.bring(everybody(rng, [LATE]))
    story.bring(small(LATE))


def late_with_another(story: Story, rng: np.random.Generator) -> None:
    """The same with a large one: who sees that one could take it away."""
    other = school("202", "primary", 1)
    story.bring(everybody(rng, [LATE, other]))
    story.bring(small(LATE) | small(other, (11, 30), (9, 40)))


def late_beside_a_pair(story: Story, rng: np.random.Generator) -> None:
    """A pair that is hidden already, and adds up to what is known, protects neither."""
    other, third = school("202", "primary", 1), school("202", "primary", 2)
    story.bring(everybody(rng, [LATE, other]) | small(third))
    story.bring(small(LATE) | small(other, (11, 30), (9, 40)))


def late_where_the_authority_was_hidden(story: Story, rng: np.random.Generator) -> None:
    """Barnet's primary schools are two, so hidden; Camden's protect them. The region was shown, and grows by one."""
    two = [school("302", "primary", at) for at in range(2)]
    counts = everybody(rng, [LATE, *two])
    counts |= {(school("202", "primary", at), group): (5, 10) for at in range(1, 4) for group in leaves(KIND.groups)}
    story.bring(counts)
    cells = story._cells(story.made.version)["symbol"]
    assert (cells["202", "primary", "teachers"], cells[REGION_OF["202"], "primary", "teachers"]) == ("c", "")
    story.bring(small(LATE))


def revised_to_few(story: Story, rng: np.random.Generator) -> None:
    story.bring(everybody(rng) | small(LATE, (7, 14)))
    story.bring(small(LATE))


def revised_to_many(story: Story, rng: np.random.Generator) -> None:
    story.bring(everybody(rng) | small(LATE))
    story.bring(small(LATE, (7, 14)))


def revised(story: Story, rng: np.random.Generator) -> None:
    story.bring(everybody(rng) | small(LATE))
    story.bring(small(LATE, (3, 7)))


def withdrawn(story: Story, rng: np.random.Generator) -> None:
    story.bring(everybody(rng) | small(LATE))
    story.bring(gone(LATE))


def withdrawn_and_another_comes(story: Story, rng: np.random.Generator) -> None:
    other = school("202", "primary", 1)
    story.bring(everybody(rng, [other]) | small(LATE))
    story.bring(gone(LATE) | small(other, (11, 30)))


def undone(story: Story, rng: np.random.Generator) -> None:
    late(story, rng)
    story.undo()


def undone_with_another(story: Story, rng: np.random.Generator) -> None:
    late_with_another(story, rng)
    story.undo()


def partner_later(story: Story, rng: np.random.Generator) -> None:
    """The authority's schools are hidden in pairs; then a smaller school comes that could be the partner as well."""
    other = school("202", "primary", 1)
    story.bring(everybody(rng, [other]) | small(LATE))
    story.bring(small(other, (5, 10), (5, 10)))


def late_then_another_authority(story: Story, rng: np.random.Generator) -> None:
    late(story, rng)
    story.bring({key: _some(rng, 10, 60) for key in everybody(rng) if key[0][0] == "302"})


def late_then_another_school(story: Story, rng: np.random.Generator) -> None:
    late(story, rng)
    story.bring(small(school("202", "primary", 1), (20, 50), (3, 40)))
    story.bring(small(school("202", "primary", 2), (3, 6), (3, 40)))


STORIES = [
    late, late_with_another, late_beside_a_pair, late_where_the_authority_was_hidden, revised_to_few, revised_to_many,
    revised, withdrawn, withdrawn_and_another_comes, undone, undone_with_another, partner_later,
    late_then_another_authority, late_then_another_school,
]  # fmt: skip


@pytest.mark.parametrize("tell", STORIES, ids=[tell.__name__ for tell in STORIES])
def test_no_two_versions_give_a_school_away(made: Published, tell) -> None:  # type: ignore[no-untyped-def]
    story = Story(made)
    tell(story, np.random.default_rng(1))
    lost = {name: story.lost(viewer) for name, viewer in VIEWERS.items()}
    assert not any(lost.values()), lost


def test_without_looking_back_he_would_find_them(made: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the tests here find what there is to find."""
    monkeypatch.setattr(withholding, "_tells_of_schools", lambda _about: False)
    story = Story(made)
    late(story, np.random.default_rng(1))
    assert all(story.lost(viewer) for viewer in VIEWERS.values())
    monkeypatch.setattr(school_sums, "_before", lambda *_: [])
    story.undo()
    partner_later(story, np.random.default_rng(1))
    assert story.lost(VIEWERS["all schools"])


EVENTS = ["late", "two late", "revised", "two revised", "withdrawn", "undone", "an authority"]


def happens(story: Story, rng: np.random.Generator, event: str) -> None:
    """One event to schools drawn from primary and secondary ones: of each kind, an authority always has three.

    Where it has fewer, whoever sees them knows what they add up to: decision 0010 says so.
    """
    units = [unit for unit in REGISTER if unit[1] != "special"]
    here = [unit for unit in units if (unit, "teachers") in story.told]
    if event == "undone":
        if len(story.imports) > 1:
            story.undo()
        return
    if event == "an authority":
        la = str(rng.choice(list(REGION_OF)))
        story.bring({key: pair for key, pair in everybody(rng).items() if key[0][0] == la and key[0] in units})
        return
    whole = [la for la in REGION_OF if sum(unit[0] == la for unit in here) == 7]
    pool = {
        "late": [unit for unit in units if unit not in here],
        "withdrawn": [unit for unit in here if unit[0] in whole and unit[1] == "primary"],
    }.get(event.removeprefix("two "), here)
    if not pool:
        return
    first = pool[rng.integers(len(pool))]
    beside = [unit for unit in pool if unit[0] == first[0] and unit != first]
    both = [first, *(beside[at] for at in rng.permutation(len(beside))[: int(event.startswith("two"))])]
    if event == "withdrawn":
        story.bring(gone(first))
    else:
        few = {(unit, group): rng.random() < 0.5 for unit in both for group in leaves(KIND.groups)}
        story.bring({key: _some(rng, *((2, 10) if small_ else (10, 60))) for key, small_ in few.items()})


@pytest.mark.parametrize("seed", range(3))
def test_nor_do_all_versions_of_a_drawn_history(made: Published, seed: int) -> None:
    rng, story = np.random.default_rng(seed), Story(made)
    absent = [school(la, "primary", int(rng.integers(4))) for la in REGION_OF if rng.random() < 0.7]
    counts = {key: pair for key, pair in everybody(rng, absent).items() if key[0][1] != "special"}
    story.bring({key: _some(rng, 2, 10) if rng.random() < 0.08 else pair for key, pair in counts.items()})
    for event in rng.permutation(EVENTS)[:4]:
        happens(story, rng, event)
    assert len(story.states) > 2
    lost = {name: story.lost(viewer) for name, viewer in VIEWERS.items()}
    assert not any(lost.values()), lost
