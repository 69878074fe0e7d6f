"""Which partnerships are about to stall, on a page: warnings with their facts and what others did, and the rules."""

from datetime import date

import pandas as pd
import streamlit as st

from data_access.evidence import today
from exports import entered
from exports.kept import kept
from exports.shown import Shown
from exports.views import partnership_findings, partnerships
from exports.views.evidence import edit_shown
from measures import words
from measures.stall_rules import Rule, rules
from measures.stalls import told
from pages.parts import filters, partnerships_here, whence
from pages.parts.plain import escaped

ALL = "All rules"
MOST = 10  # partnerships told in sentences; the table has all
WAYS = 2  # that others had, beside each warning
NOBODY = "No partnership that surmounted such a challenge says what it did."


def view(now: Shown) -> None:
    """The warnings, those with most of them first; the rules, and how many partnerships each can judge."""
    going, judged = partnership_findings.judged(now)
    asked = _rule()
    rule = None if asked is None else asked.code
    count, about = _counted(now, edit_shown(now.version), today(), rule)
    of = words.plural(going, "partnership that goes on", "partnerships that go on")
    st.markdown(f"## {f'{count:,} of {of}' if count else f'None of {of}'} {_may(count, going)}")
    st.caption(about)
    if count:
        st.markdown(_sentences(now, edit_shown(now.version), today(), rule, st.query_params.get("as_at", "")))
        more = count - MOST
        if more > 0:
            st.caption(f"{words.plural(more, 'more partnership')} with warnings: the table has all. Or choose a rule.")
        whence.of_entries(entered.of_warnings(now), "stalls")
        _table(now, rule)
    _rules(going, judged)


def _found(now: Shown, asked: str | None) -> pd.DataFrame:
    """The warnings; asked: of one rule only."""
    found = partnership_findings.warnings(now)
    return found if asked is None else found[found["rule"] == asked]


def _may(count: int, going: int) -> str:
    return "gives a warning" if going == 1 or not count else "give a warning" if count > 1 else "gives a warning"


def _rule() -> Rule | None:
    """Ask for the rule whose warnings are shown; None for all."""
    labels: dict[str, Rule | None] = {ALL: None, **{rule.title: rule for rule in rules()}}
    filters.understand("rule", list(labels), "rule", ALL, {rule.code: rule.title for rule in rules()})
    return labels[
        st.selectbox("Rule", list(labels), key="rule", width=480, bind="query-params", on_change=filters.forget_notices)
    ]


@kept(30)
def _counted(now: Shown, number: int, latest: date, asked: str | None) -> tuple[int, str]:
    """How many partnerships warn, by one rule only or by any; how many warnings these are, and how many invented."""
    found = _found(now, asked)
    whole = partnerships.register(now).partnerships.set_index("code")
    invented = int(whole["illustrative"].reindex(found["partnership"].unique()).astype(bool).sum())
    day = partnership_findings.known(now).day
    said = f"{words.plural(len(found), 'warning')}, as on {words.day(day)}. A warning rests on what is in the register."
    said += f" Illustrative, which is invented: {words.plural(invented, 'partnership')}." if invented else ""
    return found["partnership"].nunique(), said


def _others(known: partnership_findings.Known, rule: Rule, code: str) -> str:
    """What others did about such a thing, in a sentence or two."""
    return "; ".join(each.said(known.names) for each in told(known.remedies, rule.told, WAYS, but=code)) or NOBODY


@kept(30)
def _sentences(now: Shown, number: int, latest: date, asked: str | None, as_at: str) -> str:
    """The first partnerships with their warnings, as a list; asked: by one rule only, as_at: kept in its links."""
    known, by_code = partnership_findings.known(now), {rule.code: rule for rule in rules()}
    found = _found(now, asked)
    first = list(dict.fromkeys(found["partnership"]))[:MOST]
    rows = found[found["partnership"].isin(first)].to_dict("records")
    lines = []
    for code in first:
        lines.append(f"- **[{escaped(known.names[code])}]({partnerships_here.address(now, code)})**")
        for row in (each for each in rows if each["partnership"] == code):
            rule = by_code[row["rule"]]
            lines.append(f"    - **{rule.title}.** {escaped(row['said'])}  ")
            lines.append(f"      :small[What others did: {escaped(_others(known, rule, code))}]")
    return "\n".join(lines)


def _table(now: Shown, asked: str | None) -> None:
    """All warnings; made, and sent, only once it is open."""
    with st.expander("Table", key="stalls_table", on_change="rerun", type="compact") as box:
        if not box.open:
            return
        known, by_code = partnership_findings.known(now), {rule.code: rule for rule in rules()}
        whole = partnerships.register(now).partnerships.set_index("code")["illustrative"]
        rows = [
            {
                "Partnership": known.names[row["partnership"]],
                "Rule": by_code[row["rule"]].title,
                "Facts": row["said"],
                "What others did": _others(known, by_code[row["rule"]], row["partnership"]),
                "Code": row["partnership"],
                "Kind of entry": "Illustrative" if whole[row["partnership"]] else "Real",
            }
            for row in _found(now, asked).to_dict("records")
        ]
        st.dataframe(pd.DataFrame(rows), hide_index=True, alt=f"Stall warnings, {now.area}")


def _rules(going: int, judged: dict[str, int]) -> None:
    st.markdown("## When is a partnership about to stall?")
    rows = [
        {"Rule": rule.title, "A warning is given where": rule.said(), "Judged": f"{judged[rule.code]:,} of {going:,}"}
        for rule in rules()
    ]
    st.table(pd.DataFrame(rows), hide_index=True)
    st.caption(
        "Judged: of the partnerships that go on, those about which enough is noted. The others may stall unseen. "
        "Partnerships that ended give no warning."
    )
