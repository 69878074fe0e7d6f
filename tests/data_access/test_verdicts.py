"""Every published EES file and what becomes of it: taken or refused, and the sentence that says why.

`python -m tests.data_access.test_verdicts` prints the table.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest

from data_access.errors import ImportRefused
from data_access.files.mapping import Mapping
from data_access.files.opening import open_files
from data_access.files.recognise import Recognition, recognise
from tests.data_access.files import definition

SIX_DIGITS = "“Academic year” is written with 6 digits"
LONDON = "Inner and Outer London, which are parts of London"


@dataclass(frozen=True)
class Verdict:
    """taken: whether the file's structure is accepted; says: part of a reason, or of a note where it is taken."""

    folder: str
    file: str
    taken: bool
    says: str = ""
    place: tuple[int | None, str | None] = (None, None)


def screener(file: str, taken: bool, says: str = "", row: int | None = None, column: str | None = None) -> Verdict:
    return Verdict("ees_screener", file, taken, says, (row, column))


def app(file: str, taken: bool, says: str = "", row: int | None = None, column: str | None = None) -> Verdict:
    return Verdict("ees_app", file, taken, says, (row, column))


VERDICTS = [
    screener("data_mandatory_cols.csv", False, "this column is missing", 1, "geographic_level"),
    screener("date_format.csv", True),
    screener("fails_allchecks.csv", False, SIX_DIGITS, 2, "time_period"),
    screener("fails_everything_ancillary.csv", False, "does not describe this column", 1, "school_type"),
    screener("fails_file validation.csv", False, SIX_DIGITS, 2, "time_period"),
    screener("fails_prescreening1.csv", False, "not a level of the EES standard", 2, "geographic_level"),
    screener("fails_prescreening2.csv", False, SIX_DIGITS, 2, "time_period"),
    screener("filter_groups_mix.csv", False, "does not describe this column", 1, "version"),
    screener("hyphen.csv", True),
    screener("invalid_type.txt", False, "no header of two or more columns", 1),
    screener("invalid_type2.txt", False, "no header of two or more columns", 1),
    screener("invalid_type3.csv", True, LONDON),  # its meta file is a workbook, which is taken as well
    screener("label_blank_notNA.csv", False, "the column has no label", 2, "label"),
    screener("noFilters.csv", True),
    screener("passes_everything.csv", True, "levels not held here: Local authority district 1 row"),
    screener("passes_everything_advisory.csv", True, LONDON),
    screener("passes_everything_ancillary.csv", True, "levels not held here: Institution 24 rows"),
    app("all_geographies.csv", False, "this column is missing, and the file has School rows", 1, "school_laestab"),
    app("data-further-education-and-skills.csv", True),
    app("dates-replacement.csv", False, "does not describe this column", 1, "week"),
    app("dates.csv", False, "does not describe this column", 1, "week"),
    app("filter_hierarchy_student_enrolment.csv", True),
    app("grouped-filters-and-indicators-replacement.csv", True, "levels not held here: Provider 140 rows"),
    app("grouped-filters-and-indicators.csv", True, "levels not held here: Provider 100 rows"),
    app("invalid-data-set.csv", False, "this row describes no column", 3, "col_name"),
    app("large-data-set.meta.csv", False, "this is a meta file", 1),
    app("mixed-categorical-numerical-data-test.csv", True, "ind_one holds text in 4 rows: “large”"),
    app("ordering-test-1.csv", True),
    app("ordering-test-2.csv", True, "the filter filter_one has one value, “Total”"),
    app("ordering-test-3-replacement.csv", False, "do not follow each other", 4, "time_period"),
    app("ordering-test-3.csv", True),
    app("ordering-test-4.csv", True, "the filter filter_one has one value, “Total”"),
    app("seven_filters.csv", True),
    app("seven_filters_minor_update.csv", True),
    app("tiny-one-filter.csv", False, "does not describe this column", 1, "school_type"),
    app("tiny-two-filters.csv", True),
    app("upload-file-test-with-filter.csv", True, "levels not held here: Opportunity area 34 rows"),
    app("upload-file-test.csv", True, "levels not held here: Opportunity area 17 rows"),
]


def meta_of(file: Path) -> Path | None:
    """The meta file beside a data file, whatever it is written as."""
    return next(iter(sorted(file.parent.glob(f"{file.stem}.meta.*"))), None)


def found_in(file: Path) -> Recognition:
    """What a pair holds; raises ImportRefused where it cannot be opened."""
    opened = open_files(file, meta_of(file))
    return recognise(opened.data, opened.meta)


def as_table() -> str:
    """The verdicts as a Markdown table."""
    rows = [f"| {v.folder}/{v.file} | {'taken' if v.taken else 'refused'} | {v.says} |" for v in VERDICTS]
    return "\n".join(["| file | verdict | because, or note |", "|---|---|---|", *rows])


@pytest.mark.parametrize("verdict", VERDICTS, ids=lambda verdict: verdict.file)
def test_the_verdict_on_a_published_file(published: Path, verdict: Verdict) -> None:
    file = published / verdict.folder / verdict.file
    try:
        found = found_in(file)
        problems, notes = found.problems, found.notes
    except ImportRefused as refusal:
        problems, notes = refusal.problems, []
    assert (not problems) == verdict.taken, [str(problem) for problem in problems[:3]]
    if verdict.taken:
        assert not verdict.says or any(verdict.says in note for note in notes), notes
    else:
        at_place = [p.message for p in problems if (p.row, p.column) == verdict.place]
        assert any(verdict.says in message for message in at_place), [str(problem) for problem in problems[:3]]
        assert all(p.file.startswith(file.stem.removesuffix(".meta")) and p.remedy for p in problems)


def test_no_file_is_forgotten(published: Path) -> None:
    judged = set()
    for verdict in VERDICTS:
        file = published / verdict.folder / verdict.file
        judged |= {file, meta_of(file) or file}
    there = {file for folder in ("ees_screener", "ees_app") for file in (published / folder).iterdir()}
    assert there == judged
    assert len(as_table().splitlines()) == len(VERDICTS) + 2


def test_each_reason_of_a_file_with_many(published: Path) -> None:
    missing = found_in(published / "ees_screener" / "data_mandatory_cols.csv").problems
    assert [p.column for p in missing] == ["time_period", "geographic_level", "year", "level"]
    invalid = found_in(published / "ees_app" / "invalid-data-set.csv").problems
    assert [p.row for p in invalid if p.file.endswith(".meta.csv")] == [3, 4, 5, 6, 7]
    assert {p.row for p in invalid if p.file == "invalid-data-set.csv"} == set(range(12, 25))
    level = found_in(published / "ees_screener" / "fails_prescreening1.csv").problems
    assert [(p.row, p.value) for p in level if p.column == "geographic_level"] == [(2, "England")]
    assert sum(p.column == "time_period" for p in level) == 375


def test_text_in_an_indicator_refuses_the_mapping_that_uses_it(published: Path, request: pytest.FixtureRequest) -> None:
    from data_access.engine import get_engine
    from data_access.imports import import_file
    from tests.conftest import sqlite_url

    file = published / "ees_app" / "mixed-categorical-numerical-data-test.csv"
    engine = get_engine(sqlite_url(request.getfixturevalue("small_copy")))
    for column, works in (("ind_one", False), ("ind_two", True)):
        item = {"indicator": "extra_one", "rate": column, "define": definition("extra_one", unit="rate")}
        made = Mapping.model_validate(
            {"data_set": "mixed", "source": "A test", "licence": "MIT", "kind": "published", "indicators": [item]}
        )
        if works:
            assert import_file(engine, file, meta_of(file), made, dry_run=True).observations == 4
        else:
            with pytest.raises(ImportRefused) as caught:
                import_file(engine, file, meta_of(file), made, dry_run=True)
            assert {(p.column, p.value) for p in caught.value.problems} >= {(column, "large"), (column, "small")}


if __name__ == "__main__":
    print(as_table())
