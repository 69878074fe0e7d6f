"""The slides of a meeting: their content, the page that holds them, its policy, notes from the room, errors."""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from sqlalchemy import Engine

from charts import room
from charts.theme import PAPER
from data_access import meetings, plan, queries
from data_access.engine import reading, writing
from data_access.errors import UnknownCode
from data_access.versions import next_version
from exports import shown
from exports.deck import content, noting, page, views
from exports.deck.content import Deck
from exports.pack import chapters
from exports.views import data, registry
from tests.aside import Aside, at_a_copy, put_aside, put_back
from tests.exports.asking import Answer, ask
from tests.exports.conftest import read_frames

HEAT = "view=status_heat&period=2011/12"
RANKED = "view=ranked&level=region&indicator=reviewed&period=2011/12"
NASTY = "<script>alert(1)</script> & \"more\" 'yet'"
OURS = {"origin": "http://localhost", "host": "localhost", "sec-fetch-site": "same-origin"}
JSON = {**OURS, "content-type": "application/json"}


@pytest.fixture(scope="module")
def frames(at_small: Engine) -> Aside:
    """What charts are made from; they themselves are made in each test."""
    read_frames(data.current_version())
    return put_aside()


@pytest.fixture
def engine(frames: Aside, small_copy: Path) -> Iterator[Engine]:
    put_back(frames)
    with at_a_copy(small_copy) as own:
        yield own


@pytest.fixture
def meeting(engine: Engine) -> int:
    """A meeting to come, with one pinned view."""
    number = meetings.plan_meeting(
        engine, {"title": "Spring meeting", "held_on": date(2012, 3, 7), "place": "London"}, "Ann"
    )
    meetings.pin(engine, number, RANKED, "Ann", note="Ask why.", presenter="Ofsted")
    return number


class Elements(HTMLParser):
    """Every element of a page with its attributes, and whether each that was opened is closed in order."""

    VOID = frozenset({"meta", "input", "br", "link"})

    def __init__(self, text: str):
        super().__init__()
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        self.all.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element of SVG that holds nothing."""
        self.all.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """It ends."""
        assert self.open.pop() == tag


def _headings(deck: Deck) -> list[str]:
    return [slide.heading for slide in deck.slides]


def test_slides_come_in_the_order_of_the_meeting(engine: Engine, meeting: int) -> None:
    meetings.decide(engine, meeting, "action", "Train leaders", "Ann", owner="TDA", due=date(2012, 6, 1))
    made = content.deck(meeting)
    ranked = registry.again(RANKED, data.current_version())
    assert ranked is not None
    order = list(dict.fromkeys(_headings(made)))
    assert order[:2] == ["Spring meeting", "Agenda"]
    view = order.index(ranked.headline)
    assert all(heading.startswith("Since the last meeting") for heading in order[2:view])
    assert view > 2
    assert order[view + 1].startswith("The plan: ")
    assert order[view + 1 :][-2:] == ["Late actions and milestones", "Decisions and actions so far"]
    assert made.slides[0].lines == ("7 March 2012, London",)
    assert made.slides[1].lines == (f"{ranked.headline} (Ofsted)",)
    assert made.slides[-1].lines == ("**Action**: Train leaders. Owner: TDA. Due: 1 June 2012.",)
    shown = next(slide for slide in made.slides if slide.kind == "view")
    assert 1 <= len(shown.lines) <= 3
    assert all(len(line) <= views.LONGEST for line in shown.lines)
    assert "Illustrative data" in shown.foot
    assert f"data version {data.current_version()}" in shown.foot
    assert "returns in" in shown.foot
    assert len(shown.heading.split()) <= 10


def test_what_changed_and_the_plan_are_told_as_in_the_pack(engine: Engine) -> None:
    with reading(engine) as connection:
        number = meetings.latest(connection)
        meeting, before = meetings.one(connection, number), meetings.before(connection, number)
    assert before is not None
    now = shown.understood({}, data.current_version())
    made = content.deck(number).slides
    for section in chapters.changes(now, before, meeting):
        lines = [line for slide in made if slide.heading == section.heading for line in slide.lines]
        assert lines[0] == f"**{section.finding}**"
        for group, found in section.groups.items():
            assert [line for line in lines if line.startswith(f"{group}: ")] == [
                f"{group}: **{said.about}**: {said.text}" if said.about else f"{group}: {said.text}" for said in found
            ]
    stands = chapters.promises(now, meeting)
    lines = [line for slide in made if slide.heading == f"The plan: {stands.finding}" for line in slide.lines]
    assert str(stands.lead[0]) in lines
    assert len([line for line in lines if " actions, " in line]) == len(stands.tables[0].frame)
    late = [line for slide in made if slide.heading == "Late actions and milestones" for line in slide.lines]
    assert len(late) == len(stands.tables[1].frame)


def test_who_is_present_is_named(engine: Engine, meeting: int) -> None:
    with reading(engine) as connection:
        seen = int(meetings.one(connection, meeting)["from_edit"])
        code, name = queries.nag_members(connection)[["code", "name"]].iloc[0]
    meetings.change_meeting(engine, meeting, {"present": [code, "A guest"]}, "Ann", seen=seen)
    assert content.deck(meeting).slides[0].lines[1] == f"Present: {name} and A guest"


def test_a_headline_of_our_own_keeps_the_finding_beside_the_chart(engine: Engine, meeting: int) -> None:
    meetings.pin(engine, meeting, RANKED, "Ann", headline="Reviews need a push")
    finding, own = (slide for slide in content.deck(meeting).slides if slide.kind == "view")
    assert own.heading == "Reviews need a push"
    assert own.lines[0] == f"{finding.heading}."
    assert len(own.lines) <= 3


def test_a_view_with_too_much_for_the_back_row_takes_several_slides(engine: Engine, meeting: int) -> None:
    version = data.current_version()
    of = [part.partition("&priority=")[2] for part in views.parts(HEAT, version)]
    assert of == ["culture", "coherence", "quality"]
    assert views.parts(f"{HEAT}&priority=quality", version) == [f"{HEAT}&priority=quality"]
    many = "view=by_area&" + "&".join(f"areas={name}" for name in ("Camden", "Kent", "Leeds", "Bath", "Hull", "London"))
    assert [part.count("areas=") for part in views.parts(many, version)] == [4, 2]
    meetings.pin(engine, meeting, HEAT, "Ann", headline="All of it")
    made = content.deck(meeting)
    assert [slide.part for slide in made.slides if slide.kind == "view"] == [0, 0, 1, 2]
    assert made.slides[1].lines[1] == "All of it"
    timeline = [parse_qs(part)["lines"] for part in views.parts("view=plan_timeline&period=2011/12", version)]
    assert timeline == [["1.1", "1.2"], ["2.1", "2.2", "2.3"], ["3.1"], ["3.2", "3.3"], ["3.4"]]
    long = registry.again(views.parts("view=ranked&level=la&indicator=reviewed", version)[0], version)
    assert long is not None
    assert "Drawn: the first and last of" in long.notes
    assert len(long.table) > 100


def test_agenda_and_minutes_go_on_to_another_slide_before_they_overflow() -> None:
    made = content.lists("Agenda", [f"View {number}" for number in range(25)], "", numbered=True)
    assert sum((slide.lines for slide in made), ()) == tuple(f"View {number}" for number in range(25))
    assert [slide.numbered_from for slide in made] == [1, 11, 21]
    assert len(content.lists("Long", ["word " * 200] * 3, "")) == 3


def test_a_closed_meeting_shows_the_figures_that_it_saw(engine: Engine, meeting: int) -> None:
    with reading(engine) as connection:
        seen = int(meetings.one(connection, meeting)["from_edit"])
    version = meetings.close(engine, meeting, "Ann", seen=seen)
    with writing(engine) as connection:
        next_version(connection, "Later figures")
    made = content.deck(meeting)
    shown = next(slide for slide in made.slides if slide.kind == "view")
    assert shown.foot.startswith("As it stood on 7 March 2012 · ")
    assert f"data version {version} ·" in shown.foot
    assert "The meeting is over: it saw data version" in made.slides[0].lines[-1]
    assert not made.open
    assert 'data-open="no"' in page.html(made)


def test_a_view_of_an_earlier_data_version_says_so(engine: Engine, meeting: int) -> None:
    before = data.current_version()
    meetings.pin(engine, meeting, RANKED, "Ann", data_version=before)
    with writing(engine) as connection:
        next_version(connection, "Later figures")
    current, fixed = (slide.foot for slide in content.deck(meeting).slides if slide.kind == "view")
    assert f"data version {before + 1} ·" in current
    assert re.match(rf"As it stood on \d+ \w+ \d{{4}} · .*data version {before} ·", fixed)


@pytest.mark.parametrize(
    ("origin", "said"),
    [
        ("view=ranked&level=la&indicator=wizardry", "“wizardry” is not a known indicator. Pin the chart anew"),
        ("view=ranked", "does not say all that it shows. Pin the chart anew"),
        ("", "not a known kind of chart. Pin the chart anew"),
        ("view=between_groups&indicator=masters_engaged&first=teachers&second=support_staff", "nothing to show"),
    ],
)
def test_a_view_that_cannot_be_made_says_why(engine: Engine, meeting: int, origin: str, said: str) -> None:
    meetings.pin(engine, meeting, origin, "Ann")
    shown = [slide for slide in content.deck(meeting).slides if slide.kind == "view"][1]
    assert said in shown.lines[0]
    assert shown.view is not None
    assert shown.view.svg == ""
    assert not shown.open_to_regions


def test_whatever_breaks_in_a_chart_the_room_sees_a_sentence(
    engine: Engine, meeting: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr("exports.deck.views.registry.again", fail)
    shown = next(slide for slide in content.deck(meeting).slides if slide.kind == "view")
    assert shown.lines == ("This view cannot be drawn. Pin the chart anew from its page.",)
    assert "a fault of ours" in caplog.text
    assert "a fault of ours" not in page.html(content.deck(meeting))


def test_all_that_was_typed_is_escaped(engine: Engine) -> None:
    number = meetings.plan_meeting(
        engine, {"title": NASTY, "held_on": date(2012, 3, 7), "place": NASTY, "chair": NASTY}, "Ann"
    )
    meetings.pin(engine, number, RANKED, "Ann", headline=NASTY, note=NASTY, presenter=NASTY)
    meetings.pin(engine, number, f"view={NASTY}", "Ann")
    meetings.decide(engine, number, "decision", NASTY, "Ann", owner=NASTY)
    made = page.html(content.deck(number))
    assert "alert(1)</script>" not in made
    assert made.count("<script>") == 1
    assert made.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 8
    found = Elements(made)
    assert found.open == []
    assert [tag for tag, about in found.all if any(name.startswith("on") for name in about)] == []


def test_the_page_holds_everything_and_keeps_its_charts_apart(engine: Engine, meeting: int) -> None:
    meetings.pin(engine, meeting, HEAT, "Ann")
    made = page.html(content.deck(meeting))
    found = Elements(made)
    assert found.open == []
    sections = [about for tag, about in found.all if tag == "section"]
    assert len(sections) == len([tag for tag, _ in found.all if tag == "h2"]) - 5  # five dialogs have a heading, too
    assert all("hidden" in about for about in sections)
    ids = [about["id"] for _, about in found.all if about.get("id")]
    assert len(ids) == len(set(ids))
    drawn = [about for tag, about in found.all if about.get("role") == "img"]
    assert len(drawn) == 4
    assert all(len(str(about["aria-label"])) > 60 for about in drawn)
    outside = [v for _, about in found.all for k, v in about.items() if k in ("src", "href", "action", "style") and v]
    assert outside == []
    assert "url(http" not in made


def test_the_presenters_note_is_not_on_the_slide(engine: Engine, meeting: int) -> None:
    made = page.html(content.deck(meeting))
    assert made.count("Ask why.") == 1
    assert "<template><p>Presented by Ofsted.</p><p>Ask why.</p></template>" in made


def test_the_policy_lets_in_the_pages_own_script_and_style_and_nothing_else(engine: Engine, meeting: int) -> None:
    answer = ask(f"/present/{meeting}")
    assert answer.status == 200
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    for tag, directive in (("script", "script-src"), ("style", "style-src")):
        (inside,) = re.findall(f"<{tag}>(.*?)</{tag}>", answer.text, flags=re.DOTALL)
        assert policy[directive] == f"'sha256-{base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()}'"
    assert policy["default-src"] == "'none'"
    assert policy["connect-src"] == "'self'"
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "wasm-unsafe-eval" in ask("/healthz").headers["content-security-policy"]


def test_latest_is_the_next_meeting(engine: Engine, meeting: int) -> None:
    assert "<title>Spring meeting</title>" in ask("/present/latest").text


@pytest.mark.parametrize("named", ["99", "nonsense", "0x1", "²", "9" * 30, "<b>"])
def test_a_meeting_that_is_not_there_gets_a_page_that_says_so(engine: Engine, named: str) -> None:
    answer = ask(f"/present/{named}")
    assert answer.status == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert re.search(r"<h1>There is no .*</h1><p>The Meeting page lists .*</p>", answer.text)
    assert "<b>" not in answer.text


def test_a_database_that_is_not_there_gets_a_page_that_says_so(
    tmp_path: Path, looking_at: Callable[[Path], Engine]
) -> None:
    looking_at(tmp_path / "nowhere" / "cpd.db")
    answer = ask("/present/1")
    assert answer.status == 503
    assert answer.text.count("<h1>") == 1
    assert "Traceback" not in answer.text


def test_a_slide_is_made_anew_for_a_region(engine: Engine, meeting: int) -> None:
    item = next(slide.item for slide in content.deck(meeting).slides if slide.item)
    answer = ask(f"/present/{meeting}/slides/{item}?part=0&region=London")
    assert answer.status == 200
    assert "London" in re.findall("<h2>(.*?)</h2>", answer.text)[0]
    assert f'data-item="{item}"' in answer.text
    assert ask(f"/present/{meeting}/slides/99?region=London").status == 404
    wrong = ask(f"/present/{meeting}/slides/{item}?region=Mordor")
    assert "“Mordor” is not a known region." in wrong.text
    with pytest.raises(UnknownCode, match="areas of its own"):
        views.in_region("view=ranking&areas=Camden&areas=Kent&indicator=reviewed&reference=Kent", "London")


def _post(meeting: int, headers: dict[str, str] = JSON, **note: object) -> Answer:
    body = {"kind": "decision", "text": "Go on", "by": "Ann", "owner": "", "due": "", "item": None, **note}
    return ask(f"/present/{meeting}/notes", "POST", headers, json.dumps(body).encode())


def _noted(engine: Engine, meeting: int) -> list[dict[Any, Any]]:
    with reading(engine) as connection:
        rows = meetings.decisions(connection, meeting).astype(object)
    return rows.where(rows.notna(), None).to_dict("records")


def test_a_note_from_the_room_is_in_the_minutes_once_however_often_it_is_sent(engine: Engine, meeting: int) -> None:
    item = next(slide.item for slide in content.deck(meeting).slides if slide.item)
    with reading(engine) as connection:
        code, name = queries.nag_members(connection)[["code", "name"]].iloc[0]
    first = _post(meeting, kind="action", text=" Train <leaders> ", owner=name, due="2012-06-01", item=item)
    again = _post(meeting, kind="action", text=" Train <leaders> ", owner=name, due="2012-06-01", item=item)
    assert (first.status, again.status) == (201, 200)
    (row,) = _noted(engine, meeting)
    kept = (row["text"], row["owner"], row["due"], row["agenda_item"])
    assert kept == ("Train <leaders>", code, date(2012, 6, 1), item)
    assert "Train &lt;leaders&gt;" in json.loads(first.text)["slides"]
    assert _post(meeting, text="Another").status == 201
    assert len(_noted(engine, meeting)) == 2


def test_a_promise_goes_into_the_plan_too(engine: Engine, meeting: int) -> None:
    sent = {"kind": "action", "text": "Train the trainers", "due": "2012-06-01", "into": "1.1"}
    assert (_post(meeting, **sent).status, _post(meeting, **sent).status) == (201, 200)
    (row,) = _noted(engine, meeting)
    with reading(engine) as connection:
        actions = plan.actions(connection)
    new = actions[actions["title"] == "Train the trainers"]
    assert list(new["code"]) == [row["action"]]
    assert new["due"].iloc[0] == date(2012, 6, 1)
    assert "Choose" in _post(meeting, **(sent | {"text": "Other", "into": "9.9.9"})).text


def test_a_view_of_what_people_edit_follows_each_edit(engine: Engine, meeting: int) -> None:
    meetings.pin(engine, meeting, "view=plan_timeline&priority=culture&period=2011/12", "Ann")
    before = content.deck(meeting).slides
    _post(meeting, kind="action", text="An action of the room's own", due="2012-06-01", into="1.1")
    after = content.deck(meeting).slides
    drawn = [
        [slide.view.svg for slide in slides if slide.view and "timeline" in slide.view.read_out.lower()]
        for slides in (before, after)
    ]
    assert len(drawn[0]) == 1
    assert drawn[0] != drawn[1]
    assert "An action of" in drawn[1][0]


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ({"text": "  "}, "The text is missing. Fill it in"),
        ({"by": ""}, "Your name is missing."),
        ({"kind": "rumour"}, "neither a decision nor an action"),
        ({"due": "tomorrow"}, "The day is not a date."),
        ({"text": 5}, "could not be read"),
        ({"item": "1"}, "could not be read"),
        ({"owner": "x" * 121}, "longer than 120"),
        ({"text": "x" * 2001}, "longer than 2,000"),
    ],
)
def test_a_note_that_cannot_be_kept_is_refused_in_a_sentence(
    engine: Engine, meeting: int, note: dict[str, object], said: str
) -> None:
    answer = _post(meeting, **note)
    assert (answer.status, said in answer.text) == (400, True), answer.text
    assert _noted(engine, meeting) == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({**JSON, "origin": "https://elsewhere.example"}, 403),
        ({**JSON, "sec-fetch-site": "cross-site"}, 403),
        ({**JSON, "sec-fetch-site": "same-site"}, 403),
        ({"host": "localhost", "content-type": "application/json"}, 403),
        ({**OURS, "content-type": "text/plain"}, 415),
        ({**OURS, "content-type": "application/x-www-form-urlencoded"}, 415),
    ],
)
def test_no_other_site_writes_into_the_minutes(
    engine: Engine, meeting: int, headers: dict[str, str], status: int
) -> None:
    assert _post(meeting, headers).status == status
    assert _noted(engine, meeting) == []


def test_what_is_no_note_is_refused(engine: Engine, meeting: int) -> None:
    for body in (b"", b"{", b"[]", b"\xff"):
        assert ask(f"/present/{meeting}/notes", "POST", JSON, body).status == 400
    assert ask(f"/present/{meeting}/notes", "POST", JSON, b" " * (noting.LONGEST + 1)).status == 413
    assert ask(f"/present/{meeting}/notes").status == 405
    assert _noted(engine, meeting) == []


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


EVERY = (
    f"{HEAT}&priority=quality",
    "view=share_map&level=region",
    "view=value_map&level=la&indicator=reviewed",
    "view=value_tiles&indicator=reviewed&region=London",
    RANKED,
    "view=funnel_plot&indicator=reviewed",
    "view=gap_over_time&indicator=reviewed",
    "view=trajectory&indicator=reviewed&region=London",
    "view=between_groups&indicator=reviewed&first=teachers&second=support_staff",
    "view=spine_chart&la=Camden&priority=culture",
    "view=trend_strips&priority=culture",
    "view=groups_here&first=teachers&second=support_staff",
    "view=ranking&areas=Camden&areas=Kent&indicator=reviewed&reference=England",
    "view=overview&areas=Camden&areas=Kent&indicators=reviewed&indicators=needs_met&reference=England",
    "view=plan_timeline&lines=2.1&lines=2.2&lines=2.3",
    "view=evidence_matrix&priority=quality",
    "view=case_map",
    "view=outcome_rows&outcome=1b",
    "view=by_indicator&areas=Camden&areas=Kent&indicators=reviewed&indicators=needs_met&focus=Camden",
)


def test_type_on_charts_is_large_and_dark(engine: Engine) -> None:
    version = data.current_version()
    for origin in EVERY:
        made = views.made(origin, version, "x-")
        assert made.svg, (origin, made.trouble)
        found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', made.svg)
        assert found is not None
        scale = min(840 / float(found[1]), 510 / float(found[2]))
        sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)', made.svg)]
        inside = "map" in origin or "tiles" in origin or "by_" in origin or "funnel" in origin
        assert min(sizes) * scale >= (14 if inside else 22.5), (origin, min(sizes) * scale)
        inks = set(re.findall(r'<text[^>]*? fill="(#\w{6})"', made.svg)) - {PAPER}
        assert inks
        assert {ink: round(_contrast(ink, PAPER), 1) for ink in inks if _contrast(ink, PAPER) < 7} == {}, origin


def test_white_type_is_read_on_every_dark_fill() -> None:
    fills = (room.DARKER[colour] for colour in ("#12436D", "#2073BC"))
    assert all(_contrast(fill, PAPER) >= 7 for fill in fills)


def test_colours_of_the_slides_themselves_have_contrast() -> None:
    style = (Path(page.__file__).parent / "deck.css").read_text()
    inks = set(re.findall(r"[ ;{]color: (#\w{6})", style))
    assert len(inks) >= 2
    assert min(_contrast(ink, PAPER) for ink in inks) >= 7
