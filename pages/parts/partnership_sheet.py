"""One partnership whole: what it is, its members and what they did, and who changed what."""

import pandas as pd
import streamlit as st

from data_access.engine import get_engine, reading
from data_access.partnerships import entries
from data_access.partnerships.fields import PARTNERSHIPS, SHEETS
from exports.partnerships import for_people, in_words
from exports.shown import Shown
from exports.views import partnerships
from measures import changes, words
from measures.partnership_words import KINDS
from pages.parts import frame, partnership_form
from pages.parts.plain import escaped, unmarked

ILLUSTRATIVE = "Illustrative: it is invented and says nothing about any real place."
PARTS = {sheet.code: sheet for sheet in SHEETS if not sheet.whole}
SAID_ABOVE = ("name", "kind", "began", "ended", "purpose", "illustrative")


def whole(now: Shown, code: str) -> None:
    """Everything about one partnership, as the register says it now or said it then."""
    number = partnerships.edit_shown(now.version)
    there = partnerships.sheet("partnerships", number, now.version)
    about = there[there["code"] == code].iloc[0].to_dict()
    names = partnerships.there(now.version)
    st.markdown(f"### {code} {unmarked(about['name'])}")
    since = f"since {words.day(about['began'])}"
    lasted = f"{words.day(about['began'])} to {words.day(about['ended'])}" if about["ended"] else since
    st.caption(f"{KINDS[about['kind']]} · {lasted}" + (f" · {ILLUSTRATIVE}" if about["illustrative"] else ""))
    if about["purpose"]:
        st.markdown(escaped(about["purpose"]))
    lines = [
        f"- **{field.title}**: {escaped(in_words(field, about[field.name], names))}"
        for field in PARTNERSHIPS.fields
        if field.name not in SAID_ABOVE
    ]
    st.markdown("\n".join(lines))
    if not frame.looking_back():
        partnership_form.ways(PARTNERSHIPS, about)
    _parts(now, code, number)
    with st.expander(
        "History of this partnership", key="partnership_history", on_change="rerun", type="compact"
    ) as box:
        if box.open:
            with reading(get_engine()) as connection:
                found = changes.said(
                    entries.history(connection, PARTNERSHIPS, code), {f.name: f.title for f in PARTNERSHIPS.fields}
                )
                st.table(edits(found, "what", "What changed of itself"), hide_index=True)
                found = entries.changes(connection, of=code)
            st.table(edits(found, "reason", "Every edit of it and its parts"), hide_index=True)


def _parts(now: Shown, code: str, number: int) -> None:
    counts = {
        each.code: partnerships.sheet(each.code, number, now.version)["partnership"].eq(code).sum()
        for each in PARTS.values()
    }
    part = st.segmented_control(
        "Part",
        list(PARTS),
        format_func=lambda each: f"{PARTS[each].title} ({counts[each]})",
        required=True,
        default="members",
        key="partnership_part",
    )
    sheet = PARTS[part or "members"]
    there = partnerships.sheet(sheet.code, number, now.version)
    rows = there[there["partnership"] == code].iloc[::-1]
    if rows.empty:
        st.info(f"No {sheet.one} has been entered.")
    else:
        st.dataframe(
            for_people(sheet, rows, partnerships.there(now.version)),
            hide_index=True,
            alt=f"{sheet.title} of the partnership",
        )
    if not frame.looking_back():
        partnership_form.part(now, sheet, code, rows)


def edits(found: pd.DataFrame, column: str, title: str) -> pd.DataFrame:
    """A table of edits for people: when, who, and what a column says."""
    return pd.DataFrame(
        {
            "When (UTC)": found["made_at"].dt.strftime("%Y-%m-%d %H:%M"),
            "Who": found["made_by"].map(escaped),
            title: found[column].map(escaped),
        }
    )
