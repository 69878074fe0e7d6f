"""One outcome on a page: its indicators at a glance, what bears on it, and each indicator in full when it is opened."""

import pandas as pd
import streamlit as st

from exports.shown import Shown
from exports.views import comparisons, data, figures, priorities
from measures.strength import KINDS, STRENGTHS
from pages.parts import define, plain, show

PLAN, EVIDENCE = "pages/monitor/plan.py", "pages/monitor/evidence.py"


def anchor(code: str) -> str:
    """Where on its page an outcome stands."""
    return f"outcome-{code}"


def whole(now: Shown, code: str, title: str, evidence: pd.DataFrame, lines: pd.DataFrame) -> None:
    """Everything about an outcome. evidence, lines: those for its priority (exports.views.priorities)."""
    mine, served = evidence[evidence["outcome"] == code], priorities.served_by(code)
    st.header(f"{code} {plain.unmarked(title)}", anchor=anchor(code))
    figure = priorities.outcome_rows(now, code)
    if figure is None:
        why = "No indicator of this outcome has a figure" if priorities.indicators(now, code) else "It has no indicator"
        st.info(f"{why} for {now.area} in {now.period_label}. Choose another period or region.")
    else:
        show.figure(figure, f"outcome_{code}", version=now.version, level=3, alone=False)
    if (mine["code"] == "").all():
        st.markdown(f"**{plain.unmarked(mine['found'].iloc[0])}**")
    with st.container(gap="xxsmall"):
        _bears(now, code, mine, lines[lines["line"].isin(list(served))], served)
        for indicator in priorities.indicators(now, code):
            _indicator(now, indicator)


def _bears(now: Shown, code: str, evidence: pd.DataFrame, lines: pd.DataFrame, served: dict[str, str]) -> None:
    label = f"Action lines {' and '.join(served)}" if len(served) > 1 else f"Action line {next(iter(served))}"
    label += f" · Evidence: {priorities.evidence_words(evidence)}"
    with st.expander(label, key=f"bears_{code}", on_change="rerun", type="compact", icon=":material/link:") as box:
        if not box.open:
            return
        st.markdown(
            "\n".join(
                f"- **{line['line']} {plain.unmarked(line['title'])}**: {priorities.line_words(line)}. "
                f"{plain.unmarked(served[line['line']])}"
                for line in lines.to_dict("records")
            )
        )
        st.caption("Which line serves which outcome is our reading: the strategy ties both to the priority only.")
        there = evidence[evidence["code"] != ""].to_dict("records")
        found = [
            f"- **{plain.escaped(entry['title'])}** ({KINDS[entry['kind']].lower()}, "
            f"{STRENGTHS[entry['strength']].lower()}): {plain.escaped(entry['found'])}"
            for entry in there
        ]
        st.markdown("\n".join(found) or plain.unmarked(evidence["found"].iloc[0]))
        with st.container(horizontal=True):
            st.page_link(PLAN, label="The plan", icon=":material/checklist:")
            asked = {"sheet": "Register", "outcome": code}
            st.page_link(EVIDENCE, label="The evidence register", icon=":material/fact_check:", query_params=asked)


def _indicator(now: Shown, indicator: str) -> None:
    """An indicator against its path, among the areas and by staff group, with its definition and source; once open."""
    about = figures.record(now, indicator)
    label, icon = f"{about['short_title']}, in full", ":material/query_stats:"
    with st.expander(label, key=f"more_{indicator}", on_change="rerun", type="compact", icon=icon) as box:
        if box.open:
            _in_full(now, indicator, about)


def _in_full(now: Shown, indicator: str, about: pd.Series) -> None:
    level, known = "la" if now.la else "region", data.reference(now.version)
    if figures.level_rows(now, level, indicator).empty:
        st.info(define.none_here(about, now.area, now.period_label))
    left, right = st.columns(2, gap="large")
    with left:
        show.figure(comparisons.trajectory(now, indicator), f"path_{indicator}", version=now.version, level=4)
        st.markdown("#### What it is and where it comes from")
        define.definition(about)
        source = known.sources[known.sources["indicator"] == indicator]
        define.target_and_source(about, source, data.targets(now.version))
    with right:
        key, ranked = f"ranked_{indicator}", comparisons.ranked(now, level, indicator)
        show.figure(ranked, key, version=now.version, level=4, on_select=show.pick(key, level))
        between = comparisons.between_groups(now, indicator, "teachers", "support_staff")
        if between is None:
            st.info(comparisons.no_gap(now, indicator, "teachers", "support_staff"))
        else:
            show.figure(between, f"groups_{indicator}", version=now.version, level=4)
