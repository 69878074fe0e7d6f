"""Files as people have them, opened: encodings, separators, line breaks, workbooks and zips, each row with its line."""

import csv
import gc
import hashlib
import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from data_access.errors import ImportRefused, Problem
from data_access.files import separated
from data_access.files.opening import kind_of, open_files, open_table

PLAIN = "name,n\nCamden,1\nBarnet,2\n"


def made(folder: Path, content: str | bytes, name: str = "some.csv") -> Path:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def read(file: Path) -> list[tuple]:
    """Every row with its line, from all blocks."""
    return [(int(line) + 2, *row) for line, row in rows(file)]


def rows(file: Path) -> list[tuple]:
    frame = open_table(file).whole()
    return [(line, tuple(row)) for line, row in zip(frame.index, frame.to_numpy(), strict=True)]


def refusal(file: Path) -> list[Problem]:
    with pytest.raises(ImportRefused) as caught:
        open_table(file).whole()
    return caught.value.problems


def book(file: Path, **sheets: list[list]) -> Path:
    workbook = Workbook()
    workbook.remove(workbook.active)  # type: ignore[arg-type]
    for title, content in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in content:
            sheet.append(row)
    workbook.save(file)
    return file


def packed(file: Path, **members: str) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return file


@pytest.mark.parametrize(
    ("codec", "said"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("cp1252", "Windows-1252")],
)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_separators_and_line_breaks(tmp_path: Path, codec: str, said: str, separator: str, end: str) -> None:
    text = end.join(["name|n", " St Mary’s | 1 ", '"a\nb"|2', "é|3", "", ""])
    file = made(tmp_path, text.replace("|", separator).encode(codec))
    table = open_table(file)
    assert (table.columns, table.encoding, table.separator) == (["name", "n"], said, separator)
    assert read(file) == [(2, "St Mary’s", "1"), (3, "a\nb", "2"), (5, "é", "3")]
    assert table.notes == (["Read as Windows-1252: check names with accents."] if said == "Windows-1252" else [])
    assert table.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert table.size == file.stat().st_size


printable = st.text(
    st.one_of(st.characters(codec="cp1252", categories=("L", "N", "P", "S", "Zs")), st.sampled_from(',;\t|"\n é’')),
    max_size=12,
).filter(lambda text: not text.strip().startswith(("=", "@")))


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(printable, printable, printable), min_size=1, max_size=12),
    codec=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    separator=st.sampled_from(separated.SEPARATORS),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_what_was_written_is_read_with_its_lines(
    tmp_path: Path, rows: list[tuple], codec: str, separator: str, end: str
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\n")
    writer.writerow(["a", "b", "c"])
    expected = []
    for row in rows:
        line = text.getvalue().count("\n") + 1
        writer.writerow(row)
        trimmed = tuple(value.strip() for value in row)
        if any(trimmed):
            expected.append((line, *trimmed))
    content = text.getvalue().replace("\n", end).encode(codec)
    if codec == "cp1252":  # what happens to be good UTF-8 is UTF-8, and text that is mostly that is refused
        found = content.decode("utf-8", "surrogateescape")
        if any(not "\udc80" <= letter <= "\udcff" and letter > "\x7f" for letter in found):
            return
    file = made(tmp_path, content)
    if expected:
        assert read(file) == expected
    else:
        assert "no rows" in refusal(file)[0].message


def test_lines_are_right_across_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(separated.text, "PIECE", 1000)
    monkeypatch.setattr(separated, "BLOCK_ROWS", 50)
    text = "".join(f'{at},"a\n{at}"\n\n' if at % 3 else f"{at},b\n" for at in range(1000))
    file = made(tmp_path, "\n\nat,name\n" + text)
    lines = file.read_text(encoding="utf-8").split("\n")
    table = open_table(file)
    blocks = list(table.blocks())
    assert len(blocks) > 10
    assert sum(map(len, blocks)) == 1000
    assert all(lines[line + 1].split(",")[0] == at for block in blocks for line, at in block["at"].items())
    assert [block.index.tolist() for block in table.blocks()] == [block.index.tolist() for block in blocks]


def test_ties_go_to_comma_and_quoted_separators_do_not_count(tmp_path: Path) -> None:
    assert open_table(made(tmp_path, "a;b,c\n1,2\n")).separator == ","
    table = open_table(made(tmp_path, '"x, y, z";b\n1;2\n'))
    assert (table.separator, table.columns) == (";", ["x, y, z", "b"])


def test_blank_columns_at_the_end_are_dropped_with_a_note(tmp_path: Path) -> None:
    file = made(tmp_path, "a,b,,\n1,2,,\n3,4, ,\n")
    assert open_table(file).notes == ["Left out 2 blank columns at the end, without a name."]
    assert read(file) == [(2, "1", "2"), (3, "3", "4")]
    (problem,) = refusal(made(tmp_path, "a,b,,\n1,2,,\n3,4,5,\n"))
    assert (problem.row, problem.column, problem.value) == (3, "3", "5")
    assert "without a name" in problem.message


def test_a_last_line_that_does_not_end_is_taken_with_a_note(tmp_path: Path) -> None:
    file = made(tmp_path, PLAIN.strip())
    assert open_table(file).notes == ["The last line does not end: make sure that the file is whole."]
    assert len(read(file)) == 2


def test_header_faults_are_all_named(tmp_path: Path) -> None:
    problems = refusal(made(tmp_path, "a,,b,b,=c\n1,2,3,4,5\n"))
    assert {(p.row, p.column) for p in problems} == {(1, "2"), (1, "b"), (1, "5")}


def test_faults_below_the_header_are_all_named_with_their_lines(tmp_path: Path) -> None:
    problems = refusal(made(tmp_path, 'a,b\n"x\ny",1\n1\n\n=1+1,@b\n1,2,3\n'))
    assert [(p.row, p.column, p.value) for p in problems] == [
        (4, None, "1"),
        (6, "a", "=1+1"),
        (6, "b", "@b"),
        (7, None, "1,2,3"),
    ]
    assert problems[0].message == "this line has 1 value and the header has 2."
    assert problems[1].message == "this cell holds a formula."


@pytest.mark.parametrize("text", ['a,b\n1,2\n3,"4\n5,6\n', 'a,b\n1,2\n"3,4\n5,6\n', 'a,b\n1,2\n3,"'])
def test_an_open_quotation_mark_is_named_with_its_line(tmp_path: Path, text: str) -> None:
    (problem,) = refusal(made(tmp_path, text))
    assert problem.row == 3
    assert "quotation mark is not closed" in problem.message


def test_damaged_utf8_is_not_taken_for_windows_1252(tmp_path: Path) -> None:
    (problem,) = refusal(made(tmp_path, "a,b\né,è\nê,".encode() + b"B\xe9b\n"))
    assert (problem.row, problem.value, problem.message) == (3, "Béb", "the file is not UTF-8 text.")


def test_a_file_that_changes_is_refused(tmp_path: Path) -> None:
    file = made(tmp_path, PLAIN)
    table = open_table(file)
    made(tmp_path, PLAIN.replace("1", "7"))
    with pytest.raises(ImportRefused) as caught:
        table.whole()
    assert "changed" in caught.value.problems[0].message


def test_a_workbook_as_text_with_its_rows(tmp_path: Path) -> None:
    header = ["name", "n", "share", "on", "at", "yes"]
    file = book(
        tmp_path / "some.xlsx",
        data=[
            [],
            header,
            [" Camden ", 1, 0.1, date(2011, 9, 1), datetime(2011, 9, 1, 10, 30), True],
            [],
            ["Camden", 2.0, 1e-7, None, None, False],
            ["Café_x000D_", -3, 1 / 3, None, None, None],
        ],
        Meta=[["col_name", "col_type", "label"], ["n", "Indicator", "N"]],
        Sheet3=[],
    )
    opened = open_files(file)
    assert (opened.data.columns, opened.data.encoding, opened.data.separator) == (header, "XLSX", "")
    assert read(file) == [
        (3, "Camden", "1", "0.1", "2011-09-01", "2011-09-01T10:30:00", "TRUE"),
        (5, "Camden", "2", "1e-07", "", "", "FALSE"),
        (6, "Café", "-3", repr(1 / 3), "", "", ""),
    ]
    assert opened.meta is not None
    assert opened.meta.whole().to_numpy().tolist() == [["n", "Indicator", "N"]]
    assert opened.data.sha256 == opened.meta.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()


def test_a_workbook_with_formulas_or_too_many_sheets(tmp_path: Path) -> None:
    problems = refusal(book(tmp_path / "a.xlsx", data=[["a", "b"], [1, "=A2+1"], ["x", 2, 3]]))
    assert [(p.row, p.column, p.value) for p in problems] == [(2, "b", "=A2+1"), (3, "3", "3")]
    (problem,) = refusal(book(tmp_path / "b.xlsx", one=[["a", "b"], [1, 2]], two=[["c"]]))
    assert "“one”, “two”" in problem.message
    assert "no rows" in refusal(book(tmp_path / "c.xlsx", data=[["a", "b"]]))[0].message
    assert "empty" in refusal(book(tmp_path / "d.xlsx", data=[]))[0].message
    assert refusal(book(tmp_path / "e.xlsx", data=[["a", "=1", None, "a"], [1, 2, 3, 4]]))


def test_a_long_workbook_is_read_whole(tmp_path: Path) -> None:
    file = book(tmp_path / "big.xlsx", data=[["a", "b"], *([at, f"text {at}"] for at in range(20_000))])
    table = open_table(file)
    frame = table.whole()
    assert frame["a"].tolist() == [str(at) for at in range(20_000)]
    assert frame["b"].iloc[-1] == "text 19999"
    assert frame.index.tolist() == list(range(20_000))


def test_a_zip_gives_data_meta_and_mapping_as_long_as_someone_holds_them(tmp_path: Path) -> None:
    file = packed(
        tmp_path / "all.zip", some__csv=PLAIN, some__meta__csv="col_name,x\nn,1\n", map__yaml="data_set: é\n",
        readme__txt="hello", **{"__MACOSX/._some.csv": "x"},
    )  # fmt: skip
    opened = open_files(file)
    assert opened.meta is not None
    assert (opened.data.name, opened.meta.name, opened.mapping) == ("some.csv", "some.meta.csv", "data_set: é\n")
    assert opened.data.sha256 == opened.meta.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert opened.data.notes == ["Left out of the zip: readme.txt."]
    assert opened._folder is not None
    data, folder = opened.data, opened._folder.path
    del opened
    gc.collect()
    assert len(data.whole()) == len(data.whole()) == 2
    del data
    gc.collect()
    assert not folder.exists()


def test_a_csv_with_its_meta_file(tmp_path: Path) -> None:
    meta = made(tmp_path, "col_name,x\nn,1\n", "some.meta.csv")
    opened = open_files(made(tmp_path, PLAIN), meta)
    assert opened.meta is not None
    assert (opened.meta.columns, opened.mapping) == (["col_name", "x"], None)
    assert open_files(made(tmp_path, PLAIN)).meta is None


def test_the_user_knows_the_file_by_another_name(tmp_path: Path) -> None:
    assert open_table(made(tmp_path, PLAIN, "upload-7"), "mine.csv").name == "mine.csv"


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (PLAIN, "a.csv", "text"),
        (PLAIN, "a.txt", "text"),
        ('{"type": "FeatureCollection"}', "a.geojson", "json"),
        (' [{"a": 1}]', "a.json", "json"),
        ("[URN],name\n1,2\n", "a.csv", "text"),
        (b"%PDF-1.7", "a.pdf", "unknown"),
        (PLAIN.encode("utf-16"), "a.csv", "text"),
    ],
)
def test_kinds_by_content(tmp_path: Path, content: str | bytes, name: str, kind: str) -> None:
    assert kind_of(made(tmp_path, content, name)) == kind


def test_kinds_of_zips_and_workbooks(tmp_path: Path) -> None:
    assert kind_of(packed(tmp_path / "a.zip", a__csv=PLAIN)) == "zip"
    assert kind_of(book(tmp_path / "a.xlsx", data=[["a"]])) == "xlsx"


def test_published_schools(published: Path) -> None:
    folder = published / "schools"
    early = open_table(folder / "disadvantaged_ey_eligibility_list_iso_8859_1_encoding.csv")
    assert early.encoding == "Windows-1252"
    assert "GOMERSAL ST MARY’S CE (VC) PRIMARY SCHOOL" in set(early.whole()["Provider_name"])
    (problem,) = refusal(folder / "invalid_csv_header.csv")
    assert (problem.row, "quotation mark" in problem.message) == (1, True)
    for name in ("gias_sample.csv", "Schools_PP50_Autumn_2025.csv"):
        with (folder / name).open(encoding="utf-8-sig", newline="") as file:
            expected = [[value.strip() for value in row] for row in csv.reader(file)]
        table = open_table(folder / name)
        assert [table.columns, *table.whole().to_numpy().tolist()] == expected


def test_published_zips_with_their_meta(published: Path) -> None:
    for file in (published / "ees_real").glob("*.zip"):
        opened = open_files(file)
        assert opened.meta is not None
        assert set(opened.meta.whole()["col_name"]) <= set(opened.data.columns)
        assert len(opened.data.whole()) > 1000


def test_published_files_of_a_wrong_type(published: Path) -> None:
    for name in ("invalid_type.txt", "invalid_type.meta.txt", "invalid_type2.txt"):
        assert "no header of two or more columns" in refusal(published / "ees_screener" / name)[0].message
    # A workbook as a meta file is well formed; that it stands beside a CSV is for the reader of the pair to judge.
    opened = open_files(published / "ees_screener" / "invalid_type3.csv",
                        published / "ees_screener" / "invalid_type3.meta.xlsx")  # fmt: skip
    assert opened.meta is not None
    assert "col_name" in opened.meta.columns
