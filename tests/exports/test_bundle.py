"""One chart for many places or indicators: what is planned, the zip, its contents, its command, and what goes wrong."""

import csv
import io
import re
import shlex
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from charts.figure import Figure
from data_access.errors import ImportCancelled, UnknownCode
from data_access.jobs import Job
from data_access.settings import PROJECT
from exports import __main__ as command
from exports import chart_files
from exports.bundle import making, planned, workers
from exports.bundle.planned import plan
from exports.facts import facts
from exports.office import writing
from exports.office.writing import CannotWrite
from exports.views import data, registry
from tests.exports.conftest import look_at, look_away
from tests.exports.quick_drawing import Quick

PAGE = (PROJECT / "docs" / "files.md").read_text(encoding="utf-8")
TREND = "view=trajectory&indicator=reviewed&period=2011/12&la=Camden"
FUNNEL = "view=funnel_plot&indicator=reviewed&period=2011/12&region=London"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module", autouse=True)
def _database(small_database: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        look_at(small_database, patch)
        yield
    look_away()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "Workers", Quick)


def _step(_doing: str, _done: float) -> None: ...


def of(origin: str, over: str, within: str | None = None) -> planned.Plan:
    return plan(origin, over, within, data.current_version())


class Links(HTMLParser):
    """The addresses that a page leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep it."""
        self.found += [str(value) for name, value in attrs if tag == "a" and name == "href"]


# What is planned ------------------------------------------------------------------------------------------


def test_every_authority_of_a_region_stands_in_place_of_the_one_that_was_chosen() -> None:
    made = of(TREND, "la", "London")
    assert len(made.items) == 33
    assert {item.name for item in made.items} > {"Camden", "Barnet"}
    barnet = next(item for item in made.items if item.name == "Barnet")
    assert barnet.origin == "view=trajectory&indicator=reviewed&period=2011/12&la=Barnet&region=London"
    assert made.stem == "needs-agreed-in-review_trajectory_each-local-authority-of-london_2011-12"
    assert len(of(TREND, "la").items) == 152


def test_regions_and_indicators_are_varied_too() -> None:
    regions = of(TREND, "region").items
    assert len(regions) == 9
    assert all("la=" not in item.origin and "region=" in item.origin for item in regions)
    indicators = of(TREND, "indicator", "coherence")
    assert len(indicators.items) == 11
    assert all("la=Camden" in item.origin for item in indicators.items)
    assert indicators.title.startswith("Trajectory, each indicator of ")
    assert indicators.title.endswith(", Camden, 2011/12")
    assert of(TREND, "indicator", indicators.title.partition("each indicator of ")[2].split(",")[0]) == indicators
    earlier = plan(TREND, "la", "London", 14, earlier=True)
    assert earlier.stem.endswith("_2011-12_v14")


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (("view=cats", "la", None), "“cats” is not a known kind of chart."),
        (("", "la", None), "“” is not a known kind of chart."),
        ((TREND, "school", None), "“school” is not a known thing to vary. Known: la, region, indicator."),
        ((TREND, "la", "Atlantis"), "“Atlantis” is not a known region."),
        ((TREND, "indicator", "cats"), "“cats” is not a known priority. Known: "),
        ((TREND, "region", "London"), "Every region is in England. Leave the region out"),
        (("view=spine_chart&la=Camden", "indicator", None), "This chart is not of chosen indicators. Vary the local"),
        ((TREND.replace("Camden", "Atlantis"), "la", None), "“Atlantis” is not a known local authority."),
    ],
)
def test_what_cannot_be_planned_is_said(asked: tuple[str, str, str | None], says: str) -> None:
    with pytest.raises(UnknownCode) as refused:
        of(*asked)
    assert str(refused.value).startswith(says)


def test_of_areas_that_are_compared_one_is_varied_and_the_others_stay() -> None:
    compared = "view=by_area&indicator=reviewed&areas=Camden&areas=London&areas=Barnet&reference=England"
    made = {item.name: item.origin for item in of(compared, "la", "London").items}
    assert "areas=Brent&areas=London&areas=Barnet&" in made["Brent"]
    assert "areas=Barnet&areas=London&reference" in made["Barnet"]
    regions = {item.name: item.origin for item in of(compared, "region").items}
    assert "areas=Camden&areas=South+East&areas=Barnet&" in regions["South East"]
    without = {item.name: item.origin for item in of("view=ranking&areas=Kent&indicator=reviewed", "region").items}
    assert "areas=London&areas=Kent" in without["London"]
    several = "view=by_indicator&areas=Camden&areas=Kent&indicators=reviewed&indicators=inducted&focus=Camden"
    one = of(several, "indicator", "culture").items[0]
    assert one.origin.count("indicators=") == 1
    focused = next(item.origin for item in of(several, "la", "London").items if item.name == "Brent")
    assert focused.endswith(
        "areas=Brent&areas=Kent&indicators=reviewed&indicators=inducted&focus=Brent&la=Brent&region=London"
    )
    version = data.current_version()
    assert all(registry.again(origin, version) is not None for origin in (made["Brent"], one.origin, focused))


def test_what_can_be_varied_in_each_view() -> None:
    assert planned.choices(TREND) == ["la", "region", "indicator"]
    assert planned.choices("view=spine_chart&la=Camden") == ["la", "region"]
    assert planned.choices("") == planned.choices("view=plan_timeline") == []
    with pytest.raises(UnknownCode, match="This chart is of what people edit, not of figures"):
        of("view=evidence_matrix", "la")


# The zip --------------------------------------------------------------------------------------------------


def test_a_bundle_holds_each_chart_and_says_what_it_holds(quick: None, tmp_path: Path) -> None:
    done: list[float] = []
    asked = of(TREND, "la", "North East")
    made = making.make(
        asked, ["png", "svg"], tmp_path, lambda _what, so_far: done.append(so_far), address="https://x.example"
    )
    assert made.path == tmp_path / f"{asked.stem}.zip"
    assert [file.name for file in tmp_path.iterdir()] == [made.path.name]
    assert (made.charts, made.missing) == (12, ())
    assert done == sorted(done)
    assert done[-1] == 1
    with zipfile.ZipFile(made.path) as archive:
        names = archive.namelist()
        assert archive.testzip() is None
        rows = list(csv.DictReader(io.StringIO(archive.read("contents.csv").decode("utf-8-sig"))))
        page = archive.read("index.html").decode()
        assert archive.read("needs-agreed-in-review_gateshead_trend.svg").startswith(b"svg ")
    assert names[-2:] == ["contents.csv", "index.html"]
    assert [row["File"] for row in rows] == names[:-2]
    assert len(names) == len(set(names)) == 26
    assert {row["Kind of data"] for row in rows} == {"Illustrative data"}
    for row in rows:
        assert row["Local authority"]
        assert row["Headline"]
        assert row["Alt text"]
        assert row["Period"] == "2011/12"
    links = Links()
    links.feed(page)
    assert links.found == names[:-2]
    assert "Illustrative data" in page
    assert "<html lang='en-GB'>" in page
    assert "https://x.example" in page


def test_what_could_not_be_made_is_listed_with_the_reason(quick: None, tmp_path: Path) -> None:
    made = making.make(of(FUNNEL, "indicator", "quality"), ["svg"], tmp_path, _step)
    assert made.charts > 0
    assert {entry.why for entry in made.missing} == {"There is nothing to show for this choice."}
    with zipfile.ZipFile(made.path) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("contents.csv").decode("utf-8-sig"))))
        page = archive.read("index.html").decode()
    lacking = [row for row in rows if not row["File"]]
    assert [row["Indicator"] for row in lacking] == [entry.name for entry in made.missing]
    assert all(row["Why there is none"] for row in lacking)
    assert "not made</h2>" in page


def test_a_fault_in_one_chart_leaves_the_others(quick: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = registry.again

    def again(origin: str, *args: Any, **kwargs: Any) -> Figure | None:
        if "la=Gateshead" in origin:
            raise KeyError("no such row")
        return real(origin, *args, **kwargs)

    monkeypatch.setattr(registry, "again", again)
    made = making.make(of(TREND, "la", "North East"), ["png"], tmp_path, _step)
    assert made.charts == 11
    assert [(entry.name, entry.why) for entry in made.missing] == [("Gateshead", making.NOT_DRAWN)]


def test_charts_of_one_name_do_not_write_over_each_other(quick: None, tmp_path: Path) -> None:
    """A ranking of London's authorities is called the same, whichever of them stands out."""
    asked = of("view=ranked&level=la&indicator=reviewed&period=2011/12", "la", "North East")
    with zipfile.ZipFile(making.make(asked, ["png"], tmp_path, _step).path) as archive:
        names = [name for name in archive.namelist() if name.endswith(".png")]
    assert len(set(names)) == 12
    assert all(name.startswith("needs-agreed-in-review_authorities-of-north-east_2011-12") for name in names)
    assert any("_gateshead." in name for name in names)
    same = making._Names(asked)
    figure = registry.again(asked.items[0].origin, asked.version)
    assert figure is not None
    twice = [same.of(asked.items[0], figure, ["png", "svg"]) for _ in range(2)]
    assert len({*twice[0], *twice[1]}) == 4


def test_a_chart_that_does_not_change_makes_no_bundle(quick: None, tmp_path: Path) -> None:
    gap = "view=gap_over_time&indicator=reviewed&period=2011/12"
    with pytest.raises(UnknownCode, match=r"This chart is the same for every local authority\. Vary something else"):
        making.make(of(gap, "la", "London"), ["png"], tmp_path, _step)
    assert list(tmp_path.iterdir()) == []


def test_nothing_to_show_at_all_makes_no_file(quick: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "again", lambda *_, **__: None)
    with pytest.raises(UnknownCode, match=r"None of the 12 charts could be made: There is nothing to show"):
        making.make(of(TREND, "la", "North East"), ["png"], tmp_path, _step)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kinds", [["doc"], [], ["png", "png"]])
def test_formats_that_are_none(quick: None, tmp_path: Path, kinds: list[str]) -> None:
    with pytest.raises(UnknownCode, match=r"“doc” is not a known format|No format is chosen, or one twice"):
        making.make(of(TREND, "la", "North East"), kinds, tmp_path, _step)


def test_one_that_is_stopped_leaves_nothing(quick: None, tmp_path: Path) -> None:
    (tmp_path / "before.zip").write_bytes(b"before")

    def step(_doing: str, done: float) -> None:
        if done > 0.3:
            raise ImportCancelled

    with pytest.raises(ImportCancelled):
        making.make(of(TREND, "la", "North East"), ["png"], tmp_path, step)
    assert [file.name for file in tmp_path.iterdir()] == ["before.zip"]


def test_a_full_disk_leaves_nothing(quick: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(CannotWrite, match=r"cannot be written to \(No space left on device\)"):
        making.make(of(TREND, "la", "North East"), ["png"], tmp_path, _step)
    assert list(tmp_path.iterdir()) == []


def test_figures_of_a_bundle_are_not_kept(quick: None, tmp_path: Path) -> None:
    asked = of(TREND, "la", "North East")
    making.make(asked, ["png"], tmp_path, _step)
    one = registry.again(asked.items[0].origin, asked.version)
    assert registry.again(asked.items[0].origin, asked.version) is one, "those that pages show are"
    assert registry.again(asked.items[0].origin, asked.version, keep=False) is not one


def test_a_second_bundle_waits_and_can_be_stopped_meanwhile(
    quick: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "WAIT", 0.01)
    begun, go_on = threading.Event(), threading.Event()
    real = making.make

    def slow(*args: Any, **kwargs: Any) -> making.Made:
        begun.set()
        assert go_on.wait(20)
        return real(*args, **kwargs)

    monkeypatch.setattr(making, "make", slow)
    asked = of(TREND, "la", "North East")
    first = Job("first", lambda step: making.one_at_a_time(asked, ["png"], tmp_path, step)).start()
    assert begun.wait(20)
    second = Job("second", lambda step: making.one_at_a_time(asked, ["png"], tmp_path, step)).start()
    while second.doing != "Waiting for another bundle":
        assert not second.wait(0.01)
    second.cancel()
    assert second.wait(20)
    assert isinstance(second.error, ImportCancelled)
    go_on.set()
    assert first.wait(20)
    assert first.result is not None
    assert first.result.charts == 12


# The processes that draw ----------------------------------------------------------------------------------


def test_processes_draw_and_one_that_dies_is_replaced() -> None:
    version = data.current_version()
    figure = registry.again(TREND, version)
    assert figure is not None
    told = facts(figure)
    broken = replace(figure, spec={"mark": {"type": "no such mark"}, "data": {"values": []}})
    with workers.Workers(["svg", "csv"], 1) as drawing:

        def figures() -> Iterator[tuple[str, Figure | None, dict[str, str]]]:
            yield "first", figure, told
            yield "none", None, {}
            yield "broken", broken, told
            yield "after", figure, told

        found = dict(drawing.drawn(figures()))
        drawing._all[0].kill()
        drawing._all[0].wait()
        assert dict(drawing.drawn([("lost", figure, told)])) == {"lost": None}
        assert dict(drawing.drawn([("again", figure, told)]))["again"] == found["first"]
    assert list(found) == ["first", "none", "broken", "after"]
    assert found["first"] is not None
    assert found["first"][0].startswith(b"<svg ")
    assert b"Camden" in found["first"][0]
    assert all(b"Illustrative data" in content for content in found["first"])
    assert found["first"] == [chart_files.make(figure, kind, told) for kind in ("svg", "csv")]
    assert found["first"] == found["after"]
    assert found["none"] is found["broken"] is None
    assert all(process.poll() is not None for process in drawing._all)


# The command ----------------------------------------------------------------------------------------------


@pytest.fixture
def run(quick: None, capsys: pytest.CaptureFixture[str]) -> Run:
    """run('--view', '…') runs `bundle`: its exit status, and what it printed and complained of."""

    def bundle(*arguments: str, name: str = "bundle") -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as done:
            command.main([name, *arguments])
        out, err = capsys.readouterr()
        return int(done.value.code or 0), out, err

    return bundle


def test_the_command_writes_one_zip_and_says_what_is_not_in_it(run: Run, tmp_path: Path) -> None:
    code, out, err = run("--view", FUNNEL, "--over", "indicator", "--priority", "quality", "--out", str(tmp_path))
    (file,) = tmp_path.iterdir()
    assert code == 0
    assert re.fullmatch(rf"Wrote {file}: \d+ charts of data version \d+\.\n", out)
    assert all(line.startswith("Without ") for line in err.splitlines())
    assert "There is nothing to show" in err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--over", "la", "--region", "Atlantis"), "“Atlantis” is not a known region."),
        (("--over", "indicator", "--priority", "cats"), "“cats” is not a known priority."),
        (("--over", "cats"), "“cats” is not a known thing to vary."),
        (("--over", "la", "--format", "doc"), "“doc” is not a format of a chart. Choose from png, "),
        (("--over", "indicator", "--region", "London"), "--region goes with --over la."),
        (("--over", "la", "--priority", "culture"), "--priority goes with --over indicator."),
        (("--over", "la", "--as-at", "99"), "Data version 99 is not one that can be shown."),
        (("--over", "la", "--view", "view=cats"), "“cats” is not a known kind of chart."),
        (("--over", "la", "--address", "x.example"), "“x.example” is no address of a dashboard."),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    code, out, err = run("--view", TREND, *arguments, "--out", str(tmp_path))
    assert (code, out) == (1, "")
    assert err.startswith(says)
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_or_may_not_be_written_to(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, _, err = run("--view", TREND, "--over", "la", "--out", str(tmp_path / "missing"))
    assert (code, err) == (1, f"{tmp_path / 'missing'} is not there. Make the folder first, or name another one.\n")

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(writing.tempfile, "TemporaryFile", refused)
    code, _, err = run("--view", TREND, "--over", "la", "--out", str(tmp_path))
    assert code == 1
    assert err == f"{tmp_path} cannot be written to (Permission denied). Check the folder and its permissions.\n"


def test_ctrl_c_leaves_nothing(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    real = registry.again

    def again(origin: str, *args: Any, **kwargs: Any) -> Figure | None:
        made.append(origin)
        if len(made) == 5:
            raise KeyboardInterrupt
        return real(origin, *args, **kwargs)

    monkeypatch.setattr(registry, "again", again)
    code, out, err = run("--view", TREND, "--over", "la", "--region", "London", "--out", str(tmp_path))
    assert (code, out, err) == (130, "", "Stopped; nothing was written.\n")
    assert list(tmp_path.iterdir()) == []


def test_on_a_terminal_a_bar_says_how_far_it_is(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    assert run("--view", TREND, "--over", "region", "--out", str(tmp_path))[0] == 0
    assert "9/9" in terminal.getvalue()


# docs/files.md --------------------------------------------------------------------------------------------


def commands() -> list[list[str]]:
    """The commands of docs/files.md."""
    blocks = re.findall(r"^```\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    assert all(line.startswith("python -m exports ") for line in lines)
    return [shlex.split(line.removeprefix("python -m exports ")) for line in lines]


def test_every_command_of_the_page_runs(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "charts").mkdir()
    for name, *arguments in commands():
        code, out, err = run(*arguments, name=name)
        assert code == 0, err
        assert out.startswith("Wrote ")
    for function in (command.bundle, command.figures):
        name = function.__name__
        shown = {word for first, *rest in commands() if first == name for word in rest if word.startswith("--")}
        wanted = {f"--{option.replace('_', '-')}" for option in function.__annotations__ if option != "return"}
        assert shown == wanted, name
