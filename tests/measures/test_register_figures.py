"""Indicators computed from the partnership register: cases by hand, and against a slow second count."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from measures import register_figures
from measures.register_figures import NO_NETWORK, NO_SCHOOL, NOBODY, NONE_ACTIVE, NOT_COUNTED, Span
from tests.measures import slow_register_figures

TERM = Span("2011/12 autumn", date(2011, 9, 1), date(2011, 12, 31))
YEAR = Span("2011/12", date(2011, 9, 1), date(2012, 8, 31))
SCHOOLS = {"1": "A", "2": "A", "3": "A", "4": "B", "5": "B"}
WITHIN = {"A": "R", "B": "R", "R": "E"}
FIELDS = {
    "partnerships": ["code", "kind", "areas", "began", "ended", "framework", "framework_since"],
    "members": ["partnership", "kind", "organisation", "joined", "left"],
    "activities": ["partnership", "kind", "held_on", "staff"],
    "engagement": ["partnership", "la_code", "period", "eligible", "contribute"],
}
Rows = list[dict[str, Any]]


def cluster(code: str = "P1", **values: Any) -> dict[str, Any]:
    usual = {"code": code, "kind": "school_cluster", "areas": ["A"], "began": date(2010, 9, 1), "ended": None}
    return usual | {"framework": "no", "framework_since": None} | values


def member(organisation: str, of: str = "P1", **values: Any) -> dict[str, Any]:
    usual = {"partnership": of, "kind": "school", "organisation": organisation, "joined": date(2010, 9, 1)}
    return usual | {"left": None} | values


def training(day: date = date(2011, 10, 10), of: str = "P1", **values: Any) -> dict[str, Any]:
    return {"partnership": of, "kind": "training", "held_on": day, "staff": ["teachers"]} | values


def frames(sheets: dict[str, Rows]) -> dict[str, pd.DataFrame]:
    return {name: pd.DataFrame(sheets.get(name, []), columns=FIELDS[name], dtype=object) for name in FIELDS}


def counted(sheets: dict[str, Rows], la: str = "A", schools: dict[str, str] = SCHOOLS) -> dict[str, Any]:
    """An indicator → (numerator, denominator), or why there is none."""
    there = pd.DataFrame({"urn": list(schools), "la_code": list(schools.values())}, dtype=object)
    rows = register_figures.of_term(frames(sheets), there, {la}, TERM)
    assert set(rows["period"]) == {TERM.code}
    made: dict[str, Any] = {}
    for indicator, mine in rows.groupby("indicator"):
        why = mine["why"].iloc[0]
        made[str(indicator)] = why or (int(mine["numerator"].sum()), int(mine["denominator"].sum()))
    return made


def test_a_cluster_that_ran_shared_training_counts_with_its_schools_and_partners() -> None:
    sheets = {
        "partnerships": [cluster(framework="yes", framework_since=date(2011, 12, 31))],
        "members": [member("1"), member("2"), member("A health trust", kind="service")],
        "activities": [training(), training(date(2011, 11, 2), staff=["support_staff"])],
    }
    assert counted(sheets) == {
        "schools_in_cluster": (2, 3),
        "clusters_assured": (1, 1),
        "multi_agency_clusters": (1, 1),
        "cluster_staff_range": (1, 1),
    }


def test_complete_without_any_cluster_is_no_school_in_one_and_nothing_to_count() -> None:
    found = counted({})
    assert found.pop("schools_in_cluster") == (0, 3), "every school is known to be in none"
    assert set(found.values()) == {NONE_ACTIVE}, "zero of zero is no figure, and never 0%"
    assert counted({}, schools={"4": "B"})["schools_in_cluster"] == NO_SCHOOL


@pytest.mark.parametrize(
    "sheets",
    [
        {"activities": [training(kind="meeting")]},
        {"activities": [training(date(2011, 8, 31))]},
        {"activities": [training(date(2012, 1, 1))]},
        {"partnerships": [cluster(ended=date(2011, 8, 31))], "activities": [training()]},
        {"partnerships": [cluster(began=date(2012, 1, 1))], "activities": [training()]},
        {"partnerships": [cluster(kind="federation")], "activities": [training()]},
        {"partnerships": [cluster(kind="cpd_leader_network")], "activities": [training()]},
    ],
    ids=["only a meeting", "before the term", "after it", "ended", "not begun", "a federation", "a network"],
)
def test_what_is_no_active_cluster_does_not_count(sheets: dict[str, Rows]) -> None:
    found = counted({"partnerships": [cluster()], "members": [member("1")], **sheets})
    assert found["schools_in_cluster"] == (0, 3)
    assert found["clusters_assured"] == NONE_ACTIVE


def test_a_cluster_that_ended_in_the_term_counts_and_so_do_members_of_its_training_days_only() -> None:
    sheets = {
        "partnerships": [cluster(ended=date(2011, 10, 31))],
        "members": [
            member("1", left=date(2011, 10, 10)),
            member("2", left=date(2011, 10, 9)),
            member("3", joined=date(2011, 10, 11)),
            member("A health trust", kind="service", left=date(2011, 9, 30)),
            member("A university", kind="university"),
        ],
        "activities": [training()],
    }
    found = counted(sheets)
    assert found["schools_in_cluster"] == (1, 3)
    assert found["multi_agency_clusters"] == (0, 1), "a partner that had left, and a university, are none"


def test_what_nobody_said_is_missing_with_the_reason_and_never_no() -> None:
    both = [cluster(), cluster("P2", framework="")]
    sheets = {"partnerships": both, "activities": [training(), training(of="P2", staff=[])]}
    found = counted(sheets)
    unsaid = "Of 1 of 2 active clusters nobody said whether it works within the quality framework."
    assert found["clusters_assured"] == unsaid
    assert found["cluster_staff_range"] == "Of 1 of 2 active clusters nobody said which staff its PD reached."
    assert found["multi_agency_clusters"] == (0, 2)
    sheets["activities"].append(training(of="P2", staff=["teachers", "support_staff"]))
    assert counted(sheets)["cluster_staff_range"] == (1, 2), "both were reached, whatever another activity does not say"
    later = [cluster(framework="yes", framework_since=date(2012, 1, 1))]
    assert counted({**sheets, "partnerships": later})["clusters_assured"] == (0, 1), "it came to it after the term"


def test_a_cluster_over_two_authorities_counts_in_each_and_a_school_counts_once() -> None:
    sheets = {
        "partnerships": [cluster(), cluster("P2", areas=["R"])],
        "members": [member("1"), member("1", "P2"), member("4"), member("9")],
        "activities": [training(), training(of="P2")],
    }
    assert counted(sheets)["schools_in_cluster"] == (1, 3)
    assert counted(sheets)["multi_agency_clusters"] == (0, 2), "of a wider area, but with a school of this one"
    assert counted(sheets, "B")["multi_agency_clusters"] == (0, 1)
    assert counted(sheets, "B")["schools_in_cluster"] == (1, 2)


def test_no_other_authority_gets_a_figure() -> None:
    there = pd.DataFrame({"urn": ["4"], "la_code": ["B"]})
    sheets = {"partnerships": [cluster(areas=["B"])], "activities": [training()]}
    rows = register_figures.of_term(frames(sheets), there, {"A"}, TERM)
    assert set(rows["la_code"]) == {"A"}


@pytest.mark.parametrize("seed", range(12))
def test_the_fast_count_and_the_slow_one_agree(seed: int) -> None:
    rng = np.random.default_rng(seed)

    def day() -> date:
        return date(2011, 8, 1) + timedelta(days=int(rng.integers(0, 200)))

    def some(*values: Any) -> Any:
        return values[int(rng.integers(len(values)))]

    sheets: dict[str, Rows] = {"partnerships": [], "members": [], "activities": []}
    for number in range(12):
        code, began, said = f"P{number}", day(), some("yes", "no", "no", "")
        sheets["partnerships"].append(
            cluster(
                code,
                kind=some("school_cluster", "multi_agency_cluster", "federation"),
                areas=some(["A"], ["B"], ["A", "B"], ["R"]),
                began=began,
                ended=some(None, None, began + timedelta(days=60)),
                framework=said,
                framework_since=day() if said == "yes" else None,
            )
        )
        for _ in range(4):
            joined = day()
            who = (
                {"kind": "service", "organisation": "Health"}
                if rng.random() < 0.3
                else {"organisation": some(*"123459")}
            )
            left = some(None, joined + timedelta(days=20))
            sheets["members"].append(member("", code, joined=joined, left=left) | who)
            staff = some([], ["teachers"], ["support_staff"], ["teachers", "support_staff"])
            sheets["activities"].append(training(day(), code, kind=some("meeting", "visit", "online"), staff=staff))
    for la in "AB":
        slow = slow_register_figures.of_term(sheets, SCHOOLS, la, TERM.first, TERM.last)
        fast = {key: None if isinstance(value, str) else value for key, value in counted(sheets, la).items()}
        assert fast == slow


# Networks ------------------------------------------------------------------------------------------------


def network(code: str = "P1", **values: Any) -> dict[str, Any]:
    return cluster(code, kind="cpd_leader_network", **values)


def count(of: str = "P1", eligible: int = 20, contribute: int = 5, **values: Any) -> dict[str, Any]:
    usual = {"partnership": of, "la_code": "A", "period": "2011/12", "eligible": eligible, "contribute": contribute}
    return usual | values


@pytest.mark.parametrize(
    ("partnerships", "engagement", "said"),
    [
        ([network()], [count()], (5, 20)),
        ([network(areas=["R"])], [count()], (5, 20)),
        ([network(areas=["B"])], [count()], (5, 20)),
        ([network()], [count(eligible=0, contribute=0)], NOBODY),
        ([network()], [count(period="2010/11")], NOT_COUNTED),
        ([network()], [count(la_code="B")], NOT_COUNTED),
        ([], [], NO_NETWORK),
        ([network(ended=date(2011, 8, 31))], [count()], NO_NETWORK),
        ([cluster(kind="subject_network")], [count()], NO_NETWORK),
        ([network(), network("P2", areas=["E"])], [count()], "2 networks"),
        ([network(), network("P2")], [count(), count("P2")], "2 networks"),
    ],
    ids=str,
)
def test_the_reach_of_a_network(partnerships: Rows, engagement: Rows, said: Any) -> None:
    sheets = frames({"partnerships": partnerships, "engagement": engagement})
    (row,) = register_figures.of_year(sheets, WITHIN, {"A"}, YEAR).to_dict("records")
    if isinstance(said, str):
        assert row["why"].startswith(said)
        assert np.isnan(row["numerator"])
    else:
        assert (row["numerator"], row["denominator"], row["why"]) == (*said, "")
