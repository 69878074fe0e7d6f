"""The intruder at one version after another: he puts together all that was ever shown to him, of areas and of schools.

Each school's figure for a leaf staff group is an unknown, the same one for as long as its counts are the same; each
figure that is shown at a version is an equation. No figure about fewer than ten people may follow: not for one who sees
all schools, nor for an officer who sees those of one authority, nor for one who sees none.
"""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Connection, select

from data_access import bulk, hidden_schools, shown_before, summaries, withholding
from data_access.access import Viewer
from data_access.engine import reading, writing
from data_access.places import ENGLAND_CODE
from data_access.schema import school as school_table
from data_access.thresholds import set_threshold
from data_access.undo import undo
from data_access.values import area_values, school_values
from data_access.versions import change, next_version
from measures.protection import protect
from tests.conftest import Postgresql
from tests.data_access.test_intruder import (
    FEWEST_PEOPLE,
    GROUPS,
    REGION_OF,
    REGISTER,
    SCHOOLS,
    Counts,
    Kind,
    Published,
    Unit,
    leaves,
    school,
)

KIND = Kind("extra_one", "school", "people", "percent", GROUPS[1])
VIEWERS = {"all schools": Viewer(None), "Camden's": Viewer(frozenset({"202"})), "no schools": Viewer(frozenset())}
WITHDRAWN = ("x", "x")
SEEN = ["value", "numerator", "denominator", "symbol"]
Seen = tuple[float, float, float, str]
UNSEEN: Seen = np.nan, np.nan, np.nan, "c"
AREAS = {
    area: {la for la, region in REGION_OF.items() if area in (la, region, ENGLAND_CODE)}
    for area in (*REGION_OF, *REGION_OF.values(), ENGLAND_CODE)
}  # with the authorities that each is made of


@pytest.fixture
def made(registered: Path, tmp_path: Path) -> Published:
    return Published(registered, tmp_path)


@dataclass
class Story:
    """What was told, version after version."""

    made: Published
    kind: Kind = KIND
    told: Counts = field(default_factory=dict)
    states: list[tuple[int, Counts, int]] = field(default_factory=list)  # with how many people were enough
    imports: list[tuple[int, Counts]] = field(default_factory=list)  # with what counted before each
    read: dict = field(default_factory=dict)  # may be shared by stories in one database
    kinds: Sequence[Kind] = (KIND,)
    fewest_people: int = FEWEST_PEOPLE

    def bring(self, counts: dict) -> None:
        """Import some figures; WITHDRAWN takes one back."""
        self.brought(self.made.bring({self.kind: counts}), counts)

    def brought(self, number: int, counts: dict) -> None:
        """Remember what an import held."""
        self.imports.append((number, self.told))
        self._is({key: pair for key, pair in (self.told | counts).items() if pair != WITHDRAWN})

    def undone(self) -> None:
        """Remember that the latest import was taken back."""
        self._is(self.imports.pop()[1])

    def move(self, to: dict[Unit, str]) -> None:
        """Schools become other authorities', with their figures."""
        la_of = {unit[2]: la for unit, la in to.items()}
        with writing(self.made.engine) as connection:
            number = next_version(connection, "Schools moved")
            these = school_table.c.urn.in_(list(la_of))
            rows = bulk.frame(connection, select(school_table).where(these)).drop(columns="from_version")
            change(connection, school_table, rows.assign(la_code=rows["urn"].map(la_of)), number, within=these)
            pairs = pd.DataFrame([(kind.code, "2011/12") for kind in self.kinds], columns=["indicator", "period"])
            summaries.remake(connection, pairs, None, number, {*la_of.values(), *(unit[0] for unit in to)})
        self._is({((to.get(of, of[0]), *of[1:]), group): pair for (of, group), pair in self.told.items()})

    def told_again(self) -> None:
        """Remember that the same was shown by other rules."""
        self._is(self.told)

    def _is(self, told: Counts) -> None:
        self.told = told
        self.states.append((self.made.version, told, self.fewest_people))

    def cells(self, version: int) -> dict[tuple[str, str, str], Seen]:
        """What was shown of the areas that report: area, phase, staff group → what stood there."""
        if version not in self.read:
            rows = self.made.cells(self.kind.groups, version)
            rows = rows[rows.index.get_level_values("area_code").isin(list(AREAS))][SEEN]
            self.read[version] = dict(zip(rows.index, rows.itertuples(index=False, name=None), strict=True))
        return {key[1:]: row for key, row in self.read[version].items() if key[0] == self.kind.code}

    def _schools(self, connection: Connection, version: int, group: str, viewer: Viewer) -> dict[str, Seen]:
        key = version, group, viewer
        if key not in self.read:
            choice = {"staff_group": group, "as_at": version, "viewer": viewer}
            rows = school_values(connection, [kind.code for kind in self.kinds], **choice)
            rows = rows[(rows["period"] == "2011/12") & rows["area_code"].str.startswith("99")]
            where = zip(rows["indicator"], rows["area_code"], strict=True)
            self.read[key] = dict(zip(where, rows[SEEN].itertuples(index=False, name=None), strict=True))
        return {urn: row for (code, urn), row in self.read[key].items() if code == self.kind.code}

    def lost(self, viewer: Viewer) -> list[str]:
        """The figures of too few people that follow from all that was shown to a viewer; checks that all is true."""
        unknown: dict[tuple, int] = {}
        shown: set[frozenset[int]] = set()
        wanted: dict[frozenset[int], str] = {}
        seen_before: dict[tuple, tuple[frozenset[int], int]] = {}
        for at, (version, told, fewest) in enumerate(self.states):
            number = {
                (unit, leaf): unknown.setdefault((unit[2], leaf, pair), len(unknown))
                for (unit, leaf), pair in told.items()
                if pair[1]
            }

            def those(las: set[str] | None, phase: str, group: str, urn: str | None = None) -> list[tuple[Unit, str]]:
                return [
                    (unit, leaf)
                    for unit, leaf in number  # noqa: B023
                    if (unit[2] == urn if las is None else unit[0] in las)
                    and phase in (unit[1], "all")
                    and group in (leaf, self.kind.groups[leaf])
                ]

            def take(row: Seen, keys: list[tuple[Unit, str]], said: str) -> tuple[frozenset[int], int]:
                """Add what a row shows, or has to hide, to what is known or must not be; its unknowns and d."""
                value, n, d, symbol = row
                cell = frozenset(number[key] for key in keys)  # noqa: B023
                true = tuple(sum(told[key][which] for key in keys) for which in (0, 1))  # noqa: B023
                if pd.notna(value):
                    assert (n, d) == true
                    shown.add(cell)
                elif 0 < true[1] < fewest:  # noqa: B023
                    assert symbol == "c"
                    wanted.setdefault(cell, said)
                return cell, true[1]

            for (area, phase, group), row in self.cells(version).items():
                said = f"version {at}: {area}, {phase}, {group}"
                cell, d = take(row, those(AREAS[area], phase, group), said)
                # Several who come or go at once are as few together as in a cell: to those who see none of them.
                last, people = seen_before.get((area, phase, group), (cell, d))
                seen_before[area, phase, group] = cell, d
                if viewer == VIEWERS["no schools"] and 0 < abs(d - people) < fewest and (cell < last or last < cell):
                    wanted.setdefault(cell ^ last, f"{said}, change")
            with reading(self.made.engine) as connection:
                for group in self.kind.groups:
                    seen = self._schools(connection, version, group, viewer)
                    for unit in {unit for unit, _ in number}:
                        keys = those(None, "all", group, unit[2])
                        # What must not be known is taken from all schools, what is shown from those that he may see.
                        if keys:
                            take(seen.get(unit[2], UNSEEN), keys, f"version {at}: school {unit}, {group}")
        # Under the thresholds of then some were shown.
        return [said for cell, said in wanted.items() if cell not in shown and _follows(shown, cell, len(unknown))]


def _follows(shown: Set[frozenset[int]], cell: frozenset[int], count: int) -> bool:
    """Whether a sum of unknowns is a combination of sums that are shown."""
    key = frozenset(shown)
    if key not in _SPACES:
        _SPACES.clear()
        rows = np.zeros((max(1, len(key)), count))
        for at, members in enumerate(key):
            rows[at, list(members)] = 1.0
        size, across = np.linalg.eigh(rows.T @ rows)
        _SPACES[key] = across.T[size > 1e-9]
    space = _SPACES[key]
    asked = np.zeros(count)
    asked[list(cell)] = 1.0
    return bool(np.linalg.norm(asked - space.T @ (space @ asked)) < 1e-6)


_SPACES: dict[frozenset, np.ndarray] = {}  # what the last shown sums span

Steps = list[dict]
LATE, OTHER, THIRD = (school("202", "primary", at) for at in range(3))  # of Camden


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


def more(rng: np.random.Generator) -> Counts:
    """Two schools more of Camden, so that it has enough when two go."""
    units = [school("202", "primary", at) for at in (4, 5)]
    return {(unit, group): _some(rng, 10, 60) for unit in units for group in leaves(KIND.groups)}


def gone(*units: Unit) -> dict:
    return {(unit, group): WITHDRAWN for unit in units for group in leaves(KIND.groups)}


# Stories: what comes, step after step.


def late(rng: np.random.Generator) -> Steps:
    """A school with few teachers returns after its authority was shown."""
    return [everybody(rng, [LATE]), small(LATE)]


def late_with_another(rng: np.random.Generator) -> Steps:
    """The same with a large one: who sees that one could take it away."""
    return [everybody(rng, [LATE, OTHER]), small(LATE) | small(OTHER, (11, 30), (9, 40))]


def late_beside_a_pair(rng: np.random.Generator) -> Steps:
    """A pair that is hidden already, and adds up to what is known, protects neither."""
    first = everybody(rng, [LATE, OTHER]) | small(THIRD)
    return [first, small(LATE) | small(OTHER, (11, 30), (9, 40))]


def late_where_the_authority_was_hidden(rng: np.random.Generator) -> Steps:
    """Barnet's primary schools are two, so hidden; Camden's protect them. The region was shown, and grows by one."""
    two = [school("302", "primary", at) for at in range(2)]
    counts = everybody(rng, [LATE, *two])
    counts |= {(school("202", "primary", at), group): (5, 10) for at in range(1, 4) for group in leaves(KIND.groups)}
    return [counts, small(LATE)]


def revised_to_few(rng: np.random.Generator) -> Steps:
    return [everybody(rng) | small(LATE, (7, 14)), small(LATE)]


def revised_to_many(rng: np.random.Generator) -> Steps:
    return [everybody(rng) | small(LATE), small(LATE, (7, 14))]


def revised(rng: np.random.Generator) -> Steps:
    return [everybody(rng) | small(LATE), small(LATE, (3, 7))]


def withdrawn(rng: np.random.Generator) -> Steps:
    return [everybody(rng) | small(LATE), gone(LATE)]


def withdrawn_and_another_comes(rng: np.random.Generator) -> Steps:
    return [everybody(rng, [OTHER]) | small(LATE), gone(LATE) | small(OTHER, (11, 30))]


def partner_later(rng: np.random.Generator) -> Steps:
    """The authority's schools are hidden in pairs; then a smaller school comes that could be the partner as well."""
    return [everybody(rng, [OTHER]) | small(LATE), small(OTHER, (5, 10), (5, 10))]


def a_partner_goes(rng: np.random.Generator) -> Steps:
    """What protected the few goes alone: the change of the authority is its figure, however large."""
    return [everybody(rng) | small(LATE) | small(OTHER, (11, 12), (11, 25)), gone(OTHER)]


def a_small_and_a_large_one_go(rng: np.random.Generator) -> Steps:
    """Who saw the large one's figure subtracts it."""
    return [everybody(rng) | more(rng) | small(LATE) | small(OTHER, (30, 58), (20, 59)), gone(LATE, OTHER)]


def a_partner_and_a_large_one_go(rng: np.random.Generator) -> Steps:
    first = everybody(rng) | more(rng) | small(LATE)
    return [first | small(OTHER, (11, 12), (11, 25)) | small(THIRD, (30, 58), (20, 59)), gone(OTHER, THIRD)]


def two_come_who_are_few_together(rng: np.random.Generator) -> Steps:
    return [everybody(rng, [LATE, OTHER]), small(LATE, (2, 4)) | small(OTHER, (3, 5), (9, 30))]


def two_authorities_get_a_few(rng: np.random.Generator) -> Steps:
    """Each of the authorities' cells is hidden, and so must their region's be: together they are too few as well."""
    other = school("302", "primary", 1)
    return [everybody(rng, [LATE, other]), small(LATE, (2, 4)) | small(other, (3, 5), (9, 30))]


def two_go_who_are_few_together(rng: np.random.Generator) -> Steps:
    first = everybody(rng) | more(rng) | small(LATE, (2, 4)) | small(OTHER, (3, 5), (9, 30))
    return [first, gone(LATE, OTHER)]


def late_then_another_authority(rng: np.random.Generator) -> Steps:
    return [*late(rng), {key: _some(rng, 10, 60) for key in everybody(rng) if key[0][0] == "302"}]


def late_then_another_school(rng: np.random.Generator) -> Steps:
    return [*late(rng), small(OTHER, (20, 50), (3, 40)) | small(THIRD, (3, 6), (3, 40))]


def a_ring(rng: np.random.Generator) -> Steps:
    """The few came with one, then with another, then both without them: each change rests on two."""
    one, other = small(OTHER, (11, 30), (9, 40)), small(THIRD, (12, 33), (9, 44))
    first, second, third = small(LATE) | one, gone(OTHER) | other, gone(LATE) | one
    return [everybody(rng, [LATE, OTHER, THIRD]) | more(rng), first, second, third]


def in_threes(counts: Counts) -> Counts:
    """Without special schools, of which an authority has two only."""
    return {key: pair for key, pair in counts.items() if key[0][1] != "special"}


def a_protector_loses_a_school(rng: np.random.Generator) -> Steps:
    """Barnet's cell is hidden in place of a total above Gateshead's; then one of its schools goes, which was shown."""
    late_, went, brent = school("390", "primary", 2), school("302", "primary", 1), school("304", "primary", 1)
    first = in_threes(everybody(rng, [late_]))
    first |= {key: (5, 12) if key[0][0] == "302" else (20, 50) for key in first if key[0][0] in ("302", "304")}
    revised_ = small(went, (10, 18), (23, 35)) | small(brent, (6, 34), (6, 37))
    return [first | small(went, (7, 33), (23, 48)), small(late_), revised_, gone(went)]


def a_protector_is_revised_again(rng: np.random.Generator) -> Steps:
    """Barnet's cell is hidden in place of a total above Leeds'; then it is shown, and one of its schools is another."""
    late_, again = school("383", "primary", 0), school("302", "primary", 1)
    first = in_threes(everybody(rng, [late_]))
    whole = {key: (5, 12) for key in first if key[0][0] == "302"} | small(again, (17, 33), (8, 44))
    return [first, small(late_), whole, small(again, (32, 36), (4, 5))]


def few_become_enough_where_two_authorities_are_hidden(rng: np.random.Generator) -> Steps:
    """Camden's and Brent's cells are hidden one for the other: their region tells how Camden's changes."""
    brent = school("304", "primary", 1)
    first = in_threes(everybody(rng, [LATE, brent])) | small(OTHER, (5, 8), (3, 19))
    return [first, small(LATE, (3, 9), (1, 5)), small(brent, (2, 8), (21, 24)), small(OTHER, (11, 36), (27, 44))]


def a_kept_school_goes(rng: np.random.Generator) -> Steps:
    """Bradford's cell is hidden, and a school kept for it; when this goes, those that are left add up to it."""
    late_, bradford = school("202", "primary", 3), [unit for unit in REGISTER if unit[0] == "380"][:7]

    def figures(teachers: list[int], others: list[int]) -> Counts:
        groups = {"teachers": teachers, "support_staff": others}
        return {
            (unit, group): (d // 2, d) for group, of in groups.items() for unit, d in zip(bradford, of, strict=True)
        }

    first = in_threes(everybody(rng, [late_]))
    first |= figures([38, 4, 10, 11, 19, 10, 14], [30, 49, 58, 9, 10, 59, 11])
    whole = figures([51, 10, 24, 28, 25, 18, 13], [14, 48, 11, 47, 51, 11, 41])
    went = bradford[2]
    return [first, small(went, (1, 4), (1, 3)), small(late_, (17, 37), (5, 6)), whole, gone(went)]


def few_in_the_only_special_schools(_: np.random.Generator) -> Steps:
    """Bradford's two have few teachers together; Leeds' two are known to whoever sees schools."""
    first: Counts = {(unit, group): (9, 20) for unit in REGISTER for group in leaves(KIND.groups)}
    return [first | small(school("380", "special", 0), (1, 3)) | small(school("380", "special", 1), (2, 4))]


def together(made: Published, tellers: Sequence[Callable[[np.random.Generator], Steps]]) -> list[Story]:
    """Stories told in one database, as reading takes longest: each is about an indicator of its own."""
    stories = beginning(made, len(tellers))
    for step in zip(*(tell(np.random.default_rng(1)) for tell in tellers), strict=True):
        bring(stories, step)
    return stories


def beginning(made: Published, count: int) -> list[Story]:
    """Stories in one database of which nothing was told yet."""
    kinds = [Kind(f"extra_{at}", "school", "people", "percent", GROUPS[1]) for at in range(count)]
    read: dict = {}
    return [Story(made, kind, read=read, kinds=kinds) for kind in kinds]


def bring(stories: Sequence[Story], step: Sequence[dict]) -> None:
    """Import in one file what comes in each of the stories."""
    keys = dict.fromkeys(key for counts in step for key in counts)
    if not keys:
        return
    # A figure that one story brings is in the file for all: as it was, or, where there was none, as nothing.
    number = stories[0].made.bring(
        {
            story.kind: {key: counts.get(key, story.told.get(key, ("z", "z"))) for key in keys}
            for story, counts in zip(stories, step, strict=True)
        }
    )
    for story, counts in zip(stories, step, strict=True):
        story.brought(number, counts)


def lost_of(stories: Sequence[Story], tellers: Sequence[Callable]) -> dict[tuple[str, str], list[str]]:
    """What each viewer finds in each story, where there is anything."""
    found = {
        (tell.__name__, name): story.lost(viewer)
        for tell, story in zip(tellers, stories, strict=True)
        for name, viewer in VIEWERS.items()
    }
    return {key: said for key, said in found.items() if said}


TWO_STEPS = [
    late, late_with_another, late_beside_a_pair, late_where_the_authority_was_hidden, revised_to_few, revised_to_many,
    revised, withdrawn, withdrawn_and_another_comes, partner_later, a_partner_goes, a_small_and_a_large_one_go,
    a_partner_and_a_large_one_go, two_come_who_are_few_together, two_authorities_get_a_few, two_go_who_are_few_together,
]  # fmt: skip
THREE_STEPS = [late_then_another_authority, late_then_another_school]
FOUR_STEPS = [
    a_ring, a_protector_loses_a_school, a_protector_is_revised_again,
    few_become_enough_where_two_authorities_are_hidden,
]  # fmt: skip


def test_no_two_versions_give_a_school_away_nor_the_first_again(made: Published) -> None:
    stories = together(made, TWO_STEPS)
    hidden = stories[TWO_STEPS.index(late_where_the_authority_was_hidden)]
    cells = hidden.cells(hidden.states[0][0])
    assert cells["202", "primary", "teachers"][-1] == "c"
    assert cells[REGION_OF["202"], "primary", "teachers"][-1] == ""
    undo(made.engine, stories[0].imports[-1][0], "a tester")
    for story in stories:
        story.undone()
    assert not lost_of(stories, TWO_STEPS)


def test_what_went_is_found_in_the_other_database_too(postgresql: Postgresql, tmp_path: Path) -> None:
    made, found = Published(postgresql.make(postgresql.filled()), tmp_path), []
    for counts in a_partner_goes(np.random.default_rng(1)):
        made.bring({KIND: counts})
        with reading(made.engine) as connection:
            rows = area_values(connection, "la", phase="primary", staff_group="teachers", indicator=KIND.code)
        found.append(rows.set_index(["area_code", "period"]).loc[("202", "2011/12"), "symbol"])
    assert found == ["", "c"]
    postgresql.drop(made.engine)


def test_nor_do_three_versions(made: Published) -> None:
    assert not lost_of(together(made, THREE_STEPS), THREE_STEPS)


def test_thresholds_of_then_tell_what_was_seen_then(made: Published) -> None:
    """A school with seven teachers was shown when five were enough; then another one has three, and it has six."""
    story = Story(made, fewest_people=5)
    set_threshold(made.engine, "fewest_people", 5, by="a tester")
    counts: Counts = {(unit, group): (9, 20) for unit in REGISTER for group in leaves(KIND.groups)}
    story.bring(counts | {(LATE, "teachers"): (3, 7)})
    story.fewest_people = 10
    set_threshold(made.engine, "fewest_people", None, by="a tester")
    story.bring(small(OTHER, (2, 3), (8, 20)))
    story.bring({(LATE, "teachers"): (3, 6)})
    assert not story.lost(VIEWERS["Camden's"])


def test_a_threshold_that_changes_alone_chooses_no_other_partner(made: Published) -> None:
    """What was hidden to protect more cells protects fewer now: another would be the cheapest, and was seen before."""
    rng, story = np.random.default_rng([1, 20]), Story(made)
    story.bring({key: _some(rng, 3, 16) if rng.random() < 0.25 else pair for key, pair in everybody(rng).items()})
    for fewest in (6, 12):
        set_threshold(made.engine, "fewest_people", fewest, indicator=KIND.code, by="a tester")
        story.fewest_people = fewest
        story.told_again()
    assert not {name: said for name, viewer in VIEWERS.items() if (said := story.lost(viewer))}


@pytest.mark.parametrize("everybody_goes", [False, True])
def test_a_kept_school_that_moves_is_kept_there(made: Published, everybody_goes: bool) -> None:
    """The partner of a school with five teachers becomes Leeds', with two smaller ones that were shown.

    Or Camden is given up, and its other schools become Barnet's.
    """
    story, beside = Story(made), [THIRD, school("202", "primary", 3)]
    first = in_threes(everybody(np.random.default_rng(1), [LATE, OTHER])) | more(np.random.default_rng(1))
    story.bring(first | small(beside[0], (5, 10), (6, 11)) | small(beside[1], (6, 11), (7, 12)))
    story.bring(small(LATE, (2, 5), (9, 20)) | small(OTHER, (7, 14), (9, 15)))
    others = {unit for unit, _ in story.told if unit[0] == "202"} if everybody_goes else ()
    story.move(dict.fromkeys(others, "302") | dict.fromkeys([OTHER, *beside], "383"))
    assert not {name: said for name, viewer in VIEWERS.items() if (said := story.lost(viewer))}


def test_figures_that_others_published_do_not_tell_by_what_they_were(made: Published) -> None:
    """Camden's special schools get few: primary and secondary ones were shown before, so its total has to be hidden."""
    kind = Kind("extra_one", "published", "people", "percent", GROUPS[0])

    def figures(special: tuple[int, int], *, la: str = "202") -> Counts:
        of = {"primary": (20, 60), "secondary": (30, 50), "special": special}
        of["all"] = tuple(sum(pair) for pair in zip(*of.values(), strict=True))
        return {((la, phase, la), "all"): pair for phase, pair in of.items()}

    made.bring({kind: figures((9, 20)) | figures((8, 30), la="302")})
    made.bring({kind: figures((3, 7))})
    then = made.version
    made.bring({kind: figures((5, 21), la="302")})
    for version in (then, made.version):
        cells = made.cells(kind.groups, version).loc[kind.code].xs("all", level="staff_group")["symbol"]
        assert cells.loc["202", "special"] == cells.loc["202", "all"] == "c"
        # Where totals are told elsewhere, only what changed as well protects it.
        assert (cells.loc["302", "special"] == "c") == (version != then)


def test_nor_do_four(made: Published) -> None:
    assert not lost_of(together(made, FOUR_STEPS), FOUR_STEPS)


def test_what_single_schools_tell_protects_no_other_authority_s(
    made: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [few_in_the_only_special_schools]
    assert not lost_of(together(made, told), told)
    # So that the test finds what there is to find.
    monkeypatch.setattr(withholding, "protect_twice", lambda n, d, must, known, _, *of, **how: (
        protect(n, d, must, known, *of, **how), np.zeros_like(must)))  # fmt: skip
    kind = Kind("extra_again", "school", "people", "percent", GROUPS[1])
    careless = Story(made, kind, kinds=[kind])
    careless.bring(told[0](np.random.default_rng(1))[0])
    assert careless.lost(VIEWERS["all schools"])
    assert not careless.lost(VIEWERS["no schools"])


def test_nor_do_five(made: Published) -> None:
    assert not lost_of(together(made, [a_kept_school_goes]), [a_kept_school_goes])


def test_without_looking_back_he_would_find_them(made: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the tests here find what there is to find."""
    for room in (withholding, shown_before):
        monkeypatch.setattr(room, "tells_of_schools", lambda _about: False)
    monkeypatch.setattr(hidden_schools, "_before", lambda *_: [])
    told = [late, partner_later]
    lost = lost_of(together(made, told), told)
    assert {("late", name) for name in VIEWERS} <= set(lost)
    assert ("partner_later", "all schools") in lost


HISTORIES = [0]  # where no school is kept for another authority's sake, five of these give a figure away
EVENTS = ["late", "two late", "revised", "two revised", "withdrawn", "undone", "an authority"]


def happens(told: Counts, rng: np.random.Generator, event: str) -> dict:
    """What one event brings to schools that are drawn."""
    here = [unit for unit in REGISTER if (unit, "teachers") in told]
    if event == "an authority":
        la = str(rng.choice(list(REGION_OF)))
        return {key: pair for key, pair in everybody(rng).items() if key[0][0] == la}
    whole = [la for la in REGION_OF if sum(unit[0] == la for unit in here) == sum(SCHOOLS.values())]
    pool = {
        "late": [unit for unit in REGISTER if unit not in here],
        "withdrawn": [unit for unit in here if unit[0] in whole and unit[1] != "secondary"],
    }.get(event.removeprefix("two "), here)
    if not pool:
        return {}
    first = pool[rng.integers(len(pool))]
    beside = [unit for unit in pool if unit[0] == first[0] and unit != first]
    both = [first, *(beside[at] for at in rng.permutation(len(beside))[: int(event.startswith("two"))])]
    if event == "withdrawn":
        return gone(first)
    few = {(unit, group): rng.random() < 0.5 for unit in both for group in leaves(KIND.groups)}
    return {key: _some(rng, *((2, 10) if small_ else (10, 60))) for key, small_ in few.items()}


@pytest.mark.parametrize("seed", HISTORIES)
def test_nor_do_all_versions_of_drawn_histories(made: Published, seed: int) -> None:
    """Twelve histories with the same order of events, each with schools and figures of its own."""
    rngs, stories = [np.random.default_rng([seed, at]) for at in range(12)], beginning(made, 12)
    bring(stories, [begins(rng) for rng in rngs])
    for event in np.random.default_rng(10_000 + seed).permutation(EVENTS)[:4]:
        if event != "undone":
            bring(stories, [happens(story.told, rng, event) for story, rng in zip(stories, rngs, strict=True)])
        elif len(stories[0].imports) > 1:
            undo(made.engine, stories[0].imports[-1][0], "a tester")
            for story in stories:
                story.undone()
    assert len(stories[0].states) > 2
    found = {(at, name): story.lost(viewer) for at, story in enumerate(stories) for name, viewer in VIEWERS.items()}
    assert not {key: said for key, said in found.items() if said}


def begins(rng: np.random.Generator) -> Counts:
    """Figures of all schools but a few, some of them of too few people."""
    absent = [school(la, "primary", int(rng.integers(4))) for la in REGION_OF if rng.random() < 0.7]
    absent += [school(la, "special", int(rng.integers(2))) for la in REGION_OF if rng.random() < 0.4]
    counts = everybody(rng, absent)
    return {key: _some(rng, 2, 10) if rng.random() < 0.08 else pair for key, pair in counts.items()}
