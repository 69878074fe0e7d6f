"""Which evidence bears on an area and on an outcome."""

import pandas as pd

from measures.evidence import COLUMNS, bearing_on, by_outcome

WITHIN = {"202": "LON", "203": "LON", "391": "NE", "LON": "ENG", "NE": "ENG"}


def register(**areas: str) -> pd.DataFrame:
    """Entries by code, each with its areas."""
    return pd.DataFrame({"code": list(areas), "areas": [codes.split() for codes in areas.values()]})


def found(area: str) -> dict[str, str]:
    there = register(nation="ENG", london="LON", camden="202", both="203 391", north="NE")
    made = bearing_on(there, area, WITHIN)
    return dict(zip(made["code"], made["near"], strict=True))


def test_evidence_bears_on_its_area_what_lies_in_it_and_what_it_lies_in() -> None:
    assert found("ENG") == {"nation": "here"} | dict.fromkeys(["london", "camden", "both", "north"], "within")
    assert found("LON") == {"nation": "wider", "london": "here", "camden": "within", "both": "within"}
    assert found("202") == {"nation": "wider", "london": "wider", "camden": "here"}
    assert found("391") == {"nation": "wider", "both": "here", "north": "wider"}


def test_nothing_bears_where_nothing_is() -> None:
    assert bearing_on(register(north="NE"), "LON", WITHIN).empty
    assert bearing_on(register().astype(object), "LON", WITHIN).empty


def evidence(**rows: tuple[str, str]) -> pd.DataFrame:
    """Entries by code: strength, outcomes."""
    return pd.DataFrame(
        {
            "code": list(rows),
            "title": [f"Title {code}" for code in rows],
            "kind": "survey",
            "strength": [strength for strength, _ in rows.values()],
            "found": "Something.",
            "outcomes": [outcomes.split() for _, outcomes in rows.values()],
        }
    )


def test_each_outcome_has_its_evidence_strongest_first_and_one_without_says_so() -> None:
    made = by_outcome(
        evidence(A=("limited", "1a 1c"), B=("strong", "1a"), C=("moderate", "1a 9z")), ["1c", "1b", "1a"], "London"
    )
    assert list(made.columns) == COLUMNS
    assert made[["outcome", "code"]].to_numpy().tolist() == [
        ["1c", "A"],
        ["1b", ""],
        ["1a", "B"],
        ["1a", "C"],
        ["1a", "A"],
    ]
    none = made[made["outcome"] == "1b"].iloc[0]
    assert none["found"] == "No evidence in the register bears on this outcome in London."
    assert none[["title", "kind", "strength"]].tolist() == ["", "", ""]


def test_an_empty_register_answers_for_every_outcome() -> None:
    made = by_outcome(evidence(), ["1a", "1b"], "Camden")
    assert made["outcome"].tolist() == ["1a", "1b"]
    assert (made["code"] == "").all()
