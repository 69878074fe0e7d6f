"""What an indicator is, how figures are made and what their marks mean, in words, for pages and reports."""

import re
from dataclasses import asdict

import pandas as pd

from charts.figure import Record
from charts.tables import by_code
from measures import stall_rules
from measures.thresholds import THRESHOLDS, shown
from measures.with_without import LIMITS
from seed_data import reference as files

COLLECTED = {"school": "from schools", "la": "from local authorities", "published": "from published figures"}
HOW_OFTEN = {"term": "each term", "year": "once a year"}
DIRECTION = {"higher": "higher is better", "lower": "lower is better"}
STATUS_RULES = {
    "on_track": "The value is at or beyond its trajectory",
    "at_risk": "The value is short of its trajectory, but its 95% interval reaches it: the shortfall may be chance",
    "off_track": "The whole 95% interval is short of the trajectory",
    "none": "Baseline period; no baseline, target or interval; suppressed; or too little coverage",
}


def denominator(about: Record) -> str:
    """An indicator's denominator; of people, with the number under which it is suppressed."""
    suppressed = suppressed_under(about)
    return f"{about['denominator']} (suppressed {suppressed})" if suppressed else str(about["denominator"])


def suppressed_under(about: Record) -> str:
    """'where it is under 10 people', of a denominator; '' where it does not count people."""
    return f"where it is under {about['fewest_people']:.0f} people" if about["denominator_counts"] == "people" else ""


def collected(about: Record) -> str:
    """'from schools, once a year, by survey; higher is better'."""
    return (
        f"{COLLECTED[about['collected_from']]}, {HOW_OFTEN[about['frequency']]}, "
        f"by {about['evidence_kind'].replace('_', ' ')}; {DIRECTION.get(about['better'], 'no direction')}"
    )


def own_thresholds(about: Record) -> str:
    """An indicator's thresholds that are not as usual: 'Least coverage 60% (usually 50%)'; '' where all are."""
    return "; ".join(
        f"{threshold.title.lower() if i else threshold.title} {shown(name, about[name])} "
        f"(usually {shown(name, threshold.usual)})"
        for i, (name, threshold) in enumerate(
            (name, threshold) for name, threshold in THRESHOLDS.items() if about[name] != threshold.usual
        )
    )


def methods(thresholds: dict[str, str]) -> dict[str, str]:
    """Heading → text of seed_data/strategy/methods.md. thresholds: name → value in words, as they hold for all.

    The rules of stall warnings and the limits of comparing with and without partnership work are put into it, too.
    """
    text = (files.HERE / "strategy" / "methods.md").read_text(encoding="utf-8")
    limits = {f"with_{name}": f"{value:g}" for name, value in asdict(LIMITS).items()}
    for name, value in {**thresholds, **limits, "stall_rules": stall_rules.listed()}.items():
        text = text.replace(f"{{{name}}}", value)
    parts = [part.partition("\n\n") for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]]
    return {heading: body.strip() for heading, _, body in parts}


def table(indicators: pd.DataFrame) -> pd.DataFrame:
    """What each indicator means, all in words: a row an indicator under its priority."""
    rows = [
        {
            "Priority": about["priority_short"],
            "Indicator": f"{about['outcome']} {about['short_title']}",
            "What it says": f"{about['title']}.",
            "Numerator": about["numerator"],
            "Denominator": about["denominator"],
            "Suppressed": suppressed_under(about),
            "Collected": collected(about),
            "Mind": about["caveats"],
        }
        for about in by_code(indicators).values()
    ]
    return pd.DataFrame(rows)
