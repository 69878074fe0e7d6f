"""The command that writes reports, and docs/report.md held to it."""

import io
import re
import shlex
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from data_access.settings import PROJECT
from exports import __main__ as command
from exports.office import writing
from exports.report import content, files
from exports.report.material import Material
from tests.exports.conftest import look_at, look_away

PAGE = (PROJECT / "docs" / "report.md").read_text(encoding="utf-8")
PREFIX = "python -m exports "
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def _database(full_database: Path) -> Iterator[None]:
    """Everything reads the whole data set."""
    with pytest.MonkeyPatch.context() as patch:
        look_at(full_database, patch)
        yield
    look_away()


@pytest.fixture
def run(_database: None, capsys: pytest.CaptureFixture[str]) -> Run:
    """run('--area', '202', …) runs `report`: its exit status, and what it printed and complained of."""

    def report(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as done:
            command.main(["report", *arguments])
        out, err = capsys.readouterr()
        return int(done.value.code or 0), out, err

    return report


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Files that take no time to make; the list of what was asked for."""
    asked: list[str] = []

    def make(report, kind: str) -> bytes:
        asked.append(files.file_name(report, kind))
        return b"made"

    monkeypatch.setattr(files, "make", make)
    return asked


@pytest.fixture
def names_only(quick: list[str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Reports without content, which takes a third of a second each: as `quick`."""

    def report(read: Material, code: str, *, address: str = "", earlier: bool = False) -> SimpleNamespace:
        name = read.known.authorities.set_index("code").loc[code, "name"]
        choice = (read.staff_group, read.staff_label, read.phase, read.known.version)
        return SimpleNamespace(area=name, stem=content.stem(name, read.period_label, *choice, earlier))

    monkeypatch.setattr(content, "report", report)
    return quick


def test_a_report_in_three_formats(run: Run, tmp_path: Path) -> None:
    code, out, err = run("--area", "Camden", "--out", str(tmp_path), "--format", "pdf", "pptx", "xlsx")
    assert (code, err) == (0, "")
    names = [f"report_camden_2011-12.{kind}" for kind in ("pdf", "pptx", "xlsx")]
    assert out.splitlines() == [f"Wrote {tmp_path / name}." for name in names]
    assert sorted(file.name for file in tmp_path.iterdir()) == names
    assert [(tmp_path / name).read_bytes()[:2] for name in names] == [b"%P", b"PK", b"PK"]


def test_all_of_a_region_are_read_once(run: Run, names_only: list[str], tmp_path: Path, monkeypatch) -> None:
    reads = []
    real = command.material.read
    monkeypatch.setattr(command.material, "read", lambda *asked: reads.append(asked) or real(*asked))
    code, out, err = run("--region", "North East", "--out", str(tmp_path), "--format", "pdf", "xlsx")
    assert (code, err) == (0, "")
    assert out.startswith(f"Wrote 24 files for 12 authorities to {tmp_path}, of data version ")
    assert len(reads) == 1
    assert len({*names_only}) == 24
    assert sorted(names_only) == sorted(file.name for file in tmp_path.iterdir())


def test_on_a_terminal_one_line_says_how_long_it_takes(
    run: Run, names_only: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def make(report, kind: str) -> bytes:
        time.sleep(0.12)  # the time left is reckoned once a second
        return b"made"

    terminal = Terminal()
    monkeypatch.setattr(files, "make", make)
    monkeypatch.setattr("sys.stderr", terminal)
    assert run("--region", "North East", "--out", str(tmp_path), "--format", "pdf")[0] == 0
    shown = terminal.getvalue()
    assert "12/12" in shown
    assert re.search(r"\d\d:\d\d:\d\d", shown)
    assert shown.count("\n") == 1


def test_an_earlier_version_is_named_in_the_file(run: Run, quick: list[str], tmp_path: Path) -> None:
    assert run("--area", "202", "--out", str(tmp_path), "--format", "pdf", "--as-at", "14")[0] == 0
    assert quick == ["report_camden_2011-12_v14.pdf"]


def test_a_group_and_a_phase_are_named_in_the_file(run: Run, quick: list[str], tmp_path: Path) -> None:
    arguments = ("--staff-group", "teachers", "--phase", "primary", "--period", "2010/11")
    assert run("--area", "202", "--out", str(tmp_path), "--format", "pdf", *arguments)[0] == 0
    assert quick == ["report_camden_teachers_primary-schools_2010-11.pdf"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--area", "999"], "“999” is not a known local authority. Use its code or its full name."),
        (["--area", "London"], "“London” is a region, not a local authority. Give --region London for all of its "),
        (["--region", "Camden"], "“Camden” is not a known region. Use its code or its full name."),
        (
            ["--area", "202", "--region", "London"],
            "It is not said whose report to make. Give either --area or --region.",
        ),
        ([], "It is not said whose report to make. Give either --area or --region."),
        (["--area", "202", "--format", "doc"], "“doc” is not a format of a report. Choose from pdf, pptx and xlsx."),
        (["--area", "202", "--period", "1999/00"], "“1999/00” is not a known period. Known: 2009/10 autumn, "),
        (["--area", "202", "--period", "2011-12"], "“2011-12” is not a known period. Known: 2009/10 autumn, "),
        (["--area", "202", "--phase", "nursery"], "“nursery” is not a known phase. Known: all, primary, "),
        (["--area", "202", "--staff-group", "cats"], "“cats” is not a known staff group. Known: "),
        (["--area", "202", "--as-at", "99"], "Data version 99 is not one that can be shown."),
        (["--area", "202", "--as-at", "1"], "There are no figures for Camden in 2011/12 at data version 1. Choose "),
        (["--area", "202", "--address", "javascript:1"], "“javascript:1” is no address of a dashboard. Begin it with "),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    run: Run, quick: list[str], tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    code, out, err = run(*arguments, "--out", str(tmp_path))
    assert (code, out) == (1, "")
    assert err.startswith(sentence)
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_or_no_folder(run: Run, quick: list[str], tmp_path: Path) -> None:
    missing, file = tmp_path / "missing", tmp_path / "file"
    file.write_text("x")
    for place, why in ((missing, "is not there"), (file, "is no folder")):
        code, _, err = run("--area", "202", "--out", str(place))
        assert (code, err) == (1, f"{place} {why}. Make the folder first, or name another one.\n")
    assert quick == []


def test_a_folder_that_may_not_be_written_to(run: Run, quick: list[str], tmp_path: Path, monkeypatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(writing.tempfile, "TemporaryFile", refused)
    code, _, err = run("--area", "202", "--out", str(tmp_path))
    assert code == 1
    assert err == f"{tmp_path} cannot be written to (Permission denied). Check the folder and its permissions.\n"


def test_a_full_disk_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "report.pdf").write_bytes(b"before")
    monkeypatch.setattr(writing.os, "replace", full)
    with pytest.raises(writing.CannotWrite, match="No space left on device"):
        writing.write(tmp_path, "report.pdf", b"after")
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"before"]


def test_stopped_in_the_middle_only_whole_files_are_left(
    run: Run, names_only: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []

    def make(report, kind: str) -> bytes:
        made.append(report.area)
        if len(made) == 4:
            raise KeyboardInterrupt
        return b"whole"

    monkeypatch.setattr(files, "make", make)
    code, out, err = run("--region", "London", "--out", str(tmp_path), "--format", "pdf")
    assert (code, out) == (130, "")
    assert err == f"Stopped; 3 finished files are in {tmp_path}.\n"
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"whole"] * 3


def test_several_formats_may_follow_one_another() -> None:
    assert command.spread(["report", "--format", "pdf", "pptx", "--out", "x"]) == [
        "report", "--format", "pdf", "--format", "pptx", "--out", "x",
    ]  # fmt: skip
    assert command.spread(["--format=pdf", "--area", "202"]) == ["--format=pdf", "--area", "202"]


def commands() -> list[list[str]]:
    """The commands of docs/report.md."""
    blocks = re.findall(r"^```\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    assert all(line.startswith(PREFIX) for line in lines)
    return [shlex.split(line.removeprefix(f"{PREFIX}report ")) for line in lines]


def test_every_command_of_the_page_runs(run: Run, names_only: list[str], tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reports").mkdir()
    assert len(commands()) >= 4
    for arguments in commands():
        code, out, err = run(*arguments)
        assert (code, err) == (0, ""), arguments
        assert out.startswith("Wrote ")
    options = {name for arguments in commands() for name in arguments if name.startswith("--")}
    assert options == {f"--{name.replace('_', '-')}" for name in command.report.__annotations__ if name != "return"}


def test_the_page_names_a_file_as_it_is_called() -> None:
    assert "report_camden_2011-12.pdf" in PAGE
