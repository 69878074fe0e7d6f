"""The command that makes a pack, what it refuses, and docs/meeting.md held to it; a pack of a meeting that is over."""

import shlex
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from data_access import meetings
from data_access.engine import current_version, get_engine
from data_access.errors import UnknownCode
from data_access.settings import PROJECT, settings
from data_access.thresholds import set_threshold
from exports import __main__ as command
from exports import kept
from exports.office import writing
from exports.pack import content, files
from tests.exports.conftest import Packed, look_at
from tests.exports.pack_meeting import TITLE

PAGE = (PROJECT / "docs" / "meeting.md").read_text(encoding="utf-8")
PREFIX = "python -m exports pack "
NAME = "advisory-group-all-views_2012-11-07"
RANKED = "view=ranked&level=region&indicator=reviewed&period=2011/12"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """run('--meeting', '3', …) runs `pack`: its exit status, and what it printed and complained of."""

    def pack(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as done:
            command.main(["pack", *arguments])
        out, err = capsys.readouterr()
        return int(done.value.code or 0), out, err

    return pack


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that take no time to make."""
    monkeypatch.setattr(files, "document", lambda made, kind: f"{made.title} as {kind}".encode())


@pytest.fixture
def own(small_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A database of the test's own that everything reads."""
    yield look_at(Path(shutil.copy(small_database, tmp_path / "own.db")), monkeypatch)
    for forget in (settings.cache_clear, get_engine.cache_clear, kept.forget):
        forget()


def test_a_pack_in_both_formats(at_pack: Engine, packed: Packed, run: Run, quick: None, tmp_path: Path) -> None:
    code, out, err = run("--meeting", str(packed.number), "--out", str(tmp_path), "--format", "pptx", "pdf")
    assert (code, err) == (0, "")
    assert out.splitlines() == [f"Wrote {tmp_path / NAME}.pptx.", f"Wrote {tmp_path / NAME}.pdf."]
    assert (tmp_path / f"{NAME}.pdf").read_bytes() == f"{TITLE} as pdf".encode()


def test_the_latest_is_the_next_meeting(at_pack: Engine, run: Run, quick: None, tmp_path: Path) -> None:
    code, out, _ = run("--out", str(tmp_path))
    assert code == 0
    assert "advisory-group-autumn-2012_2012-10-10.pptx" in out


def test_one_click_gives_a_name_and_the_content(at_pack: Engine) -> None:
    name, made = files.make(1, "pptx")
    assert name == "advisory-group-summer-2012_2012-07-18.pptx"
    assert made[:2] == b"PK"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--meeting", "99"], "There is no meeting 99. The Meeting page lists them."),
        (["--meeting", "soon"], "“soon” is not the number of a meeting. Give its number, or latest."),
        (["--format", "doc"], "“doc” is not a format of a pack. Choose from pptx and pdf."),
        (["--address", "nowhere"], "“nowhere” is no address of a dashboard. Begin it with http:// or https://."),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    at_pack: Engine, run: Run, tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    code, out, err = run(*arguments, "--out", str(tmp_path))
    assert (code, out, err) == (1, "", f"{sentence}\n")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_or_may_not_be_written_to(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("--out", str(tmp_path / "gone"))[2].startswith(f"{tmp_path / 'gone'} is not there. Make the folder")

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(writing.tempfile, "TemporaryFile", refused)
    code, _, err = run("--out", str(tmp_path))
    assert code == 1
    assert err == f"{tmp_path} cannot be written to (Permission denied). Check the folder and its permissions.\n"


def test_an_unknown_format_is_refused_before_anything_is_read() -> None:
    with pytest.raises(UnknownCode, match=r"“odp” is not a format of a pack\. Choose from pptx and pdf\."):
        files.make(1, "odp")  # type: ignore[arg-type]


def test_without_a_view_there_is_no_pack(own: Engine, run: Run, tmp_path: Path) -> None:
    number = meetings.plan_meeting(own, {"title": "Nothing yet", "held_on": date(2013, 1, 9)}, "Lead")
    code, _, err = run("--meeting", str(number), "--out", str(tmp_path))
    assert code == 1
    assert err == (
        "The agenda of “Nothing yet” is empty, so there is no pack to make. "
        "Pin a chart to the meeting from its page, then make the pack again.\n"
    )


def test_a_long_title_makes_no_long_name_and_nothing_is_taken_for_markup(own: Engine) -> None:
    title = "*Bold* #let x = 1 <b> & “more” 東京 " + "long " * 20
    number = meetings.plan_meeting(own, {"title": title, "held_on": date(2013, 1, 9)}, "Lead")
    meetings.pin(own, number, RANKED, "Lead", headline='=1+1 #strong["x"]', note="\x0bOdd")
    made = content.pack(number)
    assert len(made.stem) < 100
    for kind in files.KINDS:
        assert len(files.document(made, kind)) > 10_000


def test_a_meeting_that_is_over_keeps_its_figures(own: Engine) -> None:
    number = meetings.plan_meeting(own, {"title": "Over", "held_on": date(2013, 1, 9)}, "Lead")
    meetings.pin(own, number, RANKED, "Lead")
    with own.connect() as connection:
        seen = int(meetings.one(connection, number)["from_edit"])
        version = current_version(connection)
    before = content.pack(number)
    assert "The meeting is not over: it sees the figures that count" in " ".join(before.about)
    assert meetings.close(own, number, "Lead", seen=seen) == version
    set_threshold(own, "minimum_coverage", 0.99, by="Lead")
    kept.forget()
    after = content.pack(number)
    assert f"it saw data version {version}; 1 change to the data since." in " ".join(after.about)
    assert after.version == before.version
    assert after.views[0].figure is not None
    assert before.views[0].figure is not None
    assert after.views[0].figure.table.equals(before.views[0].figure.table)
    now = meetings.plan_meeting(own, {"title": "Next", "held_on": date(2013, 3, 9)}, "Lead")
    meetings.pin(own, now, RANKED, "Lead")
    assert content.pack(now).version != before.version


def test_every_command_of_the_page_runs(
    at_pack: Engine, run: Run, quick: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "packs").mkdir()
    commands = [line.strip() for line in PAGE.splitlines() if line.strip().startswith(PREFIX)]
    assert commands
    for line in commands:
        assert run(*shlex.split(line.removeprefix(PREFIX)))[0] == 0, line
