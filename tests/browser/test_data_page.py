"""The Data page in a browser: a file in and out again, a load stopped half-way, a refusal, keys only, every view."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from data_access import history, queries, values
from data_access.engine import current_version, get_engine, reading
from pages.parts import mapping_words
from tests.browser.conftest import Filled
from tests.browser.screen import NARROW, WAIT, WIDE, parameters, settled, until, visit
from tests.browser.server import Server
from tests.browser.test_accessibility import _violations
from tests.pages.ees_files import mapping, table, zipped

TITLE = "What is in here, and how do I add to it?"
VIEWS = ["Bring in", "History", "Revisions", "Coverage", "Checks", "Take out"]
LONG = 90_000.0


@pytest.fixture
def own(filled: Filled, tmp_path: Path) -> Filled:
    """A filled database of the test's own."""
    return Filled(Path(shutil.copy(filled.file, tmp_path / "own.db")))


@pytest.fixture
def engine(own: Filled) -> Engine:
    """The test's own look into it."""
    return get_engine(own.url)


def _version(engine: Engine) -> int:
    with reading(engine) as connection:
        return current_version(connection)


def _upload(page: Page, file: Path) -> None:
    page.locator("input[type=file]").first.set_input_files(file)


def _press(page: Page, name: str) -> None:
    button = page.get_by_role("button", name=name, exact=True)
    expect(button).to_be_enabled(timeout=WAIT)
    button.click()


def _named(page: Page, name: str = "Ada") -> None:
    """Say who it is, and wait until the page has taken it."""
    field = page.get_by_role("textbox", name="Your name")
    field.fill(name)
    field.press("Enter")
    settled(page)


def _figures(engine: Engine, code: str) -> pd.DataFrame:
    with reading(engine) as connection:
        found = values.area_values(connection, "la", indicator=code)
    return found[["area_code", "period", "value", "numerator", "denominator", "symbol"]].reset_index(drop=True)


def _revision(engine: Engine) -> tuple[str, str, dict]:
    """A file that revises one figure of Camden: indicator, CSV text, mapping."""
    with reading(engine) as connection:
        about = queries.indicators(connection)
    plain = about[(about["collected_from"] == "la") & (about["frequency"] == "year") & (about["scope"] == "England")]
    plain = plain[[groups == ["all"] for groups in plain["staff_groups"]]]
    code = str(plain["code"].iloc[0])
    said = mapping({code: code})
    del said["indicators"][0]["define"]
    text = table([code], las=[("202", "E09000007", "Camden")], phases=("All",)).replace("201213", "201011")
    return code, text, said


def test_a_file_comes_in_and_goes_again(
    new_page: Callable[..., Page], serve: Callable[..., Server], own: Filled, engine: Engine, tmp_path: Path
) -> None:
    code, text, said = _revision(engine)
    file = tmp_path / "revision.zip"
    file.write_bytes(zipped(text, said, "revision"))
    before, figures = _version(engine), _figures(engine, code)
    page = visit(new_page(serve(own.url)), "/data", TITLE)
    _upload(page, file)
    expect(page.get_by_role("heading", name="What its columns mean")).to_be_visible(timeout=WAIT)
    _press(page, "Check (dry run)")
    expect(page.get_by_text("It can be loaded.")).to_be_visible(timeout=LONG)
    assert _version(engine) == before
    _named(page)
    _press(page, "Load")
    expect(page.get_by_text(f"Loaded as data version {before + 1}.")).to_be_visible(timeout=LONG)
    expect(page.get_by_text(f"data version {before + 1}, ").first).to_be_visible(timeout=WAIT)
    changed = _figures(engine, code)
    assert not changed.equals(figures)
    mine = changed[(changed["area_code"] == "202") & (changed["period"] == "2011/12")]
    assert mine["value"].iloc[0] == pytest.approx(4.0)

    _press(page, "See it in History, or undo it")
    expect(page.get_by_text("revision.csv, EES layout")).to_be_visible(timeout=WAIT)
    _press(page, "Undo this import …")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("What it revised goes back to what it was before.")
    dialog.get_by_role("button", name="Undo it").click()
    expect(page.get_by_text("is undone: ").first).to_be_visible(timeout=LONG)
    expect(dialog).to_have_count(0)
    pd.testing.assert_frame_equal(_figures(engine, code), figures)

    # The page that stood before the load can still be seen, by a link and by its address.
    page.get_by_role("link", name="The overview before it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Are we on track?", timeout=WAIT)
    expect(page.get_by_text(f"data version {before}, ").first).to_be_visible(timeout=WAIT)


def test_a_load_stopped_half_way_leaves_nothing(
    new_page: Callable[..., Page], serve: Callable[..., Server], own: Filled, engine: Engine, tmp_path: Path
) -> None:
    """No slowed step: a file with so many figures that a person has the time to press Cancel."""
    with reading(engine) as connection:
        las = queries.authorities(connection)
    places = list(las[["code", "ons_code", "name"]].itertuples(index=False, name=None))
    codes = {f"many_{number}": f"One of many {number}" for number in range(60)}
    text = table(list(codes), las=places)
    more = text.split("\n", 1)[1]
    text += more.replace("201112,", "201314,").replace("201213,", "201415,")
    text += more.replace("201112,", "201516,").replace("201213,", "201617,")
    file = tmp_path / "many.zip"
    file.write_bytes(zipped(text, mapping(codes), "many"))
    before = own.file.stat().st_size, _version(engine)
    page = visit(new_page(serve(own.url)), "/data", TITLE)
    _upload(page, file)
    _press(page, "Check (dry run)")
    expect(page.get_by_text("It can be loaded.")).to_be_visible(timeout=LONG)
    _named(page)
    _press(page, "Load")
    _press(page, "Cancel")
    expect(page.get_by_text("The import was cancelled; nothing was changed.")).to_be_visible(timeout=LONG)
    expect(page.get_by_role("button", name="Load", exact=True)).to_be_enabled()
    assert _version(engine) == before[1]
    with reading(engine) as connection:
        assert "many.csv" not in set(history.imports(connection)["file_name"])
        assert "many_1" not in set(queries.indicators(connection)["code"])


def test_a_load_goes_on_when_the_page_is_closed(
    new_page: Callable[..., Page], serve: Callable[..., Server], own: Filled, engine: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "absence.zip"
    codes = {f"some_{number}": f"One of some {number}" for number in range(20)}
    file.write_bytes(zipped(table(list(codes)), mapping(codes)))
    before, server = _version(engine), serve(own.url)
    page = visit(new_page(server), "/data", TITLE)
    _upload(page, file)
    _press(page, "Check (dry run)")
    expect(page.get_by_text("It can be loaded.")).to_be_visible(timeout=LONG)
    _named(page)
    page.get_by_role("button", name="Load", exact=True).click()
    page.wait_for_timeout(150)
    page.close()
    other = visit(new_page(server), "/data?view=History", TITLE)
    until(other, lambda: _version(engine) == before + 1, "the load is done", 60)
    other.reload()
    expect(other.get_by_text("absence.csv, EES layout")).to_be_visible(timeout=WAIT)


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1440", "390"])
def test_a_refused_file_shows_its_problems(
    new_page: Callable[..., Page], server: Server, tmp_path: Path, viewport: dict[str, int]
) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(table(["x"]).replace("201112", "2011"), encoding="utf-8")
    page = visit(new_page(server, viewport), "/data", TITLE)
    _upload(page, file)
    expect(page.get_by_text("This file cannot be read as it is: ")).to_be_visible(timeout=WAIT)
    expect(page.get_by_role("cell", name="Correct the period.")).to_be_visible()
    with page.expect_download(timeout=WAIT) as caught:
        page.get_by_role("button", name="These problems (CSV)").click()
    assert "time_period" in Path(caught.value.path()).read_text(encoding="utf-8-sig")
    assert not _violations(settled(page))
    _press(page, "Choose another file")
    expect(page.get_by_text("No file yet? Begin with a template")).to_be_visible(timeout=WAIT)


def test_keys_alone_reach_the_uploader_and_change_the_view(page: Page) -> None:
    visit(page, "/data", TITLE)

    def tab_to(ending: str) -> None:
        for _ in range(30):
            page.keyboard.press("Tab")
            if page.evaluate("(document.activeElement.innerText || '').trim()").endswith(ending):
                return
        raise AssertionError(f"No {ending} within 30 tabs")

    tab_to("Upload")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page.get_by_role("heading", name="What came in, and when")).to_be_visible(timeout=WAIT)
    until(page, lambda: parameters(page).get("view") == "History", "the address says the view")


@pytest.mark.parametrize(("viewport", "dark"), [(WIDE, True), (NARROW, False)], ids=["1440-dark", "390-light"])
def test_every_view_is_clean(
    new_page: Callable[..., Page], server: Server, viewport: dict[str, int], dark: bool
) -> None:
    page = new_page(server, viewport, dark)
    for view in VIEWS:
        visit(page, f"/data?view={view.replace(' ', '+')}", TITLE)
        lines = _violations(page)
        assert not lines, f"{view}: " + "\n".join(lines)
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], view


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["1440", "390"])
def test_the_mapping_form_is_clean(
    new_page: Callable[..., Page], server: Server, tmp_path: Path, viewport: dict[str, int]
) -> None:
    file = tmp_path / "absence.zip"
    codes = {"test_absence": "Test absence"}
    file.write_bytes(zipped(table(list(codes)), mapping(codes)))
    page = visit(new_page(server, viewport), "/data", TITLE)
    _upload(page, file)
    expect(page.get_by_text("What is it?")).to_be_visible(timeout=WAIT)
    assert not _violations(settled(page))
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


def test_a_table_and_its_mapping_are_dropped_at_once(page: Page, tmp_path: Path) -> None:
    codes = {"test_absence": "Test absence"}
    data, said = tmp_path / "absence.csv", tmp_path / "absence.yaml"
    data.write_text(table(list(codes)), encoding="utf-8")
    said.write_text(mapping_words.to_text(mapping(codes)), encoding="utf-8")
    visit(page, "/data", TITLE)
    page.locator("input[type=file]").first.set_input_files([said, data])
    expect(page.get_by_text("with absence.yaml")).to_be_visible(timeout=WAIT)
    expect(page.get_by_role("button", name="Check (dry run)", exact=True)).to_be_enabled(timeout=WAIT)
    page.get_by_role("radio", name="YAML").click()
    area = page.get_by_role("textbox", name="Mapping as YAML")
    expect(area).to_have_css("font-family", "monospace", timeout=WAIT)
