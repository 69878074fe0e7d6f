"""Files made to break the reader: refused in plain words, soon, and in bounded memory."""

import json
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from data_access.errors import ImportRefused, Problem
from data_access.files.opening import open_files
from data_access.settings import PROJECT
from tests.data_access.test_opening import PLAIN, book, made, packed

MB = 1 << 20
MOST_MB = 300
MOST_SECONDS = 20  # generous: each takes less than 10 on two slow cores
LIBRARIES = ("pyarrow", "openpyxl", "expat", "Traceback", "zlib", "codec", "CSV parse")


def refusal(file: Path) -> list[Problem]:
    """The problems for which a file is refused, each of them a plain sentence with a remedy."""
    with pytest.raises(ImportRefused) as caught:
        open_files(file).data.whole()
    for problem in caught.value.problems:
        assert problem.file
        assert problem.message.endswith(".")
        assert problem.remedy.endswith(".")
        assert not any(word in str(problem) for word in LIBRARIES)
    return caught.value.problems


def only(file: Path) -> str:
    (problem,) = refusal(file)
    return problem.message


# Files that are wrong, and small.


def test_files_that_are_not_there(tmp_path: Path) -> None:
    assert "does not exist" in only(tmp_path / "none.csv")
    assert "cannot be read" in only(tmp_path)
    assert "does not exist" in only(tmp_path / "none.zip")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\n\n  \n", "empty"),
        (b"a,b\n", "no rows"),
        (b"a,b\n\n,\n,\n \n", "no rows"),
        (b"a\n1\n", "two or more columns"),
        (b"a,b\n1,\0\n", "not text"),
        (b"a,b\n" + b"1,2\n" * 50_000 + b"1,\0\n", "NUL"),
        ("a,b\n1,2\n".encode("utf-16-le"), "not text"),
        (b"\xff\xfea\0,\0b\0\n\x001\0,\0\0\0\n\0", "NUL"),
        (b"\xff\xfea\0,\0b\0\n\0" + b"\x00\xd8" * 9, "not text"),
        (b"a,b\n1,\x81\n", "not text"),
        (b"a,b\n1,2\n3\n", "has 1 value and"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"%PDF-1.7", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old workbook"),
        (b"\x1f\x8b\x08", "gzip"),
        (b'{"type": "FeatureCollection"}', "JSON"),
    ],
)
def test_a_csv_that_is_none(tmp_path: Path, content: bytes, says: str) -> None:
    assert says in only(made(tmp_path, content))


@pytest.mark.parametrize("name", ["a.xlsx", "a.zip", "a.geojson"])
def test_text_by_another_name(tmp_path: Path, name: str) -> None:
    assert only(made(tmp_path, PLAIN, name)) == f"the file is called .{name[2:]} but is text."


def test_zips_and_workbooks_by_another_name(tmp_path: Path) -> None:
    packed(tmp_path / "a.csv", a__csv=PLAIN)
    assert only(tmp_path / "a.csv") == "the file is called .csv but is a zip file, not text."
    book(tmp_path / "b.xlsx", data=[["a", "b"], [1, 2]]).rename(tmp_path / "b.csv")
    assert only(tmp_path / "b.csv") == "the file is called .csv but is a workbook, not text."
    book(tmp_path / "c.xlsx", data=[["a", "b"], [1, 2]]).rename(tmp_path / "c.zip")
    assert only(tmp_path / "c.zip") == "the file is called .zip but is a workbook."
    (problem,) = refusal(made(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1", "d.xls"))
    assert (".xls" in problem.message, ".xlsx" in problem.remedy) == (True, True)
    book(tmp_path / "e.xlsx", data=[["a", "b"], [1, 2]]).rename(tmp_path / "e.xlsm")
    assert "macros" in only(tmp_path / "e.xlsm")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_half_a_file(tmp_path: Path, share: float) -> None:
    whole = {
        "a.zip": packed(tmp_path / "whole.zip", a__csv=PLAIN * 500).read_bytes(),
        "a.xlsx": book(tmp_path / "whole.xlsx", data=[["a", "b"], *[[1, 2]] * 500]).read_bytes(),
    }
    for name, content in whole.items():
        assert "damaged or not whole" in only(made(tmp_path, content[: int(len(content) * share)], name))


def test_damage_in_the_middle_of_a_zip(tmp_path: Path) -> None:
    content = bytearray(packed(tmp_path / "whole.zip", a__csv="a,b\n" + "1,2\n" * 5000).read_bytes())
    content[45:60] = b"x" * 15
    assert "damaged" in only(made(tmp_path, bytes(content), "a.zip"))


@pytest.mark.parametrize(
    "member", ["../x.csv", "/x.csv", "a/../../x.csv", "C:x.csv", "c:/x.csv", "a\\x.csv", "..\\x.csv", "\\\\host\\x.csv"]
)
def test_members_that_lead_out_of_the_zip(tmp_path: Path, member: str) -> None:
    assert "leads out of the zip" in only(packed(tmp_path / "a.zip", **{member: PLAIN}))


def test_zips_that_hold_the_wrong_things(tmp_path: Path) -> None:
    zips = {
        "more than one CSV with data: a.csv, b.csv": {"a.csv": PLAIN, "b.csv": PLAIN},
        "no CSV": {"a.txt": PLAIN},
        "not taken here: b.zip": {"a.csv": PLAIN, "b.zip": "PK"},
        "is called .csv but is a zip": {"a.csv": "PK\x03\x04"},
        "holds 21 members": {f"{at}.txt": "" for at in range(21)},
        "no rows": {"a.csv": "a,b\n"},
        "larger than 1 MB": {"a.csv": PLAIN, "a.yaml": "".join(map(str, range(300_000)))},
    }
    for says, members in zips.items():
        assert says in only(packed(tmp_path / "a.zip", **members)), says


def test_a_zip_with_a_password_or_an_unusual_method(tmp_path: Path) -> None:
    content = bytearray(packed(tmp_path / "a.zip", a__csv=PLAIN).read_bytes())
    at = content.index(b"PK\x01\x02")
    content[6] |= 1
    content[at + 8] |= 1
    assert "password" in only(made(tmp_path, bytes(content), "b.zip"))
    with zipfile.ZipFile(tmp_path / "c.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.csv", PLAIN)
    assert "unusual" in only(tmp_path / "c.zip")


def test_a_zip_that_lies_about_its_sizes(tmp_path: Path) -> None:
    """The list of members says 10 bytes; more of them is never unpacked, and the checksum tells."""
    content = bytearray(packed(tmp_path / "a.zip", a__csv="a,b\n" + "1,2\n" * 1000).read_bytes())
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<L", 10)
    assert "damaged" in only(made(tmp_path, bytes(content), "b.zip"))


SHEET, SHARED = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
MEMBERS = {
    "[Content_Types].xml": "<Types/>",
    "xl/workbook.xml": '<workbook xmlns:r="r"><sheets><sheet name="data" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": "<Relationships>"
    '<Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/>'
    '<Relationship Id="r2" Type="x/sharedStrings" Target="sharedStrings.xml"/>'
    '<Relationship Id="r3" Type="x/styles" Target="/xl/styles.xml"/></Relationships>',
    "xl/styles.xml": "<styleSheet/>",
    SHARED: "<sst><si><t>a</t></si><si><r><t>b</t></r><rPh><t>no</t></rPh></si></sst>",
    SHEET: '<x:worksheet xmlns:x="x"><x:sheetData>'
    '<x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c><x:c t="s"><x:v>1</x:v></x:c></x:row>'
    '<x:row r="2"><x:c r="A2"><x:v>7</x:v></x:c><x:c r="B2"><x:v>8.50</x:v></x:c></x:row>'
    "</x:sheetData></x:worksheet>",
}


def with_xml(file: Path, member: str, change: Callable[[bytes], bytes]) -> Path:
    """A small workbook, one of its members changed."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in MEMBERS.items():
            new.writestr(name, change(content.encode()) if name == member else content)
    return file


def test_a_workbook_with_shared_texts_and_prefixes(tmp_path: Path) -> None:
    table = open_files(with_xml(tmp_path / "a.xlsx", "", bytes)).data
    assert (table.columns, table.whole().to_numpy().tolist()) == (["a", "b"], [["7", "8.5"]])


BOMB = (
    b'<!DOCTYPE b [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + at, b"&%c;" % (97 + at) * 10) for at in range(9))
    + b"]><sst><si><t>&j;</t></si></sst>"
)
OUTSIDE = b'<!DOCTYPE b [<!ENTITY x SYSTEM "file:///etc/hostname">]><sst><si><t>&x;</t></si></sst>'


@pytest.mark.parametrize(
    ("member", "change", "says"),
    [
        (SHARED, lambda xml: BOMB, "entities"),
        (SHARED, lambda xml: OUTSIDE, "entities"),
        (SHEET, lambda xml: xml[:-40], "damaged"),
        (SHEET, lambda xml: xml.replace(b"<x:v>1</x:v>", b"<x:v>99</x:v>"), "damaged"),
        (SHEET, lambda xml: xml.replace(b"<x:v>1</x:v>", b"<x:v>one</x:v>"), "damaged"),
        (SHEET, lambda xml: xml.replace(b'r="2"', b'r="1"'), "damaged"),
        (SHEET, lambda xml: xml.replace(b'r="2"', b'r="99999999"'), "damaged"),
        (SHEET, lambda xml: xml.replace(b'r="B2"', b'r="ZZZ2"'), "columns"),
        (SHEET, lambda xml: b"not XML", "damaged"),
        ("xl/workbook.xml", lambda xml: xml.replace(b"sheetId", b"x").replace(b"r:id=", b"y="), "damaged"),
        ("xl/_rels/workbook.xml.rels", lambda xml: xml.replace(b"sheet1", b"none"), "damaged"),
    ],
)
def test_workbooks_that_are_wrong_inside(
    tmp_path: Path, member: str, change: Callable[[bytes], bytes], says: str
) -> None:
    assert says in only(with_xml(tmp_path / "a.xlsx", member, change))


def test_the_first_thousand_faults_are_enough(tmp_path: Path) -> None:
    assert len(refusal(made(tmp_path, "a,b\n" + "=1,2\n" * 5000))) == 1000
    assert len(refusal(made(tmp_path, "a,b\n" + "1\n" * 5000))) == 1000
    assert len(refusal(book(tmp_path / "a.xlsx", data=[["a", "b"], *[["=1", 2]] * 5000]))) == 1000


# Files that are large when they are read: all in one process of their own, whose memory is measured.


def stored(file: Path, member: str, pieces: Iterable[bytes], xml: bool = False) -> Path:
    """A zip, or a small workbook, with one member written piece by piece."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name, content in MEMBERS.items() if xml else ():
            if name != member:
                new.writestr(name, content)
        with new.open(member, "w") as out:
            for piece in pieces:
                out.write(piece)
    return file


def sheet(inside: Iterable[bytes]) -> Iterable[bytes]:
    """A sheet of two good rows and then more."""
    cells = [b'<c t="inlineStr"><is><t>%s</t></is></c>' % text for text in (b"a", b"b")]
    yield b"<worksheet><sheetData>" + (b"<row>" + b"".join(cells) + b"</row>") * 2
    yield from inside


def varied(at: int, tag: bytes) -> bytes:
    """A megabyte of XML that does not shrink 200 times: each element has another attribute value."""
    return b"".join(b'<%s q="%x"/>' % (tag, (at * 9973 + number * 7919) % 99_991) for number in range(80_000))


def hostile(folder: Path) -> dict[str, tuple[Path, str]]:
    """Each file with what its refusal says."""
    wide = ",".join(f"c{at}" for at in range(1000))
    line = folder / "line.csv"
    with line.open("wb") as file:
        file.write(b"a,b\n")
        for _ in range(1024):
            file.write(b"1234567," * (MB // 8))
    texts = {
        "columns": (",".join(map(str, range(10_000_000))) + "\n1,2\n", "longer than a million"),
        "quote": ('a,b\n"' + "1,x\n" * 5_000_000, "quotation mark"),
        "fields": ('a,b\n1,"' + '\n","' * 10_000_000, "quotation mark"),
        "fault": ("a,b\n1\n" + "1,2\n" * 5_000_000, "has 1 value"),
        "blanks": (wide + "\n" * 20_000_000 + "1\n", "too many blank lines"),
        "commas": (wide + ("\n" + "," * 999) * 30_000 + "\n1\n", "has 1 value"),
    }
    found = {name: (made(folder, text, f"{name}.csv"), says) for name, (text, says) in texts.items()}
    found["line"] = line, "longer than a million"
    found["sparse"] = sparse(folder / "sparse.csv"), "NUL"
    found["zip"] = stored(folder / "ratio.zip", "a.csv", [b"1,2\n" * (MB // 4)] * 100), "grows more than"
    found["members"] = members(folder / "members.zip"), "too many members"
    for name, (member, pieces, says) in hostile_xml().items():
        found[name] = stored(folder / f"{name}.xlsx", member, pieces, xml=True), says
    return found


def hostile_xml() -> dict[str, tuple[str, Iterable[bytes], str]]:
    """Members of workbooks, piece by piece, with what the refusal of the workbook says."""
    cells = [varied(at, b"c") for at in range(30)]
    digits = [b"%d " % at for at in range(6_000_000)]
    shared = (b"<si><t>%d</t></si>" % at for at in range(1_100_000))
    return {
        "ratio": (SHEET, sheet([b"<row/>" * 150_000] * 400), "grows more than"),
        "cells": (SHEET, sheet([b"<row>", *cells]), "columns"),
        "rows": (SHEET, sheet(varied(at, b"row") for at in range(30)), "damaged"),
        "deep": (SHEET, sheet([b"<a>" * 3_000_000]), "damaged"),
        "names": (SHEET, sheet(b"<n%d/>" % at for at in range(3_000_000)), "damaged"),
        "token": (
            SHEET,
            sheet([b"<row a='", *(cell.replace(b"<", b"").replace(b"'", b"") for cell in cells)]),
            "damaged",
        ),
        "text": (SHEET, sheet([b"<row><c><v>", *digits]), "million characters"),
        "shared": (SHARED, [b"<sst>", *shared, b"</sst>"], "million texts"),
        "strings": (SHARED, [b"<sst><si><t>", *digits], "32 MB"),
        "styles": ("xl/styles.xml", [b"<s><cellXfs>", *(b"<xf n='%x'/>" % at for at in range(400_000))], "styles"),
    }


def sparse(file: Path) -> Path:
    """A gigabyte that takes no room."""
    with file.open("wb") as out:
        out.write(b"a,b\n" + b"1,2\n" * 20_000)
        out.truncate(1 << 30)
    return file


def members(file: Path) -> Path:
    """A zip that says it has very many members."""
    with zipfile.ZipFile(file, "w") as archive:
        for at in range(30_000):
            archive.writestr(f"{at}.csv", "")
    return file


MEASURE = """
import json, sys, time
from pathlib import Path
from data_access.errors import ImportRefused
from data_access.files.opening import open_files

def peak():
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024

first, *others = map(Path, sys.argv[1:])
open_files(first).data.whole()
found, before = {}, peak()
for file in others:
    begun, said = time.monotonic(), "taken"
    try:
        for block in open_files(file).data.blocks():
            pass
    except ImportRefused as refusal:
        said = str(refusal.problems[0])
    found[file.name] = [said, peak() - before, time.monotonic() - begun]
print(json.dumps(found))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is measured as Linux tells it")
def test_large_hostile_files_take_little_memory_and_time() -> None:
    with tempfile.TemporaryDirectory(prefix="cpd-hostile-") as folder:  # some gigabytes, and pytest keeps its own
        _check_large(Path(folder))


def _check_large(tmp_path: Path) -> None:
    files = hostile(tmp_path)
    # Rows by the hundred thousand are taken, in blocks, within the same bounds.
    header = ",".join(f"column {at}" for at in range(14))
    good = made(tmp_path, header + "\n" + ("123456,a longer value,é," + "12.5," * 10 + "x\n") * 300_000, "good.csv")
    plain = made(tmp_path, PLAIN, "plain.csv")
    ran = subprocess.run(
        [sys.executable, "-c", MEASURE, str(plain), str(good), *(str(file) for file, _ in files.values())],
        cwd=PROJECT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    said = {name: found[file.name][0] for name, (file, _) in files.items()}
    wrong = {name: said[name] for name, (_, says) in files.items() if says not in said[name]}
    assert wrong == {}
    assert found["good.csv"][0] == "taken"
    assert {name: mb for name, (_, mb, _) in found.items() if mb > MOST_MB} == {}
    assert {name: seconds for name, (_, _, seconds) in found.items() if seconds > MOST_SECONDS} == {}
