"""What an indicator is, where its latest figures come from, and the rules of status, in words."""

import pandas as pd
import streamlit as st

from exports import definitions
from measures import words
from pages.parts import filters


def definition(about: pd.Series) -> None:
    """An indicator's definition in a few lines."""
    of_strategy = f"**Outcome {about['outcome']}**: {about['outcome_title']}"
    lines = [
        about["title"] + ".",
        about["why_it_matters"],
        f"**Numerator**: {about['numerator']}",
        f"**Denominator**: {definitions.denominator(about)}",
        f"**Collected**: {definitions.collected(about)}",
        of_strategy if about["outcome"] else "**Context**: belongs to no outcome of the strategy",
        f"**Mind**: {about['caveats']}",
    ]
    own = definitions.own_thresholds(about)
    if own:
        lines.append(f"**Thresholds**: {own}")
    st.markdown("\n\n".join(lines))


def target_and_source(about: pd.Series, source: pd.DataFrame, targets: pd.DataFrame) -> None:
    """The target, with stored trajectory points, and where the latest figures come from."""
    mine = targets[targets["indicator"] == about["code"]].sort_values("position")
    if len(mine):
        points = [f"{words.number(point.value, about['unit'])} by {point.period}" for point in mine.itertuples()]
        st.markdown(f"**Target and trajectory**: {', '.join(points)} (illustrative)")
    for row in source.itertuples():
        taken = f"file {row.file_name}, taken in on {filters.day(row.imported_at)}"
        st.markdown(f"**Latest figures**: {row.source}; {row.licence}; {taken}")
    if source.empty:
        st.markdown("**Latest figures**: none yet. Bring some in with `python -m data_access import`.")


def none_here(about: pd.Series, area: str, period_label: str) -> str:
    """Why an indicator has no figures for what is shown, and what to do."""
    return (
        f"{about['short_title']} has no figures for {area} in {period_label}: it is collected "
        f"{definitions.HOW_OFTEN[about['frequency']]} in {about['scope']}. Choose another period or region."
    )
