"""Hostile words in every text cell of every kind of file that is brought in: refused in plain words, or kept so."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from sqlalchemy import Engine, inspect

from data_access import evidence_files
from data_access.engine import get_engine, reading
from data_access.errors import ImportRefused
from data_access.files.opening import open_tables
from data_access.files.spreadsheets import csv_bytes, workbook
from data_access.imports import import_file
from data_access.partnerships import incoming
from data_access.partnerships.checks import known
from data_access.partnerships.entries import rows
from data_access.partnerships.fields import MEMBERS, SHEETS, Sheet
from data_access.partnerships.files import EDIT, NUMBER, table
from tests.conftest import sqlite_url
from tests.data_access import test_evidence_files
from tests.data_access.files import CAMDEN, HEADER, line, mapping
from tests.data_access.test_reference_imports import NEIGHBOURS, REGISTER, TARGETS, bring
from tests.hostile import WORDS

NUL, MOST = WORDS["control characters"], len(WORDS) // 2
CODED = {"university", "link"}  # texts of the partnership register that are no words of people
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
TEMPLATE = (
    "indicator,period,level,code,name,staff_group,phase,numerator,denominator,note\n"
    "plan_aligned,2011/12,la,202,Camden,all,all,5,9,\n"
)
FIGURES = [HEADER, line(CAMDEN, 7, 50)]
# Kind of file → a good one, and which of its cells hold any words.
KINDS = {
    "register": (REGISTER.format(urn="900001", phase="Primary"), ["EstablishmentName"]),
    "targets": (TARGETS, []),
    "neighbours": (NEIGHBOURS, []),
    "template": (TEMPLATE, ["name", "note"]),
    "figures": ("\n".join(",".join(row) for row in FIGURES), ["country_name", "region_name", "la_name"]),
}


@pytest.fixture(scope="module")
def engine(small_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """A database of this module's own."""
    copy = tmp_path_factory.mktemp("injection") / "cpd.db"
    copy.write_bytes(small_database.read_bytes())
    return get_engine(sqlite_url(copy))


def tried(do: Callable[[], object]) -> bool:
    """Whether a file was taken; what it is refused for is plain."""
    try:
        do()
    except ImportRefused as refused:
        is_plain(refused)
        return False
    return True


def is_plain(refused: ImportRefused) -> None:
    """What a file is refused for are sentences, and leaves as a file that computes nothing."""
    for problem in refused.problems:
        assert str(problem).rstrip().endswith("."), problem
    harmless(csv_bytes(pd.DataFrame([vars(problem) for problem in refused.problems])))


def harmless(content: bytes) -> None:
    """No cell of a CSV file is computed by whoever opens it."""
    for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")):
        for cell in row:
            assert not cell.startswith(("\t", "\r", "\n")), cell
            assert not cell.lstrip().startswith(FORMULA) or cell.lstrip("+-").replace(".", "").isdecimal(), cell


def written(rows: list[list[str]]) -> bytes:
    """A CSV file."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode("utf-8", "replace")


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_words_in_the_cells_of_a_file_of_figures_schools_or_targets(
    engine: Engine, tmp_path: Path, kind: str
) -> None:
    """A row for each word and cell; then files in which each cell that may hold any words does."""
    text, free = KINDS[kind]
    header, row, *_ = list(csv.reader(io.StringIO(text)))
    file, tables = tmp_path / "file.csv", set(inspect(engine).get_table_names())

    def import_(rows: list[list[str]]) -> object:
        if kind != "figures":
            return bring(engine, file, written([header, *rows]), dry_run=True)
        file.write_bytes(written([header, *rows]))
        return import_file(engine, file, None, mapping(), dry_run=True)

    def with_(word: str, *columns: str) -> list[str]:
        return [word if name in columns else cell for name, cell in zip(header, row, strict=True)]

    coded = [name for name in header if name not in free]
    for words in ({*WORDS.values()} - {NUL}, {NUL}):  # with it no file is text
        assert not tried(lambda words=words: import_([with_(word, name) for word in words for name in coded]))
    for word in list(WORDS.values())[::4] if free else []:
        assert tried(lambda word=word: import_([with_(word, *free)])) or word == NUL
    assert set(inspect(engine).get_table_names()) == tables


def taken(lines: pd.DataFrame, bring_in: Callable[[pd.DataFrame], object]) -> int:
    """How many lines, each with a word, were taken in the end: all but those that the file is refused for."""
    for _ in range(5):  # what a file is refused for first hides the rest
        try:
            bring_in(lines)
        except ImportRefused as refused:
            is_plain(refused)
            bad = {int(problem.row or 0) - 2 for problem in refused.problems}
            lines = lines[[at not in bad for at in range(len(lines))]]
        else:
            return len(lines)
    return 0


def test_every_text_of_the_evidence_register_comes_in_and_leaves_as_words(engine: Engine, tmp_path: Path) -> None:
    there = test_evidence_files.table(engine)
    lines = pd.concat([there.head(1)] * len(WORDS), ignore_index=True)
    lines[[evidence_files.CODE, evidence_files.EDIT]] = ""
    for name in ("Title", "Organisation", "Method", "Sample", "Found", "Source"):
        lines[name] = list(WORDS.values())
    assert taken(lines, lambda lines: test_evidence_files.bring_in(engine, lines, tmp_path, xlsx=True)) > MOST
    leaves(test_evidence_files.table(engine))


def leaves(frame: pd.DataFrame) -> None:
    """As CSV and as a workbook it holds words, and nothing that is computed."""
    harmless(csv_bytes(frame))
    book = openpyxl.load_workbook(io.BytesIO(workbook({"All": frame})))
    assert {cell.data_type for row in book["All"] for cell in row} <= {"s", "n", "inlineStr"}
    assert not any(cell.hyperlink for row in book["All"] for cell in row)


@pytest.mark.parametrize("sheet", SHEETS, ids=[sheet.code for sheet in SHEETS])
def test_every_text_of_the_partnership_register_comes_in_and_leaves_as_words(
    engine: Engine, tmp_path: Path, sheet: Sheet
) -> None:
    def all_of() -> pd.DataFrame:
        with reading(engine) as connection:
            return table(sheet, rows(connection, sheet), known(connection))

    texts = [each.title for each in sheet.fields if each.kind in ("text", "long") and each.name not in CODED]
    if not texts:
        pytest.skip("this sheet has no words of people")

    def bring_in(lines: pd.DataFrame) -> object:
        (tmp_path / "rows.xlsx").write_bytes(workbook({sheet.title: lines}))
        return incoming.bring_in(engine, open_tables(tmp_path / "rows.xlsx"), "Ann")

    lines = all_of().head(len(WORDS))
    if sheet is MEMBERS:  # those that are there have codes: other ones join
        lines = pd.concat([lines.head(1)] * len(WORDS), ignore_index=True)
        lines = lines.assign(**{NUMBER: "", EDIT: "", "Kind": "Other service", "Role": "Partner"})
    for name in texts:
        lines[name] = list(WORDS.values())[: len(lines)]
    assert taken(lines, bring_in) > MOST
    leaves(all_of())
