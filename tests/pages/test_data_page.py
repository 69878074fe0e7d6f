"""The Data page without a browser: every view, a file from upload to undo, refusals, cancelling, a busy database."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data_access import access, audit, history, incoming, jobs, quality, schools
from data_access.access import RIGHTS, Role, Viewer
from data_access.engine import get_engine, reading, writing
from data_access.errors import ImportRefused, NotAllowed, Problem
from data_access.publish import Room
from data_access.settings import settings
from exports.tables import files
from exports.views import figures
from exports.views.data import current_version, reference
from measures import words
from pages.parts import desk, frame, looked_at, mapping_words, plain, progress, templates
from pages.parts import history as history_page
from tests.pages import conftest
from tests.pages.ees_files import define, mapping, table, zipped

CODES = {"test_absence": "Test absence"}
LONG = 60.0
VIEWS = ["Bring in", "History", "Revisions", "Coverage", "Checks", "Take out"]
Opener = Callable[..., AppTest]


@pytest.fixture
def opened() -> Opener:
    """Opens the page: opened(view='History')."""

    return lambda **address: _fine(conftest.opened("data", **address))


@pytest.fixture
def own(small_copy: Path) -> Iterator[Path]:
    """A database of the test's own behind the pages."""
    with conftest.behind_pages(small_copy, CPD_DATABASE_TIMEOUT="0.3"):
        yield small_copy


def _fine(at: AppTest) -> AppTest:
    assert not at.exception, at.exception[0].message
    return at


def _said(at: AppTest) -> str:
    parts = [*at.title, *at.header, *at.markdown, *at.caption, *at.info, *at.warning, *at.error, *at.success]
    return "\n".join(element.value for element in parts).replace("\\", "")


def _done(at: AppTest, job: str) -> AppTest:
    """Wait for a job of the desk, then draw the page again, as its polling would."""
    assert getattr(at.session_state["desk"], job).wait(LONG)
    return _fine(at.run())


def _upload(at: AppTest, name: str, content: bytes) -> AppTest:
    at.file_uploader[0].upload(name, content).run()
    return _done(at, "look")


def _view(at: AppTest, view: str) -> AppTest:
    at.session_state["view"] = view
    return _fine(at.run())


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_says_something_and_has_no_fault(opened: Opener, view: str) -> None:
    at = _view(opened(), view)
    assert not at.error
    assert at.title[0].value == "What is in here, and how do I add to it?"
    assert len(_said(at)) > 100


def test_an_unknown_view_in_the_address_is_the_first_and_said(opened: Opener) -> None:
    at = opened(view="Nonsense")
    assert at.file_uploader
    assert [warning.value for warning in at.warning] == ["“Nonsense” is not a known view; Bring in is shown."]
    at.selectbox(key="phase").set_value("Primary").run()
    assert not at.warning


@pytest.mark.parametrize("spelt", ["history", "HISTORY", "History"])
def test_a_view_is_understood_in_any_case(opened: Opener, spelt: str) -> None:
    at = opened(view=spelt)
    assert at.session_state["view"] == "History"
    assert not at.warning
    assert not at.file_uploader
    assert opened(view="take-out").session_state["view"] == "Take out"


def test_a_file_from_upload_to_undo(own: Path, opened: Opener) -> None:
    before = current_version()
    at = _upload(opened(), "absence.zip", zipped(table(list(CODES)), mapping(CODES)))
    assert "DfE explore-education-statistics file · 12 rows · 2011/12 to 2012/13" in _said(at).replace("**", "")
    assert at.button(key="load").disabled
    at.button(key="check").click().run()
    _done(at, "check")
    assert "It can be loaded." in _said(at)
    assert at.text_input(key="name").value == ""
    at.button(key="load").click().run()
    assert "Say your name first" in _said(_fine(at))
    assert {metric.label: metric.value for metric in at.metric}["New figures"] == "12"
    assert current_version() == before
    at.text_input(key="name").set_value("Ada").run()
    at.button(key="load").click().run()
    _done(at, "load")
    assert f"Loaded as data version {before + 1}." in _said(at)
    assert "test_absence" in set(reference(current_version()).indicators["code"])

    at.button(key="to_history").click().run()
    assert "by Ada" in _said(_fine(at))
    at.button(key="undo").click().run()
    assert "What was new with it counts no more." in _said(_fine(at))
    assert at.text_input(key="undo_name").value == "Ada"
    at.button(key="undo_sure").click().run()
    _fine(at.run())
    with reading(get_engine()) as connection:
        latest = history.imports(connection).iloc[0]
    assert (latest["undone_by"], latest["undone_version"]) == ("Ada", before + 2)
    assert "test_absence" not in set(reference(current_version()).indicators["code"])


def test_a_changed_mapping_has_to_be_checked_again(own: Path, opened: Opener) -> None:
    at = _upload(opened(), "absence.zip", zipped(table(list(CODES)), mapping(CODES)))
    at.button(key="check").click().run()
    _done(at, "check")
    assert not at.button(key="load").disabled
    edition = at.session_state["desk"].draft.edition
    at.text_input(key=f"m{edition}_source").set_value("Someone else").run()
    assert at.button(key="load").disabled
    assert "check it again" in _said(_fine(at))


def test_form_and_yaml_say_the_same(own: Path, opened: Opener) -> None:
    at = _upload(opened(), "absence.csv", table(list(CODES)).encode())
    assert "Source is blank." in _said(at)
    draft = at.session_state["desk"].draft
    at.text_input(key=f"m{draft.edition}_source").set_value("The ministry").run()
    way = f"way_{id(draft)}"
    at.session_state[way] = "YAML"
    at.run()
    area = at.text_area(key=f"yaml_{draft.edition}")
    assert "source: The ministry" in area.value
    area.set_value(mapping_words.to_text(mapping(CODES))).run()
    assert not at.warning
    area = at.text_area(key=f"yaml_{draft.edition}")
    area.set_value("a: [").run()
    assert "This is not YAML" in _said(_fine(at))
    at.text_area(key=f"yaml_{draft.edition}").set_value(mapping_words.to_text(mapping(CODES))).run()
    at.session_state[way] = "Form"
    _fine(at.run())
    draft = at.session_state["desk"].draft
    assert at.text_input(key=f"m{draft.edition}_source").value == "Department for Education"
    assert at.selectbox(key=f"m{draft.edition}_i0_numerator").value == "test_absence_top"
    assert mapping_words.faults(draft.content, [])[1] == []
    at.button(key="save_mapping").click().run()
    assert "Saved as mapping 1" in _said(_fine(at))
    again = _upload(opened(), "next year.csv", table(list(CODES)).encode())
    assert "fits and is used again" in _said(again)
    assert not again.warning


def test_a_refused_file_lists_its_problems_as_text(own: Path, opened: Opener) -> None:
    text = table(list(CODES)).replace("E09000007,Camden", "![x](http://elsewhere.example/x.png),Camden")
    text = text.replace("202,", "999,").replace("201112", "2011")
    at = _upload(opened(), "absence.zip", zipped(text, mapping(CODES)))
    assert "Nothing was imported" not in _said(at)
    assert "This file cannot be read as it is: " in _said(at)
    shown = at.table[0].value.astype(str)
    assert {"What is wrong", "What to do", "Rows"} <= set(shown.columns)
    assert "](" not in " ".join(shown.to_numpy().ravel())
    assert at.button(key="another")
    at.button(key="another").click().run()
    assert _fine(at).file_uploader


def test_a_cancelled_load_leaves_nothing(own: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real import, held at its last step but one until someone has cancelled."""
    before = current_version()
    reached, go_on = threading.Event(), threading.Event()
    real = incoming.bring_in

    def held(*given, step, dry_run, **how):
        def slow(what: str, done: float) -> None:
            if not dry_run and done >= 0.9:
                reached.set()
                assert go_on.wait(LONG)
            step(what, done)

        return real(*given, step=slow, dry_run=dry_run, **how)

    monkeypatch.setattr(incoming, "bring_in", held)
    at = _upload(opened(), "absence.zip", zipped(table(list(CODES)), mapping(CODES)))
    at.button(key="check").click().run()
    _done(at, "check")
    at.text_input(key="name").set_value("Ada").run()
    at.button(key="load").click().run()
    assert reached.wait(LONG)
    at.run()
    assert at.button(key="another").disabled
    at.button(key="load_cancel").click().run()
    go_on.set()
    _done(at, "load")
    assert "The import was cancelled; nothing was changed." in _said(at)
    assert current_version() == before
    with reading(get_engine()) as connection:
        assert "absence.csv" not in set(history.imports(connection)["file_name"])
    assert not at.button(key="load").disabled


def test_a_busy_database_is_said(own: Path, opened: Opener) -> None:
    at = _upload(opened(), "absence.zip", zipped(table(list(CODES)), mapping(CODES)))
    at.button(key="check").click().run()
    _done(at, "check")
    at.text_input(key="name").set_value("Ada").run()
    with writing(get_engine()):
        at.button(key="load").click().run()
        _done(at, "load")
    assert "Another program is writing to the database" in _said(at)
    assert not at.button(key="load").disabled


def test_targets_need_their_source_and_licence(own: Path, opened: Opener) -> None:
    text = "indicator,area_code,period,value\ninclusive_policy,England,2013/14,90\n"
    at = _upload(opened(), "targets.csv", text.encode())
    assert at.button(key="check").disabled
    at.text_input(key="said_source").set_value("The advisory group").run()
    at.selectbox(key="said_licence").set_value("Not for publication").run()
    at.button(key="check").click().run()
    _done(at, "check")
    assert "It can be loaded." in _said(at)


def test_take_out_makes_a_file_and_says_why_not(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "SOON", 30.0)
    at = _view(opened(region="London"), "Take out")
    assert "At most" in _said(at)
    assert at.multiselect(key="out_areas").value == ["E12000007"]
    for kind, about in files.KINDS.items():
        at.segmented_control(key="out_format").set_value(kind).run()
        assert about.about in _said(at)
        next(button for button in at.button if button.label == "Make the file").click().run()
        (offered,) = _fine(at).get("download_button")
        assert f"({about.label}, " in offered.label
    at.multiselect(key="out_levels").set_value([]).run()
    assert "Choose at least one level." in _said(_fine(at))


def test_a_selection_that_no_file_holds_is_told_before_and_refused_after(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "SOON", 30.0)
    monkeypatch.setitem(files.KINDS, "xlsx", replace(files.KINDS["xlsx"], room=Room(5, "a workbook", "Take CSV. ")))
    at = _view(opened(region="London"), "Take out")
    at.segmented_control(key="out_format").set_value("xlsx").run()
    assert "This may be more than a workbook holds: 5 cells" in _said(at)
    next(button for button in at.button if button.label == "Make the file").click().run()
    assert "**This selection is more than a workbook holds: 5 cells at most.** Take CSV. Choose fewer" in _said(
        _fine(at)
    )
    assert not at.get("download_button")


def test_a_file_being_made_says_how_far_it_is_and_can_be_stopped(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(*_given: object) -> None:
        for _ in range(3000):
            _given[-1]("Gathering the figures", 0.5)  # type: ignore[operator]
            time.sleep(0.01)

    monkeypatch.setattr(progress, "SOON", 0.0)
    monkeypatch.setattr(files, "taken", endless)
    at = _view(opened(region="London"), "Take out")
    next(button for button in at.button if button.label == "Make the file").click().run()
    assert not at.get("download_button")
    (bar,) = at.get("progress")
    assert "gathering the figures" in bar.proto.text
    at.button(key="out_cancel").click().run()
    monkeypatch.setattr(progress, "SOON", 30.0)
    assert "Stopped; no file was made." in _said(_fine(at.run()))
    assert not jobs.running()


def test_the_time_that_is_left() -> None:
    def said(done: float, seconds: float) -> str:
        return progress.left(type("Job", (), {"done": done, "seconds": seconds})())  # type: ignore[arg-type]

    assert said(0, 5) == said(0.01, 5) == said(0.9, 5) == said(1, 5) == ""
    assert said(0.5, 20) == ", about 20 seconds left"
    assert said(0.25, 60) == ", about 3 minutes left"


@pytest.mark.parametrize("schools_of", [None, {"202"}, {"203"}, set()])
def test_schools_are_taken_out_by_those_who_may_see_them(
    opened: Opener, monkeypatch: pytest.MonkeyPatch, schools_of: set[str] | None
) -> None:
    asking = Viewer(None if schools_of is None else frozenset(schools_of))
    monkeypatch.setattr(access, "viewer", lambda: asking)
    at = _view(opened(la="Camden"), "Take out")
    levels = at.multiselect(key="out_levels")
    assert ("Schools" in levels.options) == (schools_of != set())
    if schools_of == set():
        return
    levels.set_value(["school"]).run()
    at.multiselect(key="out_periods").set_value(["2011/12"]).run()
    with reading(get_engine()) as connection:
        mine = len(schools.register(connection, "202"))
    assert mine == 0 if schools_of == {"203"} else mine > 0
    assert f"At most {words.plural(mine, 'row')}" in _said(at)
    of = {"202": "Camden", "203": "Greenwich"}
    only = f"Schools: only those of {''.join(of[la] for la in schools_of or ())}, which you may see."
    assert (only in _said(at)) == (schools_of is not None)


def test_rows_of_checks_about_schools_are_for_those_who_may_see_them(
    own: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    with reading(get_engine()) as connection:
        codes = [schools.register(connection, la)["urn"].iloc[0] for la in ("202", "383")]
        number = int(history.imports(connection)["id"].iloc[0])
    rows = pd.DataFrame({"area_code": [*codes, "202"], "difference": 1.5})
    with writing(get_engine()) as connection:
        quality.keep(connection, number, [quality.Check("rate_unlike_parts", "warning", "Rates.", rows, 3)])
    offered: list[tuple[Callable[[], bytes], Callable[[], None]]] = []
    monkeypatch.setattr(looked_at.take, "download", lambda *_, data, check, **__: offered.append((data, check)))
    left_behind: list[str] = []
    monkeypatch.setattr(audit, "schools_left", left_behind.append)
    for schools_of, seen in (("all", [*codes, "202"]), ("202", [codes[0], "202"]), ("none", ["202"])):
        monkeypatch.setattr(settings(), "schools_of", schools_of)
        offered.clear()
        at = AppTest.from_function(_checks_of, args=(number,), default_timeout=60)
        at.session_state["of_check_0"] = True
        _fine(at.run())
        assert at.dataframe[0].value["Area code"].tolist() == seen
        left = 3 - len(seen)
        said = f"… and {words.plural(left, 'row')} about schools, for those only who may see these schools."
        assert [caption.value for caption in at.caption] == ([said] if left else [])
        ((make, check),) = offered
        assert [code in make().decode() for code in codes] == [code in seen for code in codes]
        check()
    assert left_behind == ["schools of 202, 383, rows of a check", "schools of 202, rows of a check"]
    monkeypatch.setattr(settings(), "schools_of", "202")
    with pytest.raises(NotAllowed, match="has changed"):
        check()  # of a page that was drawn under other rights


def _checks_of(number: int) -> None:
    from data_access import quality
    from data_access.engine import get_engine, reading
    from pages.parts import looked_at

    with reading(get_engine()) as connection:
        found = quality.checks(connection, number)[-1:]
    looked_at.checks(found, "of")


def test_templates_list_places_of_the_right_kind() -> None:
    known = reference(current_version())
    about = {row["code"]: row for row in known.indicators.to_dict("records")}
    of_schools = next(row for row in about.values() if row["collected_from"] == "school")
    of_las = next(row for row in about.values() if row["collected_from"] == "la" and row["scope"] == "England")
    assert len(templates.units(known, of_las, None)) == 152
    schools = templates.units(known, of_schools, "202")
    assert len(schools)
    assert schools["code"].is_unique
    officer = Viewer(frozenset({"202"}), RIGHTS[Role.la_officer], "an officer")
    with access.acting_as(officer), pytest.raises(NotAllowed, match="The schools of Leeds"):
        templates.units(known, of_schools, "383")


@pytest.mark.parametrize("schools_of", [{"202"}, set()])
def test_templates_of_schools_are_for_those_who_may_see_them(
    opened: Opener, monkeypatch: pytest.MonkeyPatch, schools_of: set[str]
) -> None:
    monkeypatch.setattr(access, "viewer", lambda: Viewer(frozenset(schools_of)))
    at = opened()
    about = reference(current_version()).indicators.set_index("code")
    at.selectbox(key="template_of").set_value(about.index[about["collected_from"] == "school"][0]).run()
    _fine(at)
    asked = [each for each in at.selectbox if each.key == "template_la"]
    assert [each.options for each in asked] == ([["Camden"]] if schools_of else [])
    assert ("Its template lists schools" in _said(at)) == (not schools_of)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"source": ""}, "Source is blank."),
        ({"kind": "secret"}, "Kind must be published or illustrative."),
        ({"indicators": []}, "Indicators must hold at least one entry."),
        ({"colour": "red"}, "Colour is not known here: correct or remove it."),
        ({"filters": {"phase": {"role": "phase", "values": {"All": "nursery"}}}}, "Filter phase"),
        ({"indicators": [{"indicator": "no_such", "rate": "x"}]}, "There is no indicator no_such yet"),
        (
            {"indicators": [{"indicator": "no_such", "numerator": "x"}]},
            "no_such: numerator and denominator go together",
        ),
        (
            {"indicators": [{"indicator": "new_one", "rate": "x", "define": define("new_one", "x" * 61)}]},
            "new_one: Short title may have 60 characters at most.",
        ),
        (
            {
                "indicators": [
                    {"indicator": "new_one", "rate": "x", "define": define("new_one", "New") | {"caveats": ""}}
                ]
            },
            "new_one: Caveats: what should a reader know? is blank.",
        ),
    ],
)
def test_faults_of_a_mapping_are_sentences(change: dict, said: str) -> None:
    made, faults = mapping_words.faults(mapping(CODES) | change, [])
    assert made is None
    assert any(fault.startswith(said) for fault in faults), faults
    assert all(fault.endswith(".") and "pydantic" not in fault and "Input should" not in fault for fault in faults)


@pytest.mark.parametrize("content", [None, "text", [1], {"indicators": "x"}, {"filters": []}, {"indicators": [1]}])
def test_anything_that_yaml_can_hold_is_a_fault_and_no_crash(content: object) -> None:
    made, faults = mapping_words.faults(content, [])
    assert made is None
    assert faults
    if mapping_words.formable(content):
        assert isinstance(content, dict)


def test_a_check_that_ends_while_the_page_is_drawn_leaves_its_buttons_usable(
    own: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = incoming.bring_in

    def quick(*given, **how):
        time.sleep(0.1)
        return real(*given, **how)

    at = _upload(opened(), "absence.zip", zipped(table(list(CODES)), mapping(CODES)))
    monkeypatch.setattr(incoming, "bring_in", quick)
    monkeypatch.setattr(progress, "SOON", 30.0)
    at.button(key="check").click().run()
    assert "It can be loaded." in _said(_fine(at))
    assert not at.button(key="load").disabled
    assert not at.button(key="another").disabled


def test_a_table_with_its_mapping_needs_no_form(own: Path, opened: Opener) -> None:
    at = opened()
    files = [
        ("absence.yaml", mapping_words.to_text(mapping(CODES)).encode(), "application/yaml"),
        ("absence.csv", table(list(CODES)).encode(), "text/csv"),
    ]
    at.file_uploader[0].set_value(files).run()
    at = _done(at, "look")
    assert "absence.csv** with absence.yaml" in _said(at)
    assert not at.warning
    assert not at.button(key="check").disabled


@pytest.mark.parametrize(
    ("names", "parts", "fault"),
    [
        (["a.csv"], {"data": 0}, ""),
        (["a.meta.csv", "a.YAML", "a.csv"], {"data": 2, "meta": 0, "mapping": 1}, ""),
        (["a.csv", "b.csv"], {}, "These are 2 data files: a.csv and b.csv. Bring them in one after the other."),
        (
            ["a.csv", "a.yml", "b.yaml"],
            {},
            "These are 2 mappings: a.yml and b.yaml. Bring them in one after the other.",
        ),
        (["a.meta (1).csv"], {}, "The file with the figures is not among these: add it."),
    ],
)
def test_files_dropped_together_are_told_apart(names: list[str], parts: dict[str, int], fault: str) -> None:
    assert desk.sorted_out(names) == (parts, fault)


def test_two_data_files_are_refused_and_nothing_is_begun(opened: Opener) -> None:
    at = opened()
    at.file_uploader[0].set_value([("a.csv", b"a", "text/csv"), ("b.csv", b"b", "text/csv")]).run()
    assert "These are 2 data files" in _said(_fine(at))
    assert "desk" not in at.session_state


@pytest.mark.parametrize(
    ("offered", "shown", "said"),
    [
        (["2012/13", "2011/12"], "2011/12", "2011/12"),
        (["2012/13", "2011/12"], "2011/12 spring", "2011/12"),
        (["2012/13 autumn", "2011/12 summer", "2011/12 spring"], "2011/12 spring", "2011/12 spring"),
        (["2012/13 autumn", "2011/12 summer", "2011/12 spring"], "2011/12", "2011/12 summer"),
        (["2012/13"], "1999/00", "2012/13"),
    ],
)
def test_a_template_begins_with_the_period_that_is_shown(offered: list[str], shown: str, said: str) -> None:
    assert templates.fitting_period(offered, shown) == said


def test_the_template_offers_periods_of_the_indicators_frequency(opened: Opener) -> None:
    at = opened(period="2010/11")
    box = next(
        box for box in at.selectbox if box.label == "Period to fill in" and str(box.key).startswith("template_period")
    )
    assert box.value == "2010/11"
    assert len(box.options) == 4 or all("term" not in option for option in box.options)


def test_looking_back_is_said_where_it_counts(own: Path, opened: Opener) -> None:
    at = _upload(opened(), "absence.zip", zipped(table(list(CODES)), mapping(CODES)))
    at.button(key="check").click().run()
    _done(at, "check")
    at.text_input(key="name").set_value("Ada").run()
    at.button(key="load").click().run()
    _done(at, "load")
    before = str(current_version() - 1)
    at = opened(as_at=before, view="Coverage")
    assert f"data version {before}; 1 change since." in _said(at)
    assert " UTC, data version" in _said(at)
    at = _view(at, "Revisions")
    assert at.selectbox(key="revised_from").value == int(before)
    at = opened(as_at=before, view="History")
    assert "This view always shows what counts now." in _said(at)
    assert "Shown as it stood" not in _said(at)


def test_mixed_sources_are_not_all_called_invented(own: Path, opened: Opener) -> None:
    at = _upload(opened(), "absence.zip", zipped(table(list(CODES)), mapping(CODES)))
    assert frame.ILLUSTRATIVE in _said(at)
    at.button(key="check").click().run()
    _done(at, "check")
    at.text_input(key="name").set_value("Ada").run()
    at.button(key="load").click().run()
    _done(at, "load")
    said = _said(_fine(at.run()))
    assert frame.MIXED in said
    assert frame.ILLUSTRATIVE not in said
    now = at.session_state["shown"]
    rows = pd.DataFrame({"units": [0.0], "expected_units": [0.0]}).iloc[:0]
    assert not figures.context(now, rows, "test_absence").illustrative
    assert figures.context(now, rows, "inclusive_policy").illustrative


def test_a_version_before_the_first_figure_can_be_shown(opened: Opener) -> None:
    at = _fine(opened(as_at="1").switch_page("pages/monitor/overview.py").run())
    assert "data version 1; " in _said(at)


def test_a_date_in_the_future_is_said(opened: Opener) -> None:
    at = opened(as_at="2999-01-01")
    assert "2999-01-01 is in the future. What counts now is shown." in _said(at)
    assert "Shown as it stood" not in _said(at)


def test_problems_in_brief_name_the_header_and_leave_file_names_as_they_are() -> None:
    problem = Problem("a.csv", 1, "x", None, "absence.csv has no column x.", "Add it.")
    made = looked_at._kinds(looked_at.problems_frame(ImportRefused([problem])))
    assert made["Rows"].tolist() == ["Header"]
    assert made["What is wrong"][0].startswith("absence")


def test_counts_kept_as_text_are_grouped() -> None:
    assert history_page.grouped("7260 rows of schools") == "7,260 rows of schools"
    assert history_page.grouped("rows of schools") == "rows of schools"


def test_text_of_others_is_never_markdown() -> None:
    assert plain.escaped("[a](http://x) ![b](c) `d` <e>") == (
        "\\[a\\]\\(http\\:\u2060//x\\) \\!\\[b\\]\\(c\\) \\`d\\` \\<e\\>"
    )
    assert plain.sentence("a_b.csv has no column c.").startswith("a\\_b")
    assert plain.sentence("joint authorities: 2 rows.").startswith("Joint")
    assert [plain.size(count) for count in (812, 3_400, 120_000_000)] == ["812 bytes", "3.4 kB", "120 MB"]
    assert looked_at.PROBLEM[0] == "File"
