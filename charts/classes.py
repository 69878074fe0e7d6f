"""Classes of a map: which colour a value has, and what the legend says."""

import itertools
from collections.abc import Sequence
from typing import Final

import pandas as pd

from charts.theme import NO_VALUE, PALEST, SEQUENTIAL
from measures import words

CLASS_COLOURS: Final = (PALEST, SEQUENTIAL[2], SEQUENTIAL[1], SEQUENTIAL[0])  # lowest class first
NO_VALUE_TEXT: Final = "No value"


def share_classes() -> list[tuple[float, str]]:
    """Four classes of a share of indicators on track, as (upper edge, label)."""
    return [(25, "Under 25%"), (50, "25% to 49%"), (75, "50% to 74%"), (float("inf"), "75% or more")]


def value_classes(numbers: Sequence[float], unit: str) -> list[tuple[float, str]]:
    """Up to four classes of equal counts, as (upper edge, label); edges are rounded as they are written."""
    present = pd.Series([n for n in numbers if not pd.isna(n)], dtype=float)
    if present.empty:
        return []
    digits = 0 if unit == "gbp" else 1
    edges = sorted({round(float(present.quantile(q)), digits) for q in (0.25, 0.5, 0.75)})
    said = [words.number(edge, unit) for edge in edges]
    labels = [f"Under {said[0]}", *(f"{a} to {b}" for a, b in itertools.pairwise(said)), f"{said[-1]} or more"]
    return list(zip([*edges, float("inf")], labels, strict=True))


def class_of(value: float | None, classes: Sequence[tuple[float, str]]) -> str:
    """The label of the class a value falls in; NO_VALUE_TEXT where it is missing."""
    if value is None or pd.isna(value):
        return NO_VALUE_TEXT
    return next((label for edge, label in classes if value < edge), NO_VALUE_TEXT)


def class_colours(classes: Sequence[tuple[float, str]]) -> dict[str, str]:
    """Colour by class label, darker for higher values, and light grey for no value: a map's legend, in its order."""
    colours = CLASS_COLOURS[-len(classes) :] if classes else ()
    return {label: colour for (_, label), colour in zip(classes, colours, strict=True)} | {NO_VALUE_TEXT: NO_VALUE}


def dark_labels(classes: Sequence[tuple[float, str]]) -> list[str]:
    """The classes whose colour is so dark that text on it is light."""
    return [label for _, label in list(classes)[-2:]]


def rgb(colour: str) -> list[int]:
    """'#12436D' -> [18, 67, 109]."""
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
