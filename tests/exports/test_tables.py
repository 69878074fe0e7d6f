"""Figures as CSV, XLSX, ODS and Parquet: each reads back as the very figures and symbols that the pages show."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet
from python_calamine import CalamineWorkbook
from sqlalchemy import Engine

from data_access import incoming
from data_access.engine import get_engine, reading
from data_access.errors import ImportRefused
from data_access.files.mapping import parse_mapping
from data_access.files.spreadsheets import as_text
from data_access.imports import import_file
from data_access.publish import PARTS, Published, Room, TooLarge, published, shortest
from data_access.settings import settings
from data_access.values import area_values
from exports import __main__ as command
from exports.tables import files, sheets
from measures.words import SYMBOL_WORDS
from tests.conftest import sqlite_url
from tests.data_access.files import CAMDEN, definition, line, mapping, out, write

CODES = ["reviewed", "cost_per_participant_day", "clusters_assured"]  # percent, pounds, and one that is termly
ABOUT = {"Data version": "7, 3 March 2012", "Exported": "2012-03-03", "Dashboard": "https://cpd.example"}
KINDS = list(files.KINDS)


@pytest.fixture(scope="module")
def found(small_database: Path) -> Published:
    """Three indicators of every level above the school, some suppressed, some not collected in a period."""
    return out(get_engine(sqlite_url(small_database)), indicators=CODES, levels=["england", "region", "la"])


@pytest.fixture(scope="module")
def made(found: Published) -> Callable[[str], bytes]:
    """made('ods'): the file."""
    return cache(lambda kind: files.make(found, kind, "figures", ABOUT))


def text(cell: object) -> str:
    """A cell of a workbook as the CSV has it."""
    if isinstance(cell, int | float):
        return shortest(float(cell))
    said = str(cell)
    return "" if said == "[z]" else said


def of_sheet(rows: list[list], found: Published) -> pd.DataFrame:
    """The sheet of figures as the CSV has it, by the headings alone."""
    start = next(at for at, row in enumerate(rows) if row[0] == "Time period")
    names = {heading: name for name, heading in sheets.headings(found).items()}
    frame = pd.DataFrame([[text(cell) for cell in row] for row in rows[start + 1 :]], columns=rows[start]).rename(
        columns=names
    )
    numbers = [name for name in frame if name.rpartition("_")[2] in PARTS]
    frame[numbers] = frame[numbers].replace({f"[{symbol}]": symbol for symbol in SYMBOL_WORDS} | {"": "z"})
    return frame


def read_zip(content: bytes, _found: Published) -> pd.DataFrame:
    archive = zipfile.ZipFile(io.BytesIO(content))
    return pd.read_csv(archive.open("figures.csv"), encoding="utf-8-sig", dtype=str, keep_default_na=False)


def read_xlsx(content: bytes, found: Published) -> pd.DataFrame:
    rows = openpyxl.load_workbook(io.BytesIO(content))["Figures"].iter_rows(values_only=True)
    return of_sheet([list(row) for row in rows], found)


def read_ods(content: bytes, found: Published) -> pd.DataFrame:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("Figures")
    return of_sheet(sheet.to_python(), found)


def read_parquet(content: bytes, _found: Published) -> pd.DataFrame:
    frame = pd.read_parquet(io.BytesIO(content), dtype_backend="numpy_nullable")
    made = {}
    for name in frame:
        code, _, part = name.rpartition("_")
        if part in PARTS:
            symbols = frame[f"{code}_symbol"].where(frame[f"{code}_symbol"] != "", "z")
            made[name] = [
                mark if pd.isna(number) else shortest(float(number))
                for number, mark in zip(frame[name], symbols, strict=True)
            ]
        elif part != "symbol":
            made[name] = frame[name].tolist()
    return pd.DataFrame(made)


READ = {"zip": read_zip, "xlsx": read_xlsx, "ods": read_ods, "parquet": read_parquet}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_reads_back_as_the_same_rows(found: Published, made: Callable[[str], bytes], kind: str) -> None:
    assert set(READ) == set(KINDS)
    read = READ[kind](made(kind), found)
    pd.testing.assert_frame_equal(read.astype(object), found.data, check_column_type=False)
    assert {"c", "z"} <= set(read["reviewed_lower"])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", CODES[:2])
def test_every_kind_holds_what_the_pages_show(
    small_database: Path, found: Published, made: Callable[[str], bytes], kind: str, code: str
) -> None:
    """Without publish between: the numbers to the last bit, and the symbols, as values has them."""
    with reading(get_engine(sqlite_url(small_database))) as connection:
        shown = area_values(connection, "la", indicator=code)
    read = READ[kind](made(kind), found)
    read = read[
        (read["geographic_level"] == "Local authority") & (read["time_identifier"] == "Academic year")
    ].set_index(["time_period", "old_la_code"])
    shown["time_period"] = shown["period"].str.replace("/", "")
    shown = shown[~shown["symbol"].isin(["x", "z"])].set_index(["time_period", "area_code"])
    mine = read.loc[shown.index]
    for name in PARTS:
        cells, expected = mine[f"{code}_{name}"], shown["value" if name == "rate" else name].to_numpy(dtype=float)
        expected = np.where(shown["value"].isna(), np.nan, expected)
        np.testing.assert_array_equal(pd.to_numeric(cells, errors="coerce").to_numpy(dtype=float), expected)
    hidden = shown["value"].isna().to_numpy()
    assert mine.loc[hidden, f"{code}_rate"].tolist() == shown.loc[hidden, "symbol"].tolist()


@pytest.mark.parametrize("kind", ["zip", "xlsx"])
def test_what_was_taken_out_comes_back_in_unchanged(
    small_database: Path, made: Callable[[str], bytes], found: Published, tmp_path: Path, kind: str
) -> None:
    file = tmp_path / f"figures.{kind}"
    file.write_bytes(made(kind))
    seen = incoming.look(file)
    assert seen.mapping == found.mapping
    report = incoming.bring_in(get_engine(sqlite_url(small_database)), seen, dry_run=True)
    assert (report.new, report.revised, report.unchanged) == (0, 0, len(found.data) * len(CODES))
    assert not any("unit" in note for note in seen.found.notes)  # type: ignore[union-attr]


@pytest.fixture
def book(small_database: Path) -> openpyxl.Workbook:
    """A small workbook that was taken out, to be edited."""
    few = out(get_engine(sqlite_url(small_database)), indicators=["duplicated_offers"], areas=["E12000007"])
    return openpyxl.load_workbook(io.BytesIO(files.make(few, "xlsx", "x", {})))


def test_a_workbook_that_was_edited_revises_what_was_edited(
    small_database: Path, book: openpyxl.Workbook, tmp_path: Path
) -> None:
    sheet = book["Figures"]
    cells = {cell.value: cell.column for row in sheet.iter_rows() for cell in row if cell.row < 7}
    numerator = next(column for heading, column in cells.items() if str(heading).endswith(": numerator"))
    row = next(row for row in range(7, 200) if isinstance(sheet.cell(row, numerator).value, int))
    sheet.cell(row, numerator).value += 1
    book.save(tmp_path / "edited.xlsx")
    seen = incoming.look(tmp_path / "edited.xlsx")
    report = incoming.bring_in(get_engine(sqlite_url(small_database)), seen, dry_run=True)
    assert (report.new, report.revised) == (0, 1)


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "says"),
    [
        ("Figures", "A6", "199", "is written with 6 digits"),
        ("Columns", "A4", "Something else", "does not say what this column is"),
        ("Columns", "B3", "Other", "this column is missing"),
        ("Mapping", "B4", "{broken", ""),
    ],
)
def test_a_workbook_that_was_spoilt_is_refused_in_words(
    small_database: Path, book: openpyxl.Workbook, tmp_path: Path, sheet: str, cell: str, value: str, says: str
) -> None:
    book[sheet][cell] = value
    book.save(tmp_path / "spoilt.xlsx")
    with pytest.raises(ImportRefused) as refused:
        incoming.bring_in(get_engine(sqlite_url(small_database)), incoming.look(tmp_path / "spoilt.xlsx"), dry_run=True)
    assert any(says in problem.message for problem in refused.value.problems), refused.value.problems[0]
    assert all(problem.remedy for problem in refused.value.problems)


def words_of(kind: str, content: bytes) -> dict[str, list[list[str]]]:
    """The sheets of a workbook as text, without blank cells."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert kind in ("xlsx", "ods")
    return {
        name: [
            [shortest(float(cell)) if isinstance(cell, int | float) else cell for cell in row if cell != ""]
            for row in book.get_sheet_by_name(name).to_python()
        ]
        for name in book.sheet_names
    }


def test_ods_has_the_same_sheets_and_words_as_xlsx(made: Callable[[str], bytes]) -> None:
    xlsx, ods = (words_of(kind, made(kind)) for kind in ("xlsx", "ods"))
    assert list(ods) == ["Cover", "Contents", "Notes", "Figures", "Columns", "Mapping"]
    assert ods == xlsx
    assert ["Illustrative data: the figures are invented; they say nothing about any real place or school."] in ods[
        "Cover"
    ]
    assert ["Data version: 7, 3 March 2012"] in ods["Cover"]
    assert ["[c]", "suppressed to protect confidentiality"] in ods["Notes"]
    archive = zipfile.ZipFile(io.BytesIO(made("ods")))
    assert archive.infolist()[0].filename == "mimetype"
    assert archive.read("mimetype").decode() == files.KINDS["ods"].media
    content = archive.read("content.xml").decode()
    assert content.count("<table:table-header-rows>") == 5, "each table names its heading row"
    assert 'table:name="figures" table:contains-header="true"' in content
    assert "xlink:href=\"#'Figures'.A1\"" in content
    assert "<dc:language>en-GB</dc:language>" in archive.read("meta.xml").decode()


def test_odd_text_comes_through_a_workbook_as_it_is(found: Published) -> None:
    odd = ["=cmd()", "St  Mary’s", " two ", 'A & <b> "q"', "[c]", "-1 + 2"]
    data = found.data.head(len(odd)).assign(la_name=odd)
    changed = Published(data, found.meta, found.mapping)
    for kind in ("xlsx", "ods"):
        read = READ[kind](files.make(changed, kind, "x", {}), changed)
        assert read["la_name"].tolist() == [as_text(name) for name in odd], kind


def test_parquet_says_what_it_holds(found: Published, made: Callable[[str], bytes]) -> None:
    schema = parquet.read_schema(io.BytesIO(made("parquet")))
    told = {key.decode(): value.decode() for key, value in schema.metadata.items()}
    assert told["source"] == found.mapping.source
    assert told["licence"] == found.mapping.licence
    assert (told["kind"], told["Data version"]) == ("illustrative", ABOUT["Data version"])
    assert json.loads(told["symbols"])["c"] == SYMBOL_WORDS["c"]
    assert parse_mapping(told["mapping"], "schema") == found.mapping
    assert schema.field("reviewed_rate").type == pa.float64()
    assert schema.field("reviewed_symbol").type == schema.field("old_la_code").type == pa.string()
    assert schema.field("reviewed_rate").metadata[b"indicator_unit"] == b"%"


def test_published_rates_keep_their_symbols(small_copy: Path, tmp_path: Path) -> None:
    """Where there is a rate and no counts, the counts do not apply."""
    item = {"indicator": "extra_one", "rate": "n", "define": definition("extra_one", collected_from="published")}
    engine = get_engine(sqlite_url(small_copy))
    rows = [line([], 100 / 3, "x", level="National"), line(CAMDEN[:2], "low", "x", level="Regional")]
    import_file(engine, write(tmp_path / "new.csv", rows), None, mapping(indicators=[item], kind="published"))
    found = out(engine, indicators=["extra_one"], levels=["england", "region"])
    assert found.data["extra_one_rate"].tolist() == ["33.333333333333336", "low"]
    for kind in KINDS:
        read = READ[kind](files.make(found, kind, "figures", {}), found)
        pd.testing.assert_frame_equal(read.astype(object), found.data, check_column_type=False)
    assert "Published data." in words_of("ods", files.make(found, "ods", "x", {}))["Cover"][2]


# What is too large ---------------------------------------------------------------------------------------


def test_a_selection_that_is_too_large_is_refused_before_it_is_gathered(small_database: Path) -> None:
    choice = {"levels": ["la"], "staff_groups": ["all"], "phases": ["all"]}
    with reading(get_engine(sqlite_url(small_database))) as connection:
        fits = published(connection, indicators=["plan_aligned"], **choice, room=Room(10_000, "one file"))
        cells = len(fits.data) * len(PARTS)
        published(connection, indicators=["plan_aligned"], **choice, room=Room(cells, "one file"))
        with pytest.raises(TooLarge) as refused:
            published(connection, indicators=["plan_aligned"], **choice, room=Room(cells - 1, "one file", "Take CSV. "))
    assert str(refused.value) == (
        f"This selection is more than one file holds: {cells - 1:,} cells at most. Take CSV. "
        "Choose fewer indicators, periods, areas, staff groups or phases."
    )


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_more_rows_than_a_sheet_holds_are_refused(found: Published, kind: str) -> None:
    many = found.data.iloc[np.zeros(files.SHEET_ROWS, dtype=int)]
    with pytest.raises(TooLarge, match=r"A sheet holds 1,048,576 rows, and this selection has 1,048,576\. Take CSV or"):
        files.make(Published(many, found.meta, found.mapping), kind, "x", {})


# The command ---------------------------------------------------------------------------------------------


@pytest.fixture
def run(at_small: Engine, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """run('--indicator', …) runs `figures`: its exit status, and what it printed and complained of."""

    def figures(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as done:
            command.main(["figures", *arguments])
        printed, complained = capsys.readouterr()
        return int(done.value.code or 0), printed, complained

    return figures


SOME = ("--indicator", "plan_aligned", "--level", "la", "--area", "London", "--period", "2010/11")


@pytest.mark.parametrize("kind", KINDS)
def test_the_command_writes_every_kind(run: Callable, tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"figures.{kind}"
    code, printed, complained = run(*SOME, "--out", str(file))
    assert (code, complained) == (0, "")
    assert printed.startswith(f"Wrote {file}: 33 rows of data version ")
    assert file.read_bytes()[:4] == (b"PAR1" if kind == "parquet" else b"PK\x03\x04")
    assert [each.name for each in tmp_path.iterdir()] == [file.name]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((*SOME, "--out", "figures.doc"), "figures.doc is of no kind that is made. Let its name end in .zip, .xlsx, "),
        ((*SOME, "--out", "missing/figures.ods"), "missing is not there. Make the folder first, or name another one."),
        (("--indicator", "cats", "--level", "la", "--out", "x.ods"), "“cats” is not a known indicator."),
        (("--indicator", "reviewed", "--level", "ward", "--out", "x.ods"), "“ward” is not a known level."),
        ((*SOME, "--area", "Atlantis", "--out", "x.ods"), "“Atlantis” is not a known local authority."),
        ((*SOME, "--as-at", "99", "--out", "x.ods"), "Data version 99 is not one that can be shown."),
    ],
)
def test_what_cannot_be_written_is_said(
    run: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, printed, complained = run(*arguments)
    assert (code, printed) == (1, "")
    assert complained.startswith(says)
    assert complained.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_schools_leave_for_those_who_may_see_them(
    run: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "schools_of", "none")
    code, _, complained = run("--indicator", "inducted", "--level", "school", "--out", str(tmp_path / "x.xlsx"))
    assert (code, complained.partition(".")[0]) == (1, "No schools are shown here")


@pytest.mark.parametrize(
    ("area", "noted"),
    [("Leeds", []), ("Camden", ["schools of 202, zip file"]), ("London", ["schools of 202, zip file"])],
)
def test_the_audit_names_the_schools_that_left_and_no_others(
    run: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, area: str, noted: list[str]
) -> None:
    said: list[str] = []
    monkeypatch.setattr("data_access.audit.schools_left", said.append)
    monkeypatch.setattr(settings(), "schools_of", "202")
    asked = ["--indicator", "inducted", "--level", "la", "--level", "school", "--area", area]
    assert run(*asked, "--out", str(tmp_path / "for Jo Smith.zip"))[0] == 0
    assert said == noted


def test_many_authorities_are_counted(found: Published) -> None:
    rows = found.data[found.data["geographic_level"] == "Local authority"]
    assert found.schools == ""
    assert replace(found, data=rows.assign(geographic_level="School")).schools == "schools of 152 authorities"
