"""The chart that somebody builds: one view for every kind of it, with its own words and what would mislead about it."""

from dataclasses import replace
from typing import Final

from charts.figure import Figure
from exports import chart_choice
from exports.chart_choice import LONGEST, Choice, plain_text
from exports.shown import Shown
from exports.views import figures
from exports.views.built_kinds import MAKERS, indicators_of
from exports.views.registry import view
from measures import words

TALLEST: Final = 560  # pixels of plot from which on a chart's type is small on a slide
CROWDED: Final = "Much for a slide: its type is small. Fewer areas or indicators can be read from further away."


@view(100, "charts")
def built(
    now: Shown,
    kind: str | None = None,
    indicators: tuple[str, ...] = (),
    areas: tuple[str, ...] = (),
    each: str | None = None,
    since: str | None = None,
    groups: tuple[str, ...] = (),
    title: str | None = None,
    subtitle: str | None = None,
    note: str | None = None,
    mark: tuple[str, ...] = (),
    order: str | None = None,
    labels: str | None = None,
    start: str | None = None,
    size: str | None = None,
) -> Figure | None:
    """The chart; options: those of chart_choice.Choice, None or () where usual. None where there is nothing to draw."""
    given = {name: value for name, value in locals().items() if name != "now"}
    asked = chart_choice.chosen(given)
    found = MAKERS[asked.kind](now, asked)
    return None if found is None else _worded(*found, asked)


def _worded(made: Figure, said: list[str], asked: Choice) -> Figure:
    """The figure with the words chosen for it; what it says of period, place, comparator and source stays."""
    title, own, note = (plain_text(getattr(asked, name), LONGEST[name]) for name in ("title", "subtitle", "note"))
    tall = made.spec["height"] > TALLEST and asked.kind != "map"
    crowded = CROWDED if asked.size == "slide" and tall else ""
    cautions = tuple(dict.fromkeys(caution for caution in (*said, crowded) if caution))
    note = f"Note: {note}{'' if note[-1] in '.!?' else '.'}" if note else ""
    new = [caution for caution in cautions if caution not in made.notes]
    return replace(
        made,
        headline=title or made.headline,
        subtitle=" · ".join(part for part in (own, made.subtitle) if part),
        alt=f"{title}. {made.alt}" if title else made.alt,
        notes=" ".join(part for part in (note, *new, made.notes) if part),
        size=asked.size,
        cautions=cautions,
    )


def nothing(now: Shown, asked: Choice) -> str:
    """Why there is no chart, and what to do, in a sentence."""
    about = figures.record(now, indicators_of(now, asked)[0])
    if asked.kind == "scatter" and len(asked.indicators) < 2:
        return "A scatter sets two indicators against each other: choose two."
    if asked.kind == "spine" and (asked.areas[0] if asked.areas else now.area) == "England":
        return "A spine chart sets a place against England: choose a local authority or a region."
    if asked.kind == "funnel":
        return "A funnel plot is drawn for percentages with a figure for England: choose another indicator."
    return (
        f"There is no figure of {words.inline(str(about['short_title']))} for this choice: choose others, or a period."
    )
