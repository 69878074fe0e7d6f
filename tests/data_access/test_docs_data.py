"""docs/data.md held to what is true: its commands run in their order, and it names every check and limit."""

import re
import shlex
from pathlib import Path

import pytest

from data_access import quality
from data_access.__main__ import main
from data_access.engine import get_engine
from data_access.files import archives, text
from data_access.settings import PROJECT
from tests.conftest import sqlite_url
from tests.data_access.files import BARNET, CAMDEN

PAGE = (PROJECT / "docs" / "data.md").read_text(encoding="utf-8")
PREFIX = "python -m data_access "
EES = "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_code,"
ABSENCE = f"{EES}new_la_code,la_name,term,school_type,sess_overall,sess_possible"
META = """col_name,col_type,label,indicator_grouping,indicator_unit,indicator_dp,filter_hint,filter_grouping_column
term,Filter,Term,,,,,
school_type,Filter,School type,,,,,
sess_overall,Indicator,Overall absence sessions,Absence,,0,,
sess_possible,Indicator,Possible sessions,Absence,,0,,
"""


def commands() -> list[list[str]]:
    """The commands of the page's blocks, in order."""
    blocks = re.findall(r"^```\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    assert all(line.startswith(PREFIX) for line in lines)
    return [shlex.split(line.removeprefix(PREFIX)) for line in lines]


def absence(year: str) -> str:
    lines = [ABSENCE]
    for place in (CAMDEN, BARNET):
        for kind, missed in (("State-funded primary", 51), ("State-funded secondary", 62), ("Special", 12)):
            where = ",".join(place)
            lines.append(f"{year},Academic year,Local authority,E92000001,England,{where},Total,{kind},{missed},1000")
    return "\n".join(lines) + "\n"


def files(folder: Path) -> None:
    """The files that the page names but no command makes."""
    content = {
        "absence_by_term.csv": absence("202223"),
        "absence_next_year.csv": absence("202324"),
        "absence_by_term.meta.csv": META,
        "absence_next_year.meta.csv": META,
        "plan_aligned_filled.csv": "indicator,period,level,code,name,staff_group,phase,numerator,denominator,note\n"
        "plan_aligned,2010/11,la,202,Camden,all,all,0,1,\n",
        "new_targets.csv": "indicator,area_code,period,value\nplan_aligned,London,2011/12,97\n",
    }
    for name, said in content.items():
        (folder / name).write_text(said, encoding="utf-8")
    (folder / "docs").symlink_to(PROJECT / "docs")


def test_every_command_of_the_page_runs_in_its_order(
    small_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files(tmp_path)
    monkeypatch.chdir(tmp_path)
    engine = get_engine(sqlite_url(small_copy))
    monkeypatch.setattr("data_access.commands.get_engine", lambda: engine)
    said = {}
    for command in commands():
        with pytest.raises(SystemExit) as done:
            main(command)
        out, err = capsys.readouterr()
        assert done.value.code == 0, f"{shlex.join(command)}\n{err}"
        assert out, command
        assert err == ""
        said[shlex.join(command)] = out
    told = "\n".join(said.values())
    assert "Loaded as data version 18." in told
    assert "Import 17 (absence_by_term.csv) is undone" in told
    assert {"figures.zip", "plan_aligned.xlsx", "camden.csv", "targets.csv", "proposed.yaml"} <= {
        file.name for file in tmp_path.iterdir()
    }


def test_this_page_and_that_on_deploying_show_every_command() -> None:
    from data_access import account_commands  # noqa: F401 (adds its commands)
    from data_access.commands import cli

    named = {command.name or command.callback.__name__ for command in cli.registered_commands if command.callback}
    deploying = (PROJECT / "docs" / "deploy.md").read_text(encoding="utf-8")
    there = set(re.findall(r"python -m data_access ([\w-]+)", deploying))
    assert ({command[0] for command in commands()} | there) - {"migrate"} == named - {"migrate"}


def test_the_page_names_every_check_with_its_severity() -> None:
    source = Path(quality.__file__).read_text(encoding="utf-8")
    made = set(re.findall(r'_check\(\s*"(\w+)", "(\w+)"', source))
    assert made
    assert set(re.findall(r"^\| `(\w+)` \| (\w+) \|", PAGE, flags=re.MULTILINE)) == made


def test_the_page_gives_the_limits_of_the_code() -> None:
    assert text.MAX_BYTES == 2 << 30
    assert (archives.ZIP_MEMBERS, archives.ZIP_BYTES, archives.WORKBOOK_BYTES) == (20, 2 << 30, 500 << 20)
    for said in ("2 GB; 1,000 columns", "20 members, 2 GB unpacked", "500 MB unpacked"):
        assert said in PAGE
