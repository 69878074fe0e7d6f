"""One outcome on a page: its indicators at a glance, what bears on it, and each indicator in full when it is opened."""

import streamlit as st

from exports.shown import Shown
from exports.views import comparisons, data, figures, partnerships_here, priorities
from exports.views.priorities import Outcome
from measures import words
from measures.strength import KINDS, STRENGTHS
from pages.parts import define, plain, show
from pages.parts import partnerships_here as partnerships

PLAN, EVIDENCE = "pages/monitor/plan.py", "pages/monitor/evidence.py"


def anchor(code: str) -> str:
    """Where on its page an outcome stands."""
    return f"outcome-{code}"


def whole(now: Shown, outcome: Outcome) -> None:
    """Everything about an outcome."""
    st.header(f"{outcome.code} {plain.unmarked(outcome.title)}", anchor=anchor(outcome.code))
    figure = priorities.outcome_rows(now, outcome.code)
    if figure is None:
        why = "No indicator of this outcome has a figure" if outcome.indicators else "This outcome has no indicator"
        st.info(f"{why} for {now.area} in {now.period_label}. Choose another period or region.")
    else:
        show.figure(figure, f"outcome_{outcome.code}", version=now.version, level=3, alone=False)
    if outcome.without:
        st.markdown(f"**{plain.unmarked(outcome.without)}**")
    with st.container(gap="xxsmall"):
        _bears(now, outcome)
        for indicator, title in outcome.indicators.items():
            _indicator(now, indicator, title)


def _bears(now: Shown, outcome: Outcome) -> None:
    """The action lines that serve an outcome, the evidence on it, the partnerships that bear on it; once open."""
    codes = [line["line"] for line in outcome.lines]
    label = f"Action line{'s' * (len(codes) > 1)} {words.joined(codes)}" if codes else "No action line"
    label += f" · Evidence: {outcome.evidence_words}"
    count, _ = partnerships_here.of_outcome(now, outcome.code)
    label += f" · {words.plural(count, 'partnership') if count else 'No partnership'}"
    key, icon = f"bears_{outcome.code}", ":material/link:"
    with st.expander(label, key=key, on_change="rerun", type="compact", icon=icon) as box:
        if not box.open:
            return
        lines = [
            f"- **{line['line']} {plain.unmarked(line['title'])}**: {priorities.line_words(line)}. "
            f"{plain.unmarked(line['why'])}"
            for line in outcome.lines
        ]
        st.markdown("\n".join(lines) or "No action line of the plan serves this outcome.")
        st.caption("Which line serves which outcome is our reading: the strategy ties both to the priority only.")
        found = [
            f"- **{plain.escaped(entry['title'])}** ({KINDS[entry['kind']].lower()}, "
            f"{STRENGTHS[entry['strength']].lower()}): {plain.escaped(entry['found'])}"
            for entry in outcome.evidence
        ]
        st.markdown("\n".join(found) or plain.unmarked(outcome.without))
        with st.container(horizontal=True):
            st.page_link(PLAN, label="The plan", icon=":material/checklist:")
            asked = {"sheet": "Register", "outcome": outcome.code}
            st.page_link(EVIDENCE, label="The evidence register", icon=":material/fact_check:", query_params=asked)
        partnerships.of_outcome(now, outcome.code)


def _indicator(now: Shown, indicator: str, title: str) -> None:
    """An indicator against its path, among the areas and by staff group, with its definition and source; once open."""
    key, icon = f"more_{indicator}", ":material/query_stats:"
    with st.expander(f"{title}, in full", key=key, on_change="rerun", type="compact", icon=icon) as box:
        if box.open:
            _in_full(now, indicator)


def _in_full(now: Shown, indicator: str) -> None:
    about = figures.record(now, indicator)
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
