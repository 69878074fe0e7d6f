"""What every map of areas says, however it is drawn: headline, alt text, notes, table twin, classes and legend."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from charts.classes import NO_VALUE_TEXT, class_colours, share_classes, value_classes
from charts.figure import Context, Figure, Record, Spec, headline, number_or_none, slugify
from charts.rows import by_width, expr
from charts.tables import compared, in_focus, low_note, missing_note, twin
from charts.theme import MUTED, finish
from measures import words

Classes = Sequence[tuple[float, str]]
MISSING_NAMED = 10  # areas without a value that the notes name; of more, how many
NOUNS = {"region": ("region", "regions"), "la": ("local authority", "local authorities")}


def classes_of(values: pd.DataFrame, unit: str, shares: bool) -> Classes:
    """The classes that a map's colours stand for: fixed ones of shares, else four of equal counts."""
    return share_classes() if shares else value_classes(list(values["value"]), unit)


def colour_scale(classes: Classes, kinds: Sequence[str]) -> Spec:
    """Scale and legend of the field `kind`, a class's label; 'No value' is listed only where one of `kinds` is it."""
    palette = class_colours(classes)
    listed = [label for label in palette if label != NO_VALUE_TEXT or NO_VALUE_TEXT in kinds]
    return {
        "field": "kind",
        "type": "nominal",
        "scale": {"domain": listed, "range": [palette[label] for label in listed]},
        "legend": {
            "title": None,
            "columns": expr(by_width(2, 5)),
            "symbolType": "square",
            "symbolSize": 260,
            "symbolStrokeWidth": 1,
            "symbolStrokeColor": MUTED,
        },
    }


def described(
    spec: Spec,
    height: int,
    values: pd.DataFrame,
    indicator: Record,
    context: Context,
    *,
    level: str,
    kind: str = "Map",
    shares: bool = False,
    england: Record | None = None,
    focus: str | None = None,
    note: str = "",
) -> Figure:
    """A map's drawing as a figure with its words; the arguments are those of maps.map_figure.

    kind  'Map' or 'Tile map': begins the alt text and ends the file's name
    note  how the drawing is to be read, before what else is to be noted
    """
    unit, short_title = str(indicator["unit"]), str(indicator["short_title"])
    finding = _share_finding(values, level) if shares else _value_finding(values, indicator, unit)
    notes = [note, missing_note(values[values["value"].isna()], MISSING_NAMED)]
    notes += [] if shares else [low_note(values.dropna(subset=["value"]), indicator, "area")]
    return Figure(
        slug=slugify(short_title, context.place, context.period_label, kind),
        headline=finding,
        subtitle=context.subtitle(str(indicator["title"])),
        source=context.source_line(),
        context=context,
        alt=f"{kind} of {words.plural(len(values), *NOUNS[level])} coloured by {words.inline(short_title)}. {finding}."
        + ("" if shares else in_focus(values, indicator, england, focus)),
        spec=finish(spec, height, context.illustrative),
        twin=lambda: _share_table(values) if shares else _table(values, indicator, england),
        notes=" ".join(part for part in notes if part),
    )


def _sorted(values: pd.DataFrame) -> pd.DataFrame:
    return values.sort_values("value", ascending=False, na_position="last")


def _table(values: pd.DataFrame, indicator: Record, england: Record | None) -> pd.DataFrame:
    shown = _sorted(values)
    table = twin(shown, indicator, ["Area"])
    if england is not None:
        against = compared(shown, number_or_none(england["value"]), indicator)
        table.insert(3, "Compared with England", against)
    return table


def on_track_words(row: Mapping[Any, Any]) -> str:
    """'8 of 10' for a row of shares, '–' where nothing can be judged."""
    return f"{int(row['on_track'])} of {int(row['judged'])}" if row["judged"] else "–"


def _share_table(values: pd.DataFrame) -> pd.DataFrame:
    shown = _sorted(values)
    return pd.DataFrame(
        {
            "Area": shown["area"],
            "On track": [on_track_words(row) for row in shown.to_dict("records")],
            "Share on track": [words.share(number_or_none(v / 100)) for v in shown["value"]],
            "Share (number)": shown["value"],
        }
    ).reset_index(drop=True)


def _share_finding(values: pd.DataFrame, level: str) -> str:
    known = values.dropna(subset=["value"])
    if known.empty:
        return "No area can be judged yet"
    most = int((known["value"] > 50).sum())
    one, many = NOUNS[level]
    return (
        f"{most} of {len(known)} {many} have most indicators on track"
        if most
        else (f"No {one} has most indicators on track")
    )


def _value_finding(values: pd.DataFrame, indicator: Record, unit: str) -> str:
    known = values.dropna(subset=["value"])
    if known.empty:
        return "No area has a value to show"
    order = known.sort_values("value", ascending=indicator["better"] == "lower")
    best, worst = order.iloc[0], order.iloc[-1]
    if len(order) == 1:
        return headline(f"Only {best['area']} has a value", "Only one area has a value")
    size = words.difference(best["value"] - worst["value"], unit)
    return headline(f"{best['area']} leads; {worst['area']} trails by {size}", f"Areas are {size} apart")
