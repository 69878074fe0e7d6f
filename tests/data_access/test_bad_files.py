"""Bad files and bad mappings: refused with file, row, column, value and remedy, all of them, and no other exception."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from data_access.engine import get_engine
from data_access.errors import ImportRefused, Problem
from data_access.files.mapping import read_mapping
from data_access.imports import Report, import_file
from tests.conftest import sqlite_url
from tests.data_access.files import BARNET, CAMDEN, HEADER, definition, line, mapping, write
from tests.data_access.published import import_pair

GOOD = [line(CAMDEN, 7, 50), line(BARNET, 8, 60)]
META = "col_name,col_type,label\ngroup,Filter,Group\nn,Indicator,N\nd,Indicator,D\n"


@pytest.fixture
def database(small_database: Path) -> Engine:
    """A database that refusals leave as it is, so that all tests can share it."""
    return get_engine(sqlite_url(small_database))


def refused(engine: Engine, file: Path, **choice: object) -> list[Problem]:
    meta = choice.pop("meta", None)
    with pytest.raises(ImportRefused) as caught:
        import_file(engine, file, meta, choice.pop("mapping", None) or mapping(**choice), dry_run=True)  # type: ignore[arg-type]
    assert str(caught.value.count) in str(caught.value)
    for problem in caught.value.problems:
        assert problem.message.endswith(".")
        assert problem.remedy.endswith((".", "…"))
        assert problem.file in str(problem)
    return caught.value.problems


def places(problems: list[Problem]) -> list[tuple]:
    return [(p.row, p.column, p.value) for p in problems]


@pytest.mark.parametrize(
    ("row", "place", "says"),
    [
        (line(CAMDEN, "seven", 50), ("n", "seven"), "neither a number nor a symbol"),
        (line(CAMDEN, "1,234", 5000), ("n", "1,234"), "neither a number nor a symbol"),
        (line(CAMDEN, "", 50), ("n", ""), "empty"),
        (line(CAMDEN, "1e999", 50), ("n", "1e999"), "neither a number nor a symbol"),
        (line(CAMDEN, -7, 50), ("n", "-7"), "below zero"),
        (line(CAMDEN, 7, -50), ("d", "-50"), "below zero"),
        (line(CAMDEN, 70, 50), ("n", "70"), "larger than the denominator"),
        (line(CAMDEN, 7, 50, period="200911"), ("time_period", "200911"), "do not follow each other"),
        (line(CAMDEN, 7, 50, period="2011"), ("time_period", "2011"), "6 digits"),
        (line([*CAMDEN[:2], "999", "E09000099", "Nowhere"], 7, 50), ("old_la_code", "999"), "no local authority"),
        (line([*CAMDEN[:2], "", "E09000099", "Nowhere"], 7, 50), ("old_la_code", ""), "no local authority"),
        (line(CAMDEN, 7, 50, level="Borough"), ("geographic_level", "Borough"), "not a level"),
        (line(["E12000099", "Nowhere"], 7, 50, level="Regional"), ("region_code", "E12000099"), "nine regions"),
    ],
)
def test_a_bad_value_is_named_with_its_place(
    database: Engine, tmp_path: Path, row: list[str], place: tuple, says: str
) -> None:
    problems = refused(database, write(tmp_path / "bad.csv", [GOOD[1], row]))
    assert {"over": "", **{p.file: p.message for p in problems}}.keys() == {"over", "bad.csv"}
    assert (3, *place) in places(problems)
    assert any(says in p.message for p in problems)


def test_rows_are_lines_as_an_editor_shows_them(database: Engine, tmp_path: Path) -> None:
    """Blank lines and quoted line breaks count."""
    file = tmp_path / "bad.csv"
    two = [*CAMDEN[:4], "Camden\nTown"]
    write(file, [line(two, 7, 50)])
    file.write_text(file.read_text(encoding="utf-8") + "\n" + ",".join(line(BARNET, "x1", 60)) + "\n", encoding="utf-8")
    assert places(refused(database, file)) == [(5, "n", "x1")]
    assert file.read_text(encoding="utf-8").splitlines()[4].split(",")[-2] == "x1"


def test_every_problem_is_reported_not_the_first_only(database: Engine, tmp_path: Path) -> None:
    rows = [line(CAMDEN, -1, "many"), line(BARNET, 9, 3, period="201113"), line([*CAMDEN[:2], "000", "", "?"], 1, 2)]
    problems = refused(database, write(tmp_path / "bad.csv", rows))
    assert {(2, "n", "-1"), (2, "d", "many"), (3, "time_period", "201113"), (4, "old_la_code", "000")} <= set(
        places(problems)
    )


def test_the_first_thousand_problems_are_kept_and_all_are_counted(database: Engine, tmp_path: Path) -> None:
    file = write(tmp_path / "bad.csv", [line(CAMDEN, "many", 50)] * 1500)
    with pytest.raises(ImportRefused) as caught:
        import_file(database, file, None, mapping())
    assert len(caught.value.problems) == 1000
    assert caught.value.count >= 1500


def test_doubled_rows(database: Engine, tmp_path: Path) -> None:
    problems = refused(database, write(tmp_path / "bad.csv", [*GOOD, GOOD[0]]))
    assert places(problems) == [(4, None, "202")]
    assert "second row" in problems[0].message


@pytest.mark.parametrize(
    ("content", "row", "says"),
    [
        (b"", 1, "empty"),
        (b"time_period\n201112\n", 1, "two or more columns"),
        (b"PK\x03\x04\x00\x00\xff\xfe,\x00\x01\n\x00\x02", 1, "not text"),
        (",".join(HEADER).encode() + b"\n", None, "no rows"),
    ],
)
def test_no_table_at_all(database: Engine, tmp_path: Path, content: bytes, row: int | None, says: str) -> None:
    file = tmp_path / "bad.csv"
    file.write_bytes(content)
    (problem,) = refused(database, file)
    assert (problem.file, problem.row) == ("bad.csv", row)
    assert says in problem.message


def test_ragged_lines(database: Engine, tmp_path: Path) -> None:
    file = write(tmp_path / "bad.csv", [GOOD[0], GOOD[1][:-1], [*GOOD[1], "9"]])
    problems = refused(database, file)
    assert [p.row for p in problems] == [3, 4]
    assert ["has 12 values" in problems[0].message, "has 14 values" in problems[1].message] == [True, True]


@pytest.mark.parametrize("column", ["time_period", "geographic_level", "la_name", "n"])
def test_a_missing_column(database: Engine, tmp_path: Path, column: str) -> None:
    at = HEADER.index(column)
    rows = [[value for i, value in enumerate(row) if i != at] for row in GOOD]
    problems = refused(database, write(tmp_path / "bad.csv", rows, [name for name in HEADER if name != column]))
    assert (1, column, None) in places(problems)


def test_a_doubled_column_and_a_wrong_header(database: Engine, tmp_path: Path) -> None:
    doubled = refused(database, write(tmp_path / "bad.csv", GOOD, [*HEADER[:-1], "n"]))
    assert places(doubled) == [(1, "n", None)]
    wrong = refused(database, write(tmp_path / "bad.csv", GOOD, [name.upper() for name in HEADER]))
    assert {"time_period", "time_identifier", "geographic_level", "country_code", "country_name"} <= {
        p.column for p in wrong
    }


def test_files_that_are_not_there(database: Engine, tmp_path: Path) -> None:
    file = write(tmp_path / "good.csv", GOOD)
    assert "does not exist" in refused(database, tmp_path / "none.csv")[0].message
    assert "does not exist" in refused(database, file, meta=tmp_path / "none.meta.csv")[0].message
    assert "cannot be read" in refused(database, tmp_path)[0].message


@pytest.mark.parametrize(
    ("meta", "place"),
    [
        (META.replace("col_type", "kind"), (1, "col_type", None)),
        (META + "n,Indicator,Again\n", (5, "col_name", "n")),
        (META.replace("d,Indicator", "d,Number"), (4, "col_type", "Number")),
        (META + "e,Indicator,E\n", (5, "col_name", "e")),
        (META.replace("d,Indicator,D\n", ""), (1, "d", None)),
    ],
)
def test_a_meta_file_that_does_not_fit(database: Engine, tmp_path: Path, meta: str, place: tuple) -> None:
    described = tmp_path / "good.meta.csv"
    described.write_text(meta, encoding="utf-8")
    assert place in places(refused(database, write(tmp_path / "good.csv", GOOD), meta=described))


def test_a_filter_that_the_mapping_forgot(database: Engine, tmp_path: Path) -> None:
    described = tmp_path / "good.meta.csv"
    described.write_text(META, encoding="utf-8")
    rows = [GOOD[0], [*GOOD[1][:-3], "Part", *GOOD[1][-2:]]]
    (problem,) = refused(database, write(tmp_path / "good.csv", rows), meta=described)
    assert (problem.column, "2 values" in problem.message) == ("group", True)


ITEM = {"indicator": "duplicated_offers", "numerator": "n", "denominator": "d"}
NEW = {"indicator": "extra_one", "numerator": "n", "denominator": "d", "define": definition("extra_one")}


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"indicators": [ITEM | {"indicator": "nonsense"}]}, ("indicator", "nonsense")),
        ({"indicators": [ITEM | {"numerator": "m"}]}, ("m", None)),
        ({"indicators": [ITEM | {"staff_group": "wizards"}]}, ("staff_group", "wizards")),
        ({"indicators": [ITEM | {"staff_group": "teachers"}]}, ("staff_group", "teachers")),
        ({"indicators": [NEW | {"define": definition("extra_one", outcome="9z")}]}, ("outcome", "9z")),
        ({"indicators": [NEW | {"define": definition("extra_one", scope="Narnia")}]}, ("scope", "Narnia")),
        ({"filters": {"sex": {"role": "keep", "values": ["Total"]}}}, ("sex", None)),
    ],
)
def test_a_mapping_that_does_not_fit_the_database(
    database: Engine, tmp_path: Path, changes: dict, place: tuple
) -> None:
    problems = refused(database, write(tmp_path / "good.csv", GOOD), mapping=mapping(**changes))
    assert place in [(p.column, p.value) for p in problems]


MAPPING = """\
data_set: test
source: A test
licence: None
kind: illustrative
indicators:
  - {indicator: duplicated_offers, numerator: n, denominator: d}
"""


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (MAPPING + "colour: red\n", (None, "colour", "red")),
        (MAPPING.replace("kind: illustrative", "kind: real"), (None, "kind", "real")),
        (MAPPING.replace("licence: None\n", ""), (None, "licence", None)),
        (MAPPING.replace("A test", "=1+1"), (None, "source", "=1+1")),
        (MAPPING.replace(", denominator: d", ""), (None, "indicators.0", None)),
        (MAPPING + "filters: {t: {role: term, values: {A: winter}}}\n", (None, "filters.t", None)),
        (MAPPING + "filters: {t: {role: keep, values: {A: B}}}\n", (None, "filters.t", None)),
        (MAPPING + "  - {indicator: duplicated_offers, rate: r}\n", (None, None, None)),
        (MAPPING + "\t- x: [\n", (7, None, None)),
        ("", (None, None, "None")),
        ("- a\n- b\n", (None, None, None)),
    ],
)
def test_a_mapping_that_is_wrong_in_itself(tmp_path: Path, text: str, place: tuple) -> None:
    file = tmp_path / "map.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ImportRefused) as caught:
        read_mapping(file)
    assert [p.file for p in caught.value.problems] == ["map.yaml"]
    assert places(caught.value.problems) == [place]


def test_a_mapping_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(ImportRefused, match="1 problem"):
            read_mapping(path)


LOADS = {
    "date_format", "hyphen", "noFilters", "passes_everything", "passes_everything_advisory",
    "data-further-education-and-skills", "filter_hierarchy_student_enrolment", "mixed-categorical-numerical-data-test",
    "ordering-test-1", "ordering-test-2", "ordering-test-3", "ordering-test-4", "seven_filters",
    "seven_filters_minor_update", "tiny-two-filters", "upload-file-test", "upload-file-test-with-filter",
}  # fmt: skip


def test_every_published_pair_loads_or_is_refused_in_plain_words(published: Path, small_copy: Path) -> None:
    engine = get_engine(sqlite_url(small_copy))
    outcome: dict[str, Report | ImportRefused] = {}
    for folder in ("ees_screener", "ees_app"):
        for file in sorted((published / folder).glob("*.csv")):
            if file.name.endswith(".meta.csv"):
                continue
            try:
                outcome[file.stem] = import_pair(engine, file)
            except ImportRefused as refusal:
                outcome[file.stem] = refusal
    assert {name for name, found in outcome.items() if isinstance(found, Report)} == LOADS
    for name, found in outcome.items():
        if isinstance(found, ImportRefused):
            assert all(p.file.startswith(name) and p.message and p.remedy for p in found.problems)
    assert len(outcome) > 30
