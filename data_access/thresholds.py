"""Set the limits behind judgements, markers and suppression, for all indicators or for one: each time a version."""

import math

import pandas as pd
from sqlalchemy import Connection, Engine, and_

from data_access import access, areas, audit, queries, summaries
from data_access.engine import current_version, writing
from data_access.errors import DataAccessError
from data_access.schema import threshold
from data_access.versions import change, next_version
from measures.thresholds import OVERALL, THRESHOLDS, resolve, shown

SUPPRESSING = ("fewest_people", "fewest_units")
ALL = "all indicators"


class ThresholdRefused(DataAccessError):
    """A value that the threshold may not have."""


def set_threshold(engine: Engine, name: str, value: float | None, *, indicator: str = OVERALL, by: str) -> int:
    """Set a threshold for all indicators without a value of their own, or for one; returns the data version after it.

    name: of measures.thresholds.THRESHOLDS. value: a share where its unit is '%'; None: back to the usual value, or for
    one indicator to what holds for all. Where suppression changes, cells are decided anew in the same transaction.
    Where that scope says the same already, nothing is written. Raises UnknownCode, ThresholdRefused or DatabaseProblem.
    """
    areas.check(name, THRESHOLDS, "threshold")
    if value is not None:
        _check(name, value)
    with writing(engine, access.Right.load) as connection:
        codes = list(queries.indicators(connection)["code"])
        if indicator != OVERALL:
            areas.check(indicator, codes, "indicator")
        there = queries.thresholds(connection)
        own = there.loc[(there["name"] == name) & (there["indicator"] == indicator), "value"]
        wanted = None if indicator == OVERALL and value == THRESHOLDS[name].usual else value
        if wanted == (None if own.empty else float(own.iloc[0])):
            return current_version(connection)
        version = next_version(connection, _reason(name, wanted, indicator, access.signed(by)))
        audit.write(connection, audit.Did.set_threshold, f"{name}, data version {version}")
        row = {"name": name, "indicator": indicator, "value": wanted}
        rows = pd.DataFrame([] if wanted is None else [row], columns=list(row))
        this = and_(threshold.c.name == name, threshold.c.indicator == indicator)
        change(connection, threshold, rows, version, within=this, whole=True)
        if name in SUPPRESSING:
            before, after = resolve(there, codes)[name], resolve(queries.thresholds(connection), codes)[name]
            differ = [code for code in codes if before[code] != after[code]]
            if differ:
                summaries.decide_anew(connection, differ, version)
    return version


def from_words(text: str) -> float:
    """The number that '12', '0.6' or '60%' says; raises ThresholdRefused."""
    try:
        number = float(text.strip().removesuffix("%"))
    except ValueError as error:
        raise ThresholdRefused(
            f"“{text[:40]}” is no number.", "Give one such as 12, or a share as 60% or 0.6."
        ) from error
    return number / 100 if text.strip().endswith("%") else number


def _check(name: str, value: float) -> None:
    about = THRESHOLDS[name]
    remedy = f"Give a number from {shown(name, about.lowest)} to {shown(name, about.highest)}."
    if not math.isfinite(value):
        raise ThresholdRefused(f"{about.title} is to be a number.", remedy)
    if not about.lowest <= value <= about.highest:
        raise ThresholdRefused(f"{about.title} cannot be {shown(name, value)}.", remedy)
    if about.unit != "%" and value != int(value):
        raise ThresholdRefused(f"{about.title} counts {about.unit}: {value:g} is no whole number.", remedy)


def _reason(name: str, value: float | None, indicator: str, by: str) -> str:
    """What a data version's list says of the change."""
    title, where = THRESHOLDS[name].title, indicator or ALL
    if value is not None:
        return f"Set “{title}” for {where} to {shown(name, value)} ({by[:120]})"
    return f"Set “{title}” for {where} back to {'what holds for all' if indicator else 'usual'} ({by[:120]})"


def listed(connection: Connection, as_at: int | None = None) -> pd.DataFrame:
    """Every threshold as it holds: name, applies_to ('all indicators' or a code), value and usual in words, meaning.

    A row a threshold, then one for each indicator with a value of its own. as_at: an earlier data version; None: now.
    """
    there = queries.thresholds(connection, as_at)
    known = list(queries.indicators(connection, as_at)["code"])
    overall = resolve(there[there["indicator"] == OVERALL], [OVERALL]).iloc[0]
    rows = []
    for name, about in THRESHOLDS.items():
        own = there[(there["name"] == name) & there["indicator"].isin(known)]
        said = {ALL: overall[name]} | dict(zip(own["indicator"], own["value"], strict=True))
        usual = shown(name, about.usual)
        rows += [(name, where, shown(name, value), usual, about.meaning) for where, value in said.items()]
    return pd.DataFrame(rows, columns=["name", "applies_to", "value", "usual", "meaning"])
