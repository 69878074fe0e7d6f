"""The plan as CSV and workbook: what the page shows, its state, and text that stays text."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from sqlalchemy import Engine

from data_access import plan as stored
from data_access.engine import get_engine, reading, writing
from exports import plan as files
from exports import shown
from exports.shown import Shown
from exports.views import data, plan
from exports.views.plan import Which
from tests.aside import at_a_copy

TODAY = "2012-09-01"


@pytest.fixture
def now(at_small: Engine, small_copy: Path) -> Iterator[Shown]:
    """What is shown by default, of a database of the test's own."""
    with at_a_copy(small_copy):
        yield shown.understood({}, data.current_version())


@pytest.fixture
def save() -> Callable[..., None]:
    """Save an action of the plan behind the files."""

    def make(code: str, said: stored.Promise) -> None:
        with reading(get_engine()) as connection:
            seen = int(stored.actions(connection).set_index("code").loc[code, "seen"])
        with writing(get_engine()) as connection:
            stored.save(connection, code, said, by="Ann", seen=seen)

    return make


def book(content: bytes) -> dict[str, pd.DataFrame]:
    return pd.read_excel(io.BytesIO(content), sheet_name=None)


def test_the_workbook_holds_the_plan_its_milestones_and_its_versions(now: Shown) -> None:
    sheets = book(files.xlsx(now, plan.state(now), Which(), TODAY))
    assert list(sheets) == ["Cover", "Actions", "Milestones", "Plan versions"]
    cover = sheets["Cover"].set_index("About")["Text"]
    assert cover["Title"] == "9 of 38 actions are late"
    assert cover["Judged on"] == "31 August 2012"
    assert cover["Kind of data"].startswith("Illustrative data")
    assert "plan as it stands, version 2" in cover["What"]
    actions = sheets["Actions"]
    assert (len(actions), (actions["Days late"] > 0).sum()) == (38, 9)
    assert actions["Due"].iloc[0] == pd.Timestamp(2009, 9, 30)
    assert set(actions["Owner and days"]) == {"Illustrative"}
    assert (sheets["Milestones"]["Late"] == "yes").sum() == actions["Milestones late"].sum()
    assert sheets["Plan versions"]["Version"].tolist() == [1, 2]


def test_a_choice_and_a_version_leave_as_they_are_shown(now: Shown) -> None:
    which = Which(owner="Becta")
    csv = pd.read_csv(io.BytesIO(files.csv(now, plan.state(now), which, TODAY)), encoding="utf-8-sig")
    assert csv["Action"].str[:5].tolist() == ["3.2.3"]
    assert csv["Exported"].tolist() == [TODAY]
    assert files.file_name(now, plan.state(now), which, "csv") == "plan_becta_2012-08-31.csv"
    first = plan.state(now, "1")
    assert files.file_name(now, first, Which(), "xlsx") == "plan_all-actions_2009-09-07_version-1.xlsx"
    actions = book(files.xlsx(now, first, Which(), TODAY))["Actions"]
    assert actions["Action"].str.startswith("1.1.3").any()
    assert not actions["Action"].str.startswith("1.1.8").any()
    earlier = plan.state(replace(now, version=now.version - 1))
    assert files.file_name(replace(now, version=3), earlier, Which(), "csv").endswith("_v3.csv")


def test_text_that_a_spreadsheet_would_compute_leaves_as_text(now: Shown, save: Callable[..., None]) -> None:
    save("1.2.1", stored.Promise("=HYPERLINK(1)", date(2011, 1, 3), date(2012, 3, 30), note="@SUM(1)"))
    state = plan.state(now)
    csv = pd.read_csv(io.BytesIO(files.csv(now, state, Which(), TODAY)), encoding="utf-8-sig")
    row = csv[csv["Action"].str.startswith("1.2.1")].iloc[0]
    assert (row["Owner"], row["Note"]) == ("'=HYPERLINK(1)", "'@SUM(1)")
    sheet = openpyxl.load_workbook(io.BytesIO(files.xlsx(now, state, Which(), TODAY)))["Actions"]
    cells = {cell.value: cell for line in sheet.iter_rows() for cell in line}
    assert cells["=HYPERLINK(1)"].data_type == "s"
    assert cells["=HYPERLINK(1)"].quotePrefix


def test_files_say_what_is_no_longer_invented(now: Shown, save: Callable[..., None]) -> None:
    save("1.2.1", stored.Promise("Ofsted", due=date(2012, 3, 30)))
    state, which = plan.state(now), Which(owner="Regional delivery partnerships")
    assert plan.chosen(state, which).empty
    actions = book(files.xlsx(now, state, Which(), TODAY))["Actions"].set_index("Action")
    assert actions.loc["1.2.1 Train schools to embed the links", "Owner and days"] == "Entered"


def test_figures_follow_an_edit_and_a_version_does_not(now: Shown, save: Callable[..., None]) -> None:
    """What people edit is no new data version: what is kept of the plan goes by the number of the edit."""
    before, first = plan.plan_timeline(now), plan.plan_timeline(now, plan="1")
    save("1.2.1", stored.Promise("Ofsted", due=date(2012, 3, 30), status="done"))
    assert before.headline == "9 of 38 actions are late"
    assert plan.plan_timeline(now).headline == "8 of 38 actions are late"
    assert plan.plan_timeline(now, plan="1").spec == first.spec
