"""The slides of one pinned view: mostly one, several where a chart would not be read from the back of a room."""

import logging
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlencode

from charts.figure import Figure
from data_access.errors import DataAccessError, DatabaseProblem, UnknownCode
from exports import agenda, shown
from exports.deck import drawing
from exports.kept import kept
from exports.shown import Shown
from exports.views import data, figures, plan, registry
from measures import words

SENTENCES: Final = 3
LONGEST: Final = 150  # characters of a sentence beside a chart
FINDINGS: Final = 2  # of the sentences, what the chart finds; the rest says how to read it
TOGETHER: Final = 4  # small charts on one slide
AT_EACH_END: Final = "5"  # areas drawn from either end of a long ranking
SPLIT: Final = {"by_indicator": "indicators", "by_area": "areas"}
BY_PRIORITY: Final = frozenset({"status_heat", "spine_chart", "evidence_matrix"})
ROWS: Final = 14  # of a timeline, its headings among them
BUILT_LIKE: Final = {"spine": "spine_chart", "funnel": "funnel_plot"}  # kinds of the chart builder, laid out as these
STATUS_VIEWS: Final = frozenset({"status_heat", "share_map", "share_tiles"})
ANEW: Final = "Pin the chart anew from its page."
_END: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z\d–])")


@dataclass(frozen=True)
class Made:
    """What a slide shows of a view. svg: '' where it cannot be made; then trouble says why and what to do.

    shows: the measure, place and period; said: the sentences beside the chart; read_out: what the chart says, in words,
    for those who do not see it.
    """

    headline: str
    shows: str = ""
    said: tuple[str, ...] = ()
    source: str = ""
    read_out: str = ""
    svg: str = ""
    trouble: str = ""


def parts(origin: str, version: int) -> list[str]:
    """The origins of the slides that a view takes: a priority, or a few small charts, at a time; mostly just its own.

    A long ranking is cut to its ends.
    """
    asked = parse_qs(origin)
    view = registry.all_views().get(asked.get("view", [""])[0])
    if view is None:
        return [origin]
    if "ends" in view.options and "ends" not in asked:
        return [_with(asked, ends=[AT_EACH_END])]
    if view.name in BY_PRIORITY and "priority" not in asked:
        there = data.reference(version).of_strategy["priority"]
        return [_with(asked, priority=[code]) for code in dict.fromkeys(there)]
    if view.name == "plan_timeline" and "lines" not in asked:
        return [_with(asked, lines=lines) for lines in _lines(asked, version)] or [origin]
    split = SPLIT.get(view.name)
    if split is None or len(asked.get(split, [])) <= TOGETHER:
        return [origin]
    values = asked[split]
    return [_with(asked, **{split: values[at : at + TOGETHER]}) for at in range(0, len(values), TOGETHER)]


def _lines(asked: dict[str, list[str]], version: int) -> list[list[str]]:
    """The codes of the action lines for each slide of a timeline: no two priorities on one, and no more than fit."""
    given = {key: values[0] for key, values in asked.items()}
    try:
        state = plan.state(shown.understood(given, version), given.get("plan"))
    except UnknownCode:
        return []  # said where it is drawn
    found = plan.chosen(state, plan.Which(given.get("owner"), given.get("priority"), given.get("late")))
    slides: list[list[str]] = []
    used, before = 0, ""
    for line in dict.fromkeys(found["line"]):
        mine = found.loc[found["line"] == line, "priority"]
        if not slides or mine.iloc[0] != before or used + len(mine) + 1 > ROWS:
            slides.append([])
            used = 0
        slides[-1].append(line)
        used, before = used + len(mine) + 1, mine.iloc[0]
    return slides


def open_to_regions(origin: str) -> bool:
    """True where a view can be shown for any region: it names no areas of its own."""
    return "areas" not in parse_qs(origin)


def in_region(origin: str, region: str) -> str:
    """The same view of another region; raises UnknownCode where the view names its own areas."""
    if not open_to_regions(origin):
        raise UnknownCode("This chart compares areas of its own.", "Choose others on its page and pin it anew.")
    asked = parse_qs(origin)
    asked.pop("la", None)
    return _with(asked, region=[region])


def made(origin: str, version: int, prefix: str) -> Made:
    """The slide of an origin at a data version; prefix: begins the ids within its drawing.

    Where the view cannot be made, the slide says why. Raises DatabaseProblem.
    """
    view = registry.all_views().get(parse_qs(origin).get("view", [""])[0])
    return _made(origin, version, prefix, agenda.current_edit() if view is not None and view.edited else 0)


@kept(400)
def _made(origin: str, version: int, prefix: str, edit: int) -> Made:
    try:
        figure = registry.again(origin, version)
        if figure is None:
            return Made("Nothing to show", trouble=f"{agenda.NOTHING} {ANEW}")
        asked = parse_qs(origin)
        kind = asked.get("kind", [""])[0]
        return Made(
            headline=figure.headline,
            shows=_shows(figure),
            said=_beside(figure, origin, version),
            source=figure.source,
            read_out=f"{figure.alt} {figure.notes}".strip(),
            svg=drawing.drawn(figure, BUILT_LIKE.get(kind, asked["view"][0]), prefix),
        )
    except DatabaseProblem:
        raise
    except DataAccessError as error:
        return Made("A view that cannot be shown", trouble=f"{error.sentence} {ANEW}")
    except Exception:
        # A room full of people sees a sentence whatever breaks; those who run the service see why.
        logging.getLogger(__name__).exception("a pinned view could not be drawn: %s", origin)
        return Made("A view that cannot be shown", trouble=f"This view cannot be drawn. {ANEW}")


def _with(asked: dict[str, list[str]], **changed: list[str]) -> str:
    return urlencode(asked | changed, doseq=True, safe="/")


def _shows(figure: Figure) -> str:
    """The subtitle without what goes without saying in a room."""
    said = figure.subtitle.split(" · ")
    return " · ".join(part for part in said if part != "all staff" and not part.startswith("compared with"))


def _beside(figure: Figure, origin: str, version: int) -> tuple[str, ...]:
    """At most three short sentences: what stands out, then how to read the chart."""
    asked = {key: values[0] for key, values in parse_qs(origin).items()}
    found = _findings(figure, asked, shown.understood(asked, version))
    found = [sentence for sentence in found if len(sentence) <= LONGEST and not _dry(sentence)][:FINDINGS]
    reading = [sentence for sentence in _END.split(figure.notes) if 0 < len(sentence) <= LONGEST and not _dry(sentence)]
    return (*found, *[sentence for sentence in reading if sentence not in found][: SENTENCES - len(found)])


def _dry(sentence: str) -> bool:
    """True of a formula, and of a trend that is not known: neither is for a room."""
    return "√" in sentence or sentence.startswith("Trend: –")


def _findings(figure: Figure, asked: dict[str, str], now: Shown) -> list[str]:
    priority = asked.get("priority")
    if asked["view"] in STATUS_VIEWS:
        gaps, movers = figures.gaps(now, priority)[:1], figures.movers(now, priority)[:1]
        return [*(f"Widest gap: {text}." for text in gaps), *(f"Biggest change: {text}." for text in movers)]
    if asked["view"] == "spine_chart":
        behind, well = figures.attention(now, priority)
        return [*(f"{text}." for text in behind[:1]), *(f"{text}." for text in well[:1])]
    _, *told = _END.split(figure.alt)
    return [sentence for sentence in told if sentence.rstrip(".") != figure.headline]


@kept(4)
def regions(version: int) -> tuple[str, ...]:
    """The names of the regions, in their order."""
    return tuple(data.reference(version).regions["name"])


def day_of(version: int) -> str:
    """The day of a data version in words."""
    return words.day(data.reference(version).made_at)
