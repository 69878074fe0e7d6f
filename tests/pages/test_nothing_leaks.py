"""A canary among the figures: one school's conspicuous numbers, suppressed, are nowhere in what leaves the house."""

import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pypdf
import pytest
import streamlit as st
from sqlalchemy import text
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Dataframe, Table

from data_access import values
from data_access.__main__ import main
from data_access.engine import current_version, get_engine, reading
from data_access.imports import import_file
from data_access.settings import settings
from exports.report import files as report_files
from exports.shown import Shown
from exports.tables import files as table_files
from exports.views import data
from pages.parts import chart_menu, progress, report
from tests.aside import put_aside, put_back
from tests.conftest import sqlite_url
from tests.data_access.files import CAMDEN, HEADER, line, mapping, write
from tests.pages.conftest import _forget, opened

# Camden has one secondary school in the filled database: what it says is Camden's figure for secondary schools.
PHASE = "Secondary"
COST, REVIEWED = "cost_per_participant_day", "reviewed"
CANARIES = {
    COST: ("all", 987654321, 10007),
    REVIEWED: ("site", 65431, 98765),
}  # staff group, numerator, denominator
# 987654321 ÷ 10007 = 98696.344…, 65431 ÷ 98765 = 66.24917… %; not what merely ends so, as coordinates may.
SEEN = re.compile(r"(?<![\d.,])(987,?654,?321|10,?007|98,?696(\.\d+)?|65,?431|98,?765|66\.249[12]\d*)(?!\d)")
PERIODS = ["200910", "201011", "201112"]
DATA, LA, REGIONS, COMPARE, OVERVIEW = "data", "local-authority", "regions", "compare", "overview"
PLACE = [*HEADER[:10], "school_urn", "school_laestab", "school_name"]
TAKES_LONG = ("PNG", "PDF")  # of the same drawing as the SVG
SMALLEST = 200  # characters of all that a page sends


@pytest.fixture(scope="module")
def caged(small_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small database with the canaries, brought in twice: the second time with a revision beside them."""
    folder = tmp_path_factory.mktemp("caged")
    made = Path(shutil.copy(small_database, folder / "cpd.db"))
    engine = get_engine(sqlite_url(made))
    with engine.connect() as connection:
        urn = connection.exec_driver_sql(
            "select urn from school where la_code = '202' and phase = 'secondary'"
        ).scalar()
        other = connection.exec_driver_sql(
            "select min(urn) from school where la_code = '202' and phase = 'primary'"
        ).scalar()
    for number, more in enumerate((0, 1)):
        for code, (group, n, d) in CANARIES.items():
            rows = []
            for period in PERIODS:
                for school, top, base in ((urn, n, d), (other, 40 + more, 50)):
                    start = line(CAMDEN, 0, 0, period, "School")[:10]
                    rows.append([*start, str(school), "2024001", "A school", group, str(top), str(base)])
            how = mapping(code, filters={"group": {"role": "staff_group", "values": {group: group}}})
            import_file(engine, write(folder / f"{code}_{number}.csv", rows, [*PLACE, "group", "n", "d"]), None, how)
    engine.dispose()
    return made


@pytest.fixture(scope="module")
def house(caged: Path, small_database: Path) -> Iterator[Path]:
    """The database with the canaries behind pages and commands; what these keep serves later tests, as on a server."""
    aside = put_aside()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CPD_DATABASE_URL", sqlite_url(caged))
        _forget()
        yield caged
    _forget()
    put_back(aside)


@pytest.fixture
def afresh(house: Path) -> Iterator[None]:
    """Nothing kept before, and nothing of the test's afterwards: for a test under other rules."""
    aside = put_aside()
    _forget()
    yield
    _forget()
    put_back(aside)


@pytest.fixture
def without_gate(afresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures leave as they are, suppressed or not."""
    monkeypatch.setattr(values, "publish", lambda frame, hidden=None: frame)


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """Every file that a page offers, also in a menu: its label and its content, or what makes it."""
    found: list[tuple[str, Any]] = []
    real = st.download_button

    def offered(label: str, data: Any, **how: Any) -> bool:
        found.append((label, data))
        return real(label, data=data, **how)

    monkeypatch.setattr(st, "download_button", offered)
    monkeypatch.setattr(chart_menu, "button", chart_menu.contents)  # as if each were open
    return found


def sent(at: AppTest) -> str:
    """All that a page sends to the browser: every element whole, the data of tables as text."""
    assert not at.exception, at.exception[0].message
    parts = []
    for element in at._tree:
        proto = getattr(element, "proto", None)
        parts.append("" if proto is None else str(proto))
        if isinstance(element, Dataframe | Table):  # the text of its bytes runs together
            parts.append(element.value.to_csv())
    text = "\n".join(parts)
    assert len(text) > SMALLEST
    return text


def files(taken: list[tuple[str, Any]]) -> str:
    """The content of the files offered, of zips of every member, of PDFs the text."""
    parts = []
    for label, given in taken:
        if label.startswith(TAKES_LONG):
            continue
        content = given() if callable(given) else given
        parts.append(told(content.encode() if isinstance(content, str) else content))
    taken.clear()
    return "\n".join(parts)


def told(content: bytes) -> str:
    """What a file says: zips within zips unpacked; pictures say nothing."""
    if content[:4] == b"%PDF":
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    if content[:2] == b"PK":
        archive = zipfile.ZipFile(io.BytesIO(content))
        return "\n".join(told(archive.read(name)) for name in archive.namelist())
    if content[:4] == b"PAR1":
        return pd.read_parquet(io.BytesIO(content)).to_csv()
    return "" if content[:2] == b"\xff\xd8" else content.decode("utf-8")


def seen(text: str) -> set[str]:
    """The canaries in a text; in one of cells between commas, too."""
    return {found[0] for said in (text, text.replace(",", "\n")) for found in SEEN.finditer(said)}


STATES: dict[str, tuple[str, dict[str, str], dict[str, str]]] = {
    "overview": (OVERVIEW, {}, {}),
    "overview, authorities": (OVERVIEW, {}, {"map_of_True": "Local authorities"}),
    "regions, cost": (REGIONS, {"indicator": COST}, {}),
    "regions, reviewed": (REGIONS, {"indicator": REVIEWED, "staff_group": "site"}, {}),
    "authority, cost": (LA, {"indicator": COST}, {}),
    "authority, reviewed": (LA, {"indicator": REVIEWED, "staff_group": "site"}, {}),
    "authority, the baseline": (LA, {"indicator": COST, "period": "2009/10"}, {}),
    "compare, cost": (COMPARE, {"indicator": COST, "show": "Quality"}, {}),
    "compare, reviewed": (COMPARE, {"indicator": REVIEWED, "staff_group": "site", "areas": "Barnet,Camden"}, {}),
    "methods": ("definitions", {}, {"part": "Methods and symbols"}),
    "where from, cost": (OVERVIEW, {"from": f"{COST}/202/2011-12/all/secondary"}, {}),
    "where from, reviewed": (OVERVIEW, {"from": f"{REVIEWED}/202/2011-12/site/secondary"}, {}),
    "data, history": (DATA, {"view": "History"}, {}),
    "data, revisions": (DATA, {"view": "Revisions"}, {"revised_level": "Local authorities"}),
    "data, coverage": (DATA, {"view": "Coverage"}, {}),
    "data, checks": (DATA, {"view": "Checks"}, {}),
}


def leaves(state: str, taken: list[tuple[str, Any]], phase: str = "secondary") -> tuple[str, str]:
    """What a page sends and what its files hold."""
    page, address, choices = STATES[state]
    at = opened(page, la="Camden", phase=phase, **address)
    for key, value in choices.items():
        at.session_state[key] = value
    taken.clear()
    at.run()
    return sent(at), files(taken)


def test_the_canary_is_there_and_suppressed(house: Path) -> None:
    with reading(get_engine()) as connection:
        for code, (group, n, d) in CANARIES.items():
            frame = values.area_values(connection, "la", indicator=code, staff_group=group, phase="secondary")
            rows = frame[frame["area_code"] == "202"]
            assert rows["symbol"].tolist() == ["c"] * len(PERIODS)
            assert rows[["value", "baseline", "progress", "numerator", "denominator"]].isna().all(axis=None)
            assert set(rows["status"]) == {"none"}
            held = text(
                "select count(*) from observation where indicator = :code and numerator = :n and denominator = :d"
            )
            assert connection.execute(held, {"code": code, "n": n, "d": d}).scalar_one() > 0
            value = (1 if code == COST else 100) * n / d
            for said in (f"{n}", f"{n:,}", f"{d:,}", f"{value:,.0f}" if code == COST else f"{value:.6g}", f"{value}"):
                assert seen(f"£{said}%"), said


@pytest.mark.parametrize("state", STATES)
def test_no_page_and_no_file_tells(
    house: Path, request: pytest.FixtureRequest, taken: list[tuple[str, Any]], state: str
) -> None:
    if state.startswith("where from"):  # its file holds what a school said itself for those who may see it
        request.getfixturevalue("afresh")
        request.getfixturevalue("monkeypatch").setattr(settings(), "schools_of", "none")
    for what, content in zip(("page", "file"), leaves(state, taken), strict=True):
        assert seen(content) == set(), f"in a {what} of {state}"


@pytest.mark.parametrize("state", ["regions, cost", "authority, cost", "authority, reviewed", "where from, cost"])
@pytest.mark.usefixtures("without_gate")
def test_without_the_gate_they_would(taken: list[tuple[str, Any]], state: str) -> None:
    """So that the test above finds what there is to find: in what is sent, and in a file."""
    page, file = leaves(state, taken)
    assert seen(page)
    assert seen(file)


def reported(code: str) -> str:
    """What Camden's report of secondary schools and a canary's staff group says, in all formats."""
    version, group = data.current_version(), CANARIES[code][0]
    label = "all staff" if group == "all" else group
    now = Shown(version, "2011/12", "2011/12", "E12000007", "London", "202", "Camden", "secondary", group, label)
    made = report.made(now, "", False)
    return "\n".join(told(report_files.make(made, kind)) for kind in report_files.KINDS)


@pytest.mark.parametrize("code", CANARIES)
def test_no_report_tells(house: Path, code: str) -> None:
    text = reported(code)
    assert "suppressed to protect confidentiality" in text
    assert seen(text) == set()


@pytest.mark.usefixtures("without_gate")
def test_without_the_gate_a_report_would() -> None:
    assert seen(reported(COST))


@pytest.mark.parametrize("kind", table_files.KINDS)
def test_a_file_taken_out_does_not_tell(
    house: Path, taken: list[tuple[str, Any]], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "SOON", 60.0)
    at = opened(DATA, la="Camden", phase="secondary", view="Take out")
    at.segmented_control(key="out_format").set_value(kind).run()
    at.multiselect(key="out_indicators").set_value([COST]).run()
    # Without schools: what one said itself is for those who may see it, and so it leaves for them.
    at.multiselect(key="out_levels").set_value(["england", "region", "la"]).run()
    at.multiselect(key="out_phases").set_value(["all", "primary", "secondary", "special"]).run()
    next(button for button in at.button if button.label == "Make the file").click().run()
    assert seen(sent(at)) == set()
    content = files(taken)
    assert f"{COST}_numerator" in content
    assert "Camden" in content
    assert seen(content) == set()


def commands(version: int, imports: int) -> list[list[str]]:
    of = [[code, group] for code, (group, _, _) in CANARIES.items()]
    made = [
        ["values", "--indicator", code, "--level", level, "--period", "2011/12", "--phase", "secondary",
         "--staff-group", group, "--format", how]
        for code, group in of for level in ("england", "region", "la") for how in ("csv", "json")
    ]  # fmt: skip
    for before, after in pairwise(range(version - 2 * len(of), version + 1)):
        made.append(["revisions", str(before), str(after), "--level", "la", "--format", "json"])
    for number in range(imports - 2 * len(of) + 1, imports + 1):
        made += [["checks", str(number)], ["show", str(number)]]
    made.append(["coverage", "--indicator", COST, "--format", "json"])
    made.append(["values", "--indicator", COST, "--level", "la", "--period", "2011/12", "--area", "987654321"[:3]])
    return made


def test_no_command_tells(house: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with reading(get_engine()) as connection:
        version = current_version(connection)
        imports = int(connection.exec_driver_sql("select max(id) from import").scalar_one())
    for arguments in commands(version, imports):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        said = capsys.readouterr()
        assert said.out or ended.value.code
        assert seen(said.out + said.err) == set(), arguments


@pytest.mark.parametrize("key", ["la", "region", "period", "phase", "staff_group", "indicator"])
def test_no_word_about_an_unknown_choice_tells(house: Path, key: str) -> None:
    at = opened(LA, **{"la": "Camden", "phase": "secondary", "indicator": COST} | {key: "nonsense"})
    text = sent(at)
    assert "nonsense" in text
    assert seen(text) == set()
