"""The commands: what they print, what they write, and that an error is one sentence."""

import json
import signal
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import typer
import yaml
from sqlalchemy import Engine, func, select

from data_access import access, audit, commands, quality, schema, summaries
from data_access.__main__ import main
from data_access.engine import current_version, get_engine, reading, writing
from data_access.files.mapping import to_yaml
from data_access.settings import settings
from tests.conftest import sqlite_url
from tests.data_access.files import BARNET, CAMDEN, line, mapping, write

Run = Callable[..., tuple[int, str, str]]
GEOJSON = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"old_la_code": "202"},
            "geometry": {"type": "Polygon", "coordinates": [[[-0.2, 51.5], [-0.1, 51.5], [-0.1, 51.6], [-0.2, 51.5]]]},
        }
    ],
}
GIAS = "URN,EstablishmentName,TypeOfEstablishment (name),PhaseOfEducation (name),LA (code)"
OTHERS = {
    "template.csv": "indicator,period,level,code,name,staff_group,phase,numerator,denominator,note\n"
    "plan_aligned,2010/11,la,302,Barnet,all,all,0,1,\n",
    "targets.csv": "indicator,area_code,period,value\nreviewed,London,2011/12,91\n",
    "register.csv": f"{GIAS}\n100999,A new school,Community school,Primary,202\n",
    "neighbours.csv": "old_la_code,neighbour_old_la_code,rank\n202,302,1\n202,203,2\n",
    "outlines.geojson": json.dumps(GEOJSON),
}
SAID = ["--source", "A test", "--licence", "None"]


@pytest.fixture
def run(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """A command on a database and in a folder of the test's own: exit status, what it prints, what it complains."""
    monkeypatch.setattr("data_access.commands.get_engine", lambda: engine)
    monkeypatch.setattr("data_access.__main__.get_engine", lambda: engine)
    monkeypatch.chdir(tmp_path)
    return runner(capsys)


@pytest.fixture
def small(
    small_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """The same on a database that tests share: reads only."""
    monkeypatch.setattr("data_access.commands.get_engine", lambda: get_engine(sqlite_url(small_database)))
    monkeypatch.chdir(tmp_path)
    return runner(capsys)


def runner(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as done:
            main(list(arguments))
        said = capsys.readouterr()
        return int(done.value.code or 0), said.out, said.err

    return run


def files(folder: Path) -> None:
    """A data file that revises one figure, and its mapping."""
    write(folder / "new.csv", [line(BARNET, 7, 50), line(CAMDEN, 3, 9, level="Ward")])
    (folder / "new.yaml").write_text(to_yaml(mapping()), encoding="utf-8")


def test_a_look_says_no_role_where_a_layout_has_none_and_counts_to_ten_thousand(small: Run, tmp_path: Path) -> None:
    schools = [f"{urn},School,Community school,Primary,202" for urn in range(100_000, 110_001)]
    (tmp_path / "register.csv").write_text("\n".join([GIAS, *schools]), encoding="utf-8")
    printed = small("look", "register.csv")[1].splitlines()
    assert "  URN: 10,000 or more distinct; 10,001 numbers" in printed
    assert "  PhaseOfEducation (name): 1 distinct; 10,001 texts" in printed


def test_a_file_from_first_look_to_undone(run: Run, engine: Engine, tmp_path: Path) -> None:
    files(tmp_path)
    assert "Ward 1 row (not held here)" in run("look", "new.csv")[1]
    status, out, _ = run("propose", "new.csv", "--out", "first.yaml")
    assert (status, "Still to fill: source, licence" in out) == (0, True)
    assert yaml.safe_load((tmp_path / "first.yaml").read_text(encoding="utf-8"))["data_set"] == "new"
    status, _, err = run("import", "new.csv")
    assert (status, "the file needs a mapping" in err) == (1, True)
    with reading(engine) as connection:
        before = current_version(connection)
    status, out, _ = run("import", "new.csv", "--mapping", "new.yaml", "--dry-run", "--save-mapping")
    assert (status, out.splitlines()[-1]) == (0, "Dry run: nothing was written.")
    status, out, _ = run("import", "new.csv", "--mapping", "new.yaml", "--save-mapping", "--by", "A. Person")
    assert (status, "1 revised" in out, f"data version {before + 1}" in out) == (0, True, True)
    assert "is kept for files with these columns" in out
    number = str(before)  # the first version holds no import
    status, out, _ = run("show", number)
    assert status == 0
    for said in ("imported_by: A. Person", "left out: 1 Ward rows", "numerator: n", "indicators: duplicated_offers"):
        assert said in out
    assert run("checks", number)[0] == 0
    assert run("history")[1].splitlines()[1].split()[0] == number
    assert json.loads(run("history", "--format", "json")[1])[0]["id"] == before
    assert run("versions")[1].splitlines()[1].split()[0] == str(before + 1)
    pair = [str(before), str(before + 1)]
    assert "1 revised, 0 new, 0 withdrawn." in run("revisions", *pair, "--level", "la")[1]
    printed = pd.read_csv(StringIO(run("revisions", *pair, "--level", "la", "--format", "csv")[1]), dtype=str)
    assert printed[["area_code", "numerator_after"]].to_numpy().tolist() == [["302", "7.0"]]
    status, out, _ = run("undo", number, "--by", "A. Person")
    assert (status, "1 that counted before count again" in out) == (0, True)
    assert run("undo", number)[0] == 1
    write(tmp_path / "later.csv", [line(BARNET, 8, 50)])
    assert (
        "Loaded as data version" in run("import", "later.csv", "--source", "Someone else")[1]
    )  # as it was mapped before
    with reading(engine) as connection:
        last = (
            connection.execute(select(schema.import_.c.source).order_by(schema.import_.c.id.desc())).scalars().first()
        )
    assert last == "Someone else"


@pytest.mark.parametrize("name", OTHERS)
def test_files_of_other_layouts_come_in(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(OTHERS[name], encoding="utf-8")
    assert run("look", name)[0] == 0
    status, _, err = run("import", name)
    assert (status, "Give source and licence" in err) == (1, True)
    status, out, err = run("import", name, *SAID, "--kind", "illustrative")
    assert (status, err) == (0, "")
    assert "Loaded as data version 18." in out
    assert run("undo", "15")[0] == 0


def test_figures_as_they_stood(run: Run, tmp_path: Path) -> None:
    files(tmp_path)
    asked = ["values", "--indicator", "duplicated_offers", "--level", "la", "--period", "2011/12", "--area", "Barnet"]
    published = ["publish", "--indicator", "duplicated_offers", "--level", "la", "--area", "Barnet", "--out"]
    before = run(*asked)[1]
    run(*published, "a.zip")
    run("import", "new.csv", "--mapping", "new.yaml")
    assert run(*asked)[1] != before
    assert run(*asked, "--as-at", "15")[1] == before
    assert run(*asked, "--as-at", "9999-01-01")[1] == run(*asked)[1]
    (tmp_path / "b").mkdir()
    assert "data version 15" in run(*published, "b/a.zip", "--as-at", "15")[1]
    assert (tmp_path / "b" / "a.zip").read_bytes() == (tmp_path / "a.zip").read_bytes()
    assert "1 revised" in run("import", "a.zip", "--dry-run")[1]


@pytest.mark.parametrize("kind", [KeyboardInterrupt, signal.SIGINT])
def test_ctrl_c_leaves_nothing_behind(
    run: Run, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: object
) -> None:
    files(tmp_path)

    def stop(*_: object, **__: object) -> None:
        if kind is KeyboardInterrupt:
            raise KeyboardInterrupt
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(summaries, "remake", stop)
    status, _, err = run("import", "new.csv", "--mapping", "new.yaml")
    assert (status, err) == (1, "The import was cancelled; nothing was changed. Start it again when you like.\n")
    monkeypatch.undo()
    with reading(engine) as connection:
        assert current_version(connection) == 17
        assert connection.execute(select(schema.import_.c.id).where(schema.import_.c.id == 17)).first() is None


def test_a_terminal_sees_how_far_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    with commands.progress() as step:
        step("Reading and checking", 0.0)
        step("Loading", 0.5)
        step("Writing to the disk", 1.0)
    shown = terminal.getvalue()
    assert all(said in shown for said in ("Reading and checking", "Loading", "50%", "100%"))


def test_templates_hold_their_places(small: Run, tmp_path: Path) -> None:
    def first(name: str) -> list[tuple]:
        if name.endswith(".csv"):
            return list(
                pd.read_csv(tmp_path / name, dtype=str, keep_default_na=False).itertuples(index=False, name=None)
            )
        return list(openpyxl.load_workbook(tmp_path / name)["data"].iter_rows(min_row=2, values_only=True))

    for what, options, name, count in (
        ("plan_aligned", [], "all.csv", 152 + 1),
        ("plan_aligned", ["--area", "Camden"], "one.xlsx", 1 + 1),
        ("clt_registered", [], "london.csv", 33 + 1),
        ("targets", [], "targets.csv", 33),
    ):
        assert small("template", what, *options, "--out", name)[1] == f"Wrote {name}.\n"
        assert len(first(name)) == count
    small("template", "inclusive_policy", "--area", "E09000007", "--out", "schools.csv")
    assert {row[2] for row in first("schools.csv")} == {"school"}
    assert all("Camden" in row[4] for row in first("schools.csv"))


def test_who_reported(small: Run) -> None:
    out = small("coverage", "--indicator", "reviewed", "--period", "2011/12", "--level", "region")[1]
    assert len(out.splitlines()) == 10
    found = json.loads(small("coverage", "--indicator", "reviewed", "--region", "London", "--format", "json")[1])
    assert {row["region_code"] for row in found} == {"E12000007"}


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("look nothing.csv", "the file does not exist"),
        ("propose targets.csv", "needs no mapping"),
        ("import nothing.csv", "the file does not exist"),
        ("undo 99", "There is no import 99"),
        ("show 99", "There is no import 99"),
        ("checks 99", "There is no import 99"),
        ("revisions 9 2", "later than"),
        ("revisions 1 99", "not one that can be shown"),
        ("revisions 1 2 --indicator nonsense", "not a known indicator"),
        ("coverage --period 1066/67", "1066/67"),
        ("coverage --region Narnia", "Narnia"),
        ("values --indicator reviewed --level la --period 2011/12 --as-at never", "neither a data version nor a date"),
        ("publish --indicator reviewed --level la --out x.csv", "is no zip"),
        ("publish --indicator reviewed --level la --out nowhere/x.zip", "cannot be written"),
        ("publish --indicator reviewed --level la --area Narnia --out x.zip", "Narnia"),
        ("publish --indicator nonsense --level la --out x.zip", "not a known indicator"),
        ("template nonsense --out x.csv", "not a known indicator"),
        ("template reviewed --out x.pdf", "neither .csv nor .xlsx"),
        ("template clt_registered --area Leeds --out x.csv", "in London only"),
    ],
)
def test_an_error_is_a_sentence(small: Run, tmp_path: Path, command: str, says: str) -> None:
    (tmp_path / "targets.csv").write_text(OTHERS["targets.csv"], encoding="utf-8")
    status, _, err = small(*command.split(" "))
    assert status == 1
    assert says in err
    assert "Traceback" not in err
    assert len(err.splitlines()) == (
        2 if "nothing.csv" in command else 1
    )  # a refused file: the problem, then the count


def test_every_command_says_what_it_does() -> None:
    def described() -> Iterator[str]:
        for command in commands.cli.registered_commands:
            assert isinstance(command, typer.models.CommandInfo)
            yield (command.callback.__doc__ if command.callback else "") or ""

    assert all(len(said.split()) > 4 for said in described())


def test_the_plan_is_listed_as_it_stands_stood_and_was_agreed(small: Run) -> None:
    out = small("plan")[1].splitlines()
    assert (len(out), out[-1]) == (40, "9 of 38 actions are late on 31 August 2012.")
    late = small("plan", "--late")[1].splitlines()
    assert [line.split()[0] for line in late[1:3]] == ["1.1.5", "1.2.1"]
    assert len(late) == 11
    assert small("plan", "--version", "1")[1].endswith("No action of 38 is late on 7 September 2009.\n")
    then = pd.read_csv(StringIO(small("plan", "--as-at", "3", "--format", "csv")[1])).set_index("code")
    assert then.loc["1.2.1", "status"] == "under_way"
    assert then.loc["1.1.8", "status"] == "not_started"
    found = {row["code"]: row for row in json.loads(small("plan", "--on", "2010-12-31", "--format", "json")[1])}
    assert (found["1.1.5"]["late"], found["1.1.5"]["due"]) == (False, "2011-12-16")
    status, _, err = small("plan", "--version", "9")
    assert (status, err) == (1, "“9” is not a known plan version. Known: 2, 1.\n")


def test_the_audit_says_which_schools_left_and_nothing_of_a_file_s_name(
    run: Run, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data_access.audit.get_engine", lambda: engine)
    monkeypatch.setattr(settings(), "schools_of", "202")
    about = ["--indicator", "inclusive_policy", "--period", "2011/12"]
    assert run("publish", *about, "--level", "la", "--level", "school", "--area", "Leeds", "--out", "a.zip")[0] == 0
    assert run("publish", *about, "--level", "school", "--out", "for Jo Smith.zip")[0] == 0
    assert run("values", *about, "--level", "school", "--area", "Camden")[0] == 0
    with access.acting_as(access.SERVICE), reading(engine) as connection:
        found = audit.entries(connection, did=audit.Did.exported_schools.value)
    said = list(found[["account", "about"]].iloc[::-1].itertuples(index=False, name=None))
    assert said == [(audit.HERE, "schools of 202, zip file"), (audit.HERE, "schools of 202, printed")]


def test_findings_about_schools_that_are_not_shown_here_are_counted(
    run: Run, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(engine) as connection:
        first = select(schema.school.c.la_code, func.min(schema.school.c.urn)).group_by(schema.school.c.la_code)
        found = connection.execute(first.where(schema.school.c.la_code.in_(["202", "383"]))).all()
        urns = dict(found)
        rows = pd.DataFrame({"area_code": ["E92000001", urns["202"], urns["383"]], "jump": 2.0})
        quality.keep(connection, 1, [quality.Check("jump", "warning", "Many.", rows, 1500)])
    monkeypatch.setattr("data_access.audit.get_engine", lambda: engine)
    monkeypatch.setattr(settings(), "schools_of", "202")
    status, out, _ = run("checks", "1")
    assert (status, urns["202"] in out, urns["383"] in out) == (0, True, False)
    with access.acting_as(access.SERVICE), reading(engine) as connection:
        (left,) = audit.entries(connection, did=audit.Did.exported_schools.value, limit=1)["about"]
    assert left == "schools of 202, rows of a check, printed"
    assert out.splitlines()[-2:] == ["… and 1,497 more.", "… and 1 row about schools that are not shown here."]
