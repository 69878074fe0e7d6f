"""The evidence register out as a table and in again: unchanged, with what was filled in, or refused whole."""

import re
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine

from data_access import edits, evidence, evidence_files, queries
from data_access.engine import reading
from data_access.errors import ImportRefused
from data_access.evidence import TITLES
from data_access.evidence_files import CODE, EDIT, Taken
from data_access.files.opening import open_table
from data_access.files.spreadsheets import csv_bytes, workbook
from data_access.places import ENGLAND_CODE
from data_access.settings import PROJECT
from tests.data_access.test_evidence import GOOD


def table(engine: Engine) -> pd.DataFrame:
    """The register as a file has it."""
    with reading(engine) as connection:
        places = pd.concat([queries.regions(connection), queries.authorities(connection)])
        names = {ENGLAND_CODE: "England"} | dict(zip(places["code"], places["name"], strict=True))
        return evidence_files.table(evidence.register(connection), names)


def bring_in(engine: Engine, frame: pd.DataFrame, folder: Path, *, xlsx: bool = False) -> Taken:
    file = folder / ("entries.xlsx" if xlsx else "entries.csv")
    file.write_bytes(workbook({"Evidence": frame}) if xlsx else csv_bytes(frame))
    return evidence_files.bring_in(engine, open_table(file), "Ann")


def latest(engine: Engine) -> int:
    with reading(engine) as connection:
        return edits.current(connection)


@pytest.mark.parametrize("xlsx", [False, True], ids=["csv", "xlsx"])
def test_a_file_brought_in_as_it_came_out_changes_nothing(engine: Engine, tmp_path: Path, xlsx: bool) -> None:
    evidence.add(engine, GOOD | {"title": "-1+1", "found": "-5 is\n“less”; than, 0"}, "Ann")
    before = latest(engine)
    there = table(engine)
    assert bring_in(engine, there, tmp_path, xlsx=xlsx) == Taken([], [], 27)
    assert latest(engine) == before
    assert "-1+1" in set(there["Title"])


def test_lines_are_added_and_changed_in_one_edit_and_the_rest_stays(engine: Engine, tmp_path: Path) -> None:
    there = table(engine)
    before = latest(engine)
    changed = there[there[CODE] == "E07"].assign(Title="Diaries, read again")
    new = there[there[CODE] == "E01"].assign(**{CODE: "", EDIT: "", "Began": "01/03/2011", "Ended": "", "Areas": "202"})
    assert bring_in(engine, pd.concat([changed, new]), tmp_path) == Taken(["E27"], ["E07"], 0)
    after = table(engine).set_index(CODE)
    assert len(after) == 27
    assert latest(engine) == before + 1
    assert after.loc["E07", "Title"] == "Diaries, read again"
    assert after.loc["E27", ["Began", "Ended", "Areas"]].tolist() == ["2011-03-01", "", "Camden"]
    assert after.loc["E08"].equals(there.set_index(CODE).loc["E08"])


def test_a_line_that_somebody_changed_since_refuses_the_file(engine: Engine, tmp_path: Path) -> None:
    code = evidence.add(engine, GOOD, "Ann")
    there, seen = table(engine), latest(engine)
    evidence.change(engine, code, GOOD | {"responded": 150}, "Ben", seen=seen)
    mine = there[there[CODE].isin([code, "E07"])].assign(Title="Mine")
    with pytest.raises(ImportRefused) as refused:
        bring_in(engine, mine, tmp_path)
    assert [problem.value for problem in refused.value.problems] == [code]
    assert "Ben changed it on" in refused.value.problems[0].message
    assert "Mine" not in set(table(engine)["Title"]), "the file is taken whole or not at all"
    assert latest(engine) == seen + 1


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        (CODE, "E99", "there is no such entry"),
        (EDIT, "", "needs the number of its edit"),
        ("Kind", "rumour", "“rumour” is no kind"),
        ("Began", "March 2011", "this is no day"),
        ("Began", "2011-02-30", "there is no such day"),
        ("Ended", "2999-01-01", "is in the future"),
        ("Answered", "many", "this is no whole number"),
        ("Answered", "99999", "are more than the"),
        ("Outcomes", "1a; 9z", "“9z” is not a known outcome"),
        ("Areas", "Atlantis", "“Atlantis” is not a known area"),
        ("What it found", "", "it is empty"),
        ("Illustrative", "maybe", "neither yes nor no"),
        ("Title", "x" * 201, "it has 201 characters"),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column(
    reader: Engine, tmp_path: Path, column: str, cell: str, said: str
) -> None:
    there = table(reader).astype(object).head(3)
    there.loc[1, column] = cell
    with pytest.raises(ImportRefused) as refused:
        bring_in(reader, there, tmp_path)
    (problem,) = refused.value.problems
    assert (problem.row, problem.column) == (3, column)
    assert said in problem.message


def test_one_entry_in_two_lines_and_a_column_that_is_missing_are_refused(reader: Engine, tmp_path: Path) -> None:
    there = table(reader).head(1)
    with pytest.raises(ImportRefused) as twice:
        bring_in(reader, pd.concat([there, there]), tmp_path)
    assert "it stands in row 2, too" in twice.value.problems[0].message
    with pytest.raises(ImportRefused) as lacking:
        bring_in(reader, there.drop(columns="Method"), tmp_path)
    assert [problem.column for problem in lacking.value.problems] == ["Method"]


def test_the_documentation_names_every_column() -> None:
    page = (PROJECT / "docs" / "evidence.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.+`) \|", page, flags=re.MULTILINE)
    assert set(re.findall(r"`([^`]+)`", " ".join(rows))) == {CODE, EDIT, *TITLES.values()}
