"""Mappings proposed from a file's names, labels and figures."""

from pathlib import Path

import pandas as pd
import pytest
import yaml

from data_access.files.mapping import FilterMapping, Mapping, read_mapping
from data_access.files.opening import open_files
from data_access.files.propose import Proposal, propose
from data_access.files.recognise import Recognition, recognise
from data_access.files.table import Table
from seed_data import reference
from seed_data.illustrative import LICENCE, SOURCE, data_sets
from seed_data.schools import invent
from tests.data_access.files import MAPPINGS
from tests.data_access.test_ees import META, meta

DEFINITIONS = pd.DataFrame([definition.model_dump() for definition in reference.indicators()])
GROUPS = pd.DataFrame(reference.strategy()["staff_groups"])[["code", "title"]]
PLACE = {
    "time_period": "201112", "time_identifier": "Academic year", "geographic_level": "Local authority",
    "country_code": "E92000001", "country_name": "England", "old_la_code": "202", "new_la_code": "E09000007",
    "la_name": "Camden",
}  # fmt: skip


def found_in(file: Path, meta_file: Path | None = None) -> Recognition:
    opened = open_files(file, meta_file)
    return recognise(opened.data, opened.meta)


def proposal(found: Recognition, saved: Mapping | None = None) -> Proposal:
    return propose(found, DEFINITIONS, GROUPS, saved)


def made(*described: tuple[str, str, str, str], rows: list[dict[str, str]]) -> Proposal:
    """A proposal for rows of values; described: column, type, label, unit."""
    data = Table.of("f.csv", pd.DataFrame([PLACE | row for row in rows], dtype=str))
    about = meta(*[(name, kind, label, "", unit, "", "", "") for name, kind, label, unit in described], columns=META)
    found = recognise(data, about)
    assert found.problems == []
    return proposal(found)


def filter_of(*values: str, name: str = "f") -> dict:
    rows = [{name: value, "n": "1"} for value in values]
    return made((name, "Filter", "F", ""), ("n", "Indicator", "N", ""), rows=rows).content["filters"][name]


def filled(found: Proposal) -> Mapping:
    """A proposal as a mapping once a person has written the rest."""
    content = yaml.safe_load(found.as_yaml())
    content |= {"source": content["source"] or "A source", "licence": content["licence"] or "OGL"}
    return Mapping.model_validate(content)


def test_illustrative_files_are_proposed_exactly(tmp_path: Path) -> None:
    definitions, authorities = reference.indicators(), reference.authorities()
    titles = dict(zip(GROUPS["code"], GROUPS["title"], strict=True))
    done = 0
    for data_set in data_sets(definitions, authorities, invent(authorities, 400).schools, titles):
        found = proposal(found_in(*data_set.write(tmp_path)))
        assert (found.missing, found.left) == (["source", "licence"], [])
        assert all(part.sure for part in found.parts)
        content = yaml.safe_load(found.as_yaml()) | {"source": SOURCE, "licence": LICENCE, "kind": "illustrative"}
        assert Mapping.model_validate(content) == data_set.mapping
        done += 1
    assert done > 2


def test_absence_by_term(absence: Path) -> None:
    found = proposal(found_in(absence, absence.with_suffix(".meta.csv")))
    shipped = read_mapping(MAPPINGS / "absence_by_term.yaml")
    proposed = filled(found)
    assert proposed.filters["school_type"] == shipped.filters["school_type"]
    # The shipped mapping keeps the year's total only; the terms can be had, too.
    assert proposed.filters["term"].role == "term"
    assert proposed.filters["term"].values == {
        "Total": "year", "Autumn term": "autumn", "Spring term": "spring", "Summer term": "summer",
    }  # fmt: skip
    first, item = proposed.indicators[0], shipped.indicators[0]
    assert (first.numerator, first.denominator, first.rate) == (item.numerator, item.denominator, None)
    assert [each.indicator for each in proposed.indicators] == [
        "overall_absence_rate", "authorised_absence_rate", "unauthorised_absence_rate",
    ]  # fmt: skip
    assert first.define is not None
    assert (first.define.denominator_counts, first.define.unit) == ("other", "percent")
    assert "sess_overall_percent is 100 × sess_overall ÷ sess_possible in each" in found.as_yaml()
    assert {"source", "licence", "indicators.overall_absence_rate.define.caveats"} <= set(found.missing)
    assert "sess_auth_illness" in found.left


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("npq_school_coverage", {"numerator": "npq_schools", "denominator": "total_schools"}),
        (
            "npq_participants",
            {
                "numerator": "npq_unique_participants_swc_eligible",
                "denominator": "teaching_workforce_headcount_swc",
            },
        ),
    ],
)
def test_npq_files_have_counts_behind_their_rates(published: Path, name: str, columns: dict) -> None:
    found = proposal(found_in(published / "cpd" / f"{name}_2024-25.first5.csv"))
    shipped = read_mapping(MAPPINGS / f"{name}.yaml")
    proposed = filled(found)
    assert proposed.filters == shipped.filters
    assert proposed.indicators[0].model_dump(include={"numerator", "denominator"}) == columns
    undecided = ["filters.cum_disc.values"] if name == "npq_school_coverage" else []
    assert [place for place in found.missing if place.startswith("filters")] == undecided


def test_every_published_file_has_a_proposal_that_can_be_read(published: Path) -> None:
    count = 0
    for file in sorted(published.glob("*/*.csv")):
        if file.name.endswith(".meta.csv") or file.parent.name == "schools":
            continue
        beside = file.with_suffix(".meta.csv")
        found = found_in(file, beside if beside.exists() else None)
        if not found.problems:
            made = proposal(found)
            content = yaml.safe_load(made.as_yaml())
            assert content == made.content
            assert "indicators" in made.missing or filled(made)
            assert all(part.why.endswith(".") for part in made.parts)
            count += 1
    assert count > 20


@pytest.mark.parametrize(
    ("values", "role", "meant"),
    [
        (["All staff", "Teachers", "Support staff"], "staff_group", {"all", "teachers", "support_staff"}),
        (["teachers", "support_staff", "Total"], "staff_group", {"all", "teachers", "support_staff"}),
        (["State-funded primary", "State-funded secondary", "Special", "Total"], "phase", None),
        (["Autumn term", "Spring term"], "term", {"autumn", "spring"}),
        (["Autumn", "Total"], "term", {"autumn", "year"}),
    ],
)
def test_roles_of_filters(values: list[str], role: str, meant: set[str] | None) -> None:
    found = filter_of(*values)
    assert found["role"] == role
    assert set(found["values"]) == set(values)
    assert set(found["values"].values()) == (meant or {"primary", "secondary", "special", "all"})


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        (["Boys", "Girls", "Total"], ["Total"]),
        (["Boys", "All pupils"], ["All pupils"]),
        (["All ages over 16", "17"], ["All ages over 16"]),
        (["Only this"], ["Only this"]),
        (["All", "Total", "Boys"], ["Total"]),
    ],
)
def test_values_to_keep(values: list[str], kept: list[str]) -> None:
    assert filter_of(*values) == {"role": "keep", "values": kept}


def test_a_filter_without_a_total_is_left_to_a_person() -> None:
    found = made(
        ("sex", "Filter", "Sex", ""), ("n", "Indicator", "N", ""),
        rows=[{"sex": "Boys", "n": "1"}, {"sex": "Girls", "n": "2"}],
    )  # fmt: skip
    assert "filters.sex.values" in found.missing
    assert [(part.place, part.sure) for part in found.parts] == [("filters.sex", False)]
    assert "# filters.sex (to be checked): none of its 2 values" in found.as_yaml()
    assert "indicators" in found.missing


def test_values_that_would_count_twice() -> None:
    """Two values for one phase: one is taken, and a person is asked; a filter that says the same again keeps all."""
    phase = filter_of("State-funded primary", "Academy primary schools", "Secondary", "Primary and secondary")
    assert phase["values"] == {"State-funded primary": "primary", "Secondary": "secondary"}
    twins = [{"phase": p, "kind": k, "n": "1"} for p, k in (("Primary", "A"), ("Secondary", "B"), ("Total", "All"))]
    columns = [("phase", "Filter", "P", ""), ("kind", "Filter", "K", ""), ("n", "Indicator", "N", "")]
    found = made(*columns, rows=twins).content["filters"]
    assert (found["phase"]["role"], found["kind"]) == ("phase", {"role": "keep", "values": ["A", "B", "All"]})


def test_a_role_is_given_once() -> None:
    columns = [("a", "Filter", "A", ""), ("b", "Filter", "B", ""), ("n", "Indicator", "N", "")]
    rows = [
        {"a": a, "b": b, "n": "1"} for a in ("Primary", "Secondary", "Total") for b in ("Primary", "Special", "Total")
    ]
    found = made(*columns, rows=rows).content["filters"]
    assert [found[name]["role"] for name in "ab"] == ["phase", "keep"]


def test_indicators_by_code_and_by_words() -> None:
    known = DEFINITIONS.set_index("code").loc["inducted"]
    columns = [
        ("reviewed_n", "Indicator", "x", ""), ("reviewed_d", "Indicator", "y", ""),
        ("plan_aligned_rate", "Indicator", "z", "%"), ("needs_met_numerator", "Indicator", "alone", ""),
        ("share", "Indicator", known["title"], "%"),
    ]  # fmt: skip
    row = {name: "50" for name, *_ in columns} | {"who": "Teachers"}
    found = made(*columns, ("who", "Filter", "Staff", ""), rows=[row] * 3)
    assert found.content["indicators"] == [
        {"indicator": "reviewed", "numerator": "reviewed_n", "denominator": "reviewed_d"},
        {"indicator": "plan_aligned", "rate": "plan_aligned_rate"},
        {"indicator": "inducted", "rate": "share"},
    ]
    assert [part.sure for part in found.parts] == [True] * 4
    assert found.left == ["needs_met_numerator"]


def test_the_staff_group_of_a_file_without_a_filter_for_it() -> None:
    names = [f"{code}_{end}" for code in ("clt_registered", "cross_school_learning", "reviewed") for end in "nd"]
    columns = [(name, "Indicator", name, "") for name in names]
    found = made(*columns, rows=[dict.fromkeys(names, "5")])
    groups = {item["indicator"]: item.get("staff_group") for item in found.content["indicators"]}
    collected = DEFINITIONS.set_index("code")["staff_groups"]
    assert groups["clt_registered"] == collected["clt_registered"][0] == "teachers"
    assert groups["cross_school_learning"] is None
    assert "indicators.cross_school_learning.staff_group" in found.missing
    assert found.parts[1].why.endswith("for which staff group: teachers, support_staff.")


def test_counts_are_paired_by_words_where_there_is_no_percentage() -> None:
    columns = [
        ("staff_trained", "Indicator", "Number of staff trained", ""),
        ("staff_headcount", "Indicator", "Headcount of staff", ""),
        ("median_pay", "Indicator", "Median pay", "£"),
    ]
    found = made(*columns, rows=[{name: "50" for name, *_ in columns}])
    money, pair = filled(found).indicators
    assert money.define is not None
    assert (money.rate, money.define.unit, money.define.collected_from) == ("median_pay", "gbp", "published")
    assert (pair.indicator, pair.numerator, pair.denominator) == ("staff_trained", "staff_trained", "staff_headcount")
    assert pair.define is not None
    assert (pair.define.denominator_counts, pair.define.collected_from) == ("people", "la")
    assert [part.sure for part in found.parts] == [True, False]


def test_shares_that_pass_for_percentages_are_to_be_checked() -> None:
    found = made(("rate", "Indicator", "Response rate", "%"), rows=[{"rate": "0.72"}, {"rate": "0.76"}])
    assert (found.parts[0].sure, "a share instead" in found.parts[0].why) == (False, True)


def test_names_with_line_breaks_stay_in_their_comments() -> None:
    columns = [("sex\nkind: illustrative\n", "Filter", "Sex", ""), ("a\rb\u2028c_rate", "Indicator", "A rate", "%")]
    found = made(*columns, rows=[{columns[0][0]: "Total", columns[1][0]: "5"}])
    assert yaml.safe_load(found.as_yaml()) == found.content
    assert found.content["kind"] == "published"


def test_a_saved_mapping_wins_where_it_fits(absence: Path) -> None:
    file = found_in(absence, absence.with_suffix(".meta.csv"))
    saved = read_mapping(MAPPINGS / "absence_by_term.yaml")
    again = proposal(file, saved)
    assert (again.missing, filled(again)) == ([], saved)
    assert again.notes == ["The saved mapping absence_by_term fits and is used again."]
    assert all(part.sure and "saved" in part.why for part in again.parts)

    emptied = saved.model_copy(
        update={"filters": saved.filters | {"term": FilterMapping(role="keep", values=["Year"])}}
    )
    assert "does not fit: none of its values stands in term." in proposal(file, emptied).notes[0]

    other = proposal(file, read_mapping(MAPPINGS / "npq_participants.yaml"))
    (note,) = other.notes
    assert note.startswith("The saved mapping npq_participants does not fit: the file has no column percent_workforce")
    assert "it does not mention the filter term, school_type." in note
    assert other.content["indicators"][0]["indicator"] == "overall_absence_rate"
