"""The evidence register on a page: filtered, listed, one entry whole, its history, and its files.

The entry that is chosen stands in the address as ?evidence=CODE.
"""

from datetime import date

import pandas as pd
import streamlit as st

from data_access import evidence as registered
from data_access.engine import get_engine, reading
from exports import evidence as files
from exports.shown import Shown
from exports.views import data, evidence
from measures import changes, words
from measures.strength import KINDS, STRENGTHS, response_words
from pages.parts import evidence_form, filters, frame, take
from pages.parts.plain import escaped, unmarked

ANY_OUTCOME, ANY_KIND, ANY_STRENGTH = "All outcomes", "All kinds", "All strengths"
NONE_CHOSEN = ""
ROW = 35  # pixels of a row of a table
LIST = "evidence_list"
ILLUSTRATIVE = "Illustrative: it is invented and says nothing about any real place."


def line(now: Shown) -> str:
    """What the page shows, in words."""
    known = data.reference(now.version)
    parts = [evidence.summary(now), f"strength as at the end of {now.period_label}"]
    return " · ".join([*parts, f"data version {now.version}, {filters.day(known.made_at)}"])


def outcome_labels(now: Shown) -> dict[str, str]:
    """An outcome's code → code and title."""
    return {row.code: f"{row.code} {row.title}" for row in data.reference(now.version).outcomes.itertuples()}


def filtered(now: Shown) -> pd.DataFrame:
    """Draw the filters; the entries that bear on the chosen area and pass them, the latest first."""
    outcomes = outcome_labels(now)
    choices = {
        "outcome": ({NONE_CHOSEN: ANY_OUTCOME, **outcomes}, 380),
        "kind": ({NONE_CHOSEN: ANY_KIND, **KINDS}, 170),
        "strength": ({NONE_CHOSEN: ANY_STRENGTH, **STRENGTHS}, 160),
    }
    for key, (labels, _) in choices.items():
        first = labels[NONE_CHOSEN]
        filters.understand(
            key, list(labels.values()), key, first, {code: said for code, said in labels.items() if code}
        )
    asked: dict[str, str] = {}
    with st.container(horizontal=True):
        for key, (labels, width) in choices.items():
            said = st.selectbox(
                key.capitalize(),
                list(labels.values()),
                key=key,
                width=width,
                bind="query-params",
                on_change=filters.forget_notices,
            )
            asked[key] = {label: code for code, label in labels.items()}[said]
    found = evidence.bearing(now)
    if asked["outcome"]:
        found = found[found["outcomes"].map(lambda codes: asked["outcome"] in codes).astype(bool)]
    for key in ("kind", "strength"):
        found = found[found[key] == asked[key]] if asked[key] else found
    return found


def listed(now: Shown, found: pd.DataFrame) -> None:
    """The entries as a table, a row of which chooses one; why there is none."""
    everyone = len(evidence.bearing(now))
    total = words.plural(everyone, "entry", "entries")
    st.markdown(f"## {f'{len(found)} of {total}' if len(found) < everyone else total}")
    if found.empty:
        why = "No entry passes these filters. Change the outcome, the kind or the strength."
        nothing = f"No evidence in the register bears on {now.area} yet. Choose a wider area, or add an entry."
        st.info(why if everyone else nothing)
        return
    st.caption("Choose a row to read the entry.")
    codes = found["code"].tolist()
    st.dataframe(
        _for_people(found),
        hide_index=True,
        key=LIST,
        on_select=lambda: _row_picked(codes),
        selection_mode="single-row",
        height=min(520, ROW * (len(found) + 1) + 3),
        column_config={
            "Evidence": st.column_config.TextColumn(pinned=True, width=270),
            "Response": st.column_config.TextColumn(width=150),
        },
        alt=f"Evidence that bears on {now.area}, an entry of which can be chosen",
    )


def _for_people(found: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Evidence": found["title"],
            "Strength": found["strength"].map(STRENGTHS),
            "Kind": found["kind"].map(KINDS),
            "Outcomes": found["outcomes"].map(", ".join),
            "When": [days(row) for row in found.to_dict("records")],
            "Response": [response_words(row["invited"], row["responded"]) for row in found.to_dict("records")],
            "Organisation": found["organisation"],
            "Code": found["code"],
            "Kind of entry": found["illustrative"].map({True: "Illustrative", False: "Real"}),
        }
    )


def days(about: dict) -> str:
    """'11 January 2010 to 26 February 2010'; one day where it is one, or 'since' where it is not over."""
    began, ended = about["began"], about["ended"]
    if ended is None:
        return f"since {words.day(began)}"
    return words.day(began) if began == ended else f"{words.day(began)} to {words.day(ended)}"


# The entry that is chosen --------------------------------------------------------------------------------


def _choose(code: str | None) -> None:
    """Put an entry into the address, or take it out; for callbacks."""
    filters.forget_notices()
    if code:
        st.query_params["evidence"] = code
    elif "evidence" in st.query_params:
        del st.query_params["evidence"]


def _row_picked(codes: list[str]) -> None:
    rows = st.session_state[LIST]["selection"]["rows"]
    if rows and rows[0] < len(codes):
        _choose(codes[rows[0]])


def entry(now: Shown) -> None:
    """The box to choose an entry in, and the entry that the address names, whatever the filters leave.

    Where it names what is no entry, a line says so.
    """
    there = evidence.everything(now)
    names = dict(zip(there["code"], there["code"] + " " + there["title"], strict=True))
    given = st.query_params.get("evidence", NONE_CHOSEN).strip()
    code = next((code for code in names if code.lower() == given.lower()), NONE_CHOSEN)
    if given and not code:
        said = given if len(given) <= 40 else f"{given[:40]}…"
        st.warning(f"“{escaped(said)}” is not in the register now; no entry is chosen.", icon=":material/help:")
    st.session_state["evidence_choice"] = code
    st.selectbox(
        "Entry",
        [NONE_CHOSEN, *names],
        format_func=lambda each: names.get(each, "None chosen"),
        key="evidence_choice",
        on_change=lambda: _choose(st.session_state["evidence_choice"]),
        help="Type part of its title, or its code.",
    )
    if code:
        _whole(now, there[there["code"] == code].iloc[0].to_dict())


def _whole(now: Shown, about: dict) -> None:
    """Everything about one entry, the ways to change it, and who changed what."""
    names, outcomes = evidence.area_names(now.version), outcome_labels(now)
    st.markdown(f"### {about['code']} {unmarked(about['title'])}")
    st.caption(
        " · ".join([KINDS[about["kind"]], escaped(about["organisation"]), days(about)])
        + (f" · {ILLUSTRATIVE}" if about["illustrative"] else "")
    )
    st.markdown(f"**What it found.** {escaped(about['found'])}")
    st.markdown(f"**{STRENGTHS[about['strength']]}**: {about['why']}.")
    lines = {
        "Method": escaped(about["method"]),
        "Sample": escaped(about["sample"]),
        "Response": response_words(about["invited"], about["responded"]),
        "Outcomes": "; ".join(escaped(outcomes.get(code, code)) for code in about["outcomes"]),
        "Areas": escaped(words.joined([names.get(code, code) for code in about["areas"]])),
        "Source": escaped(about["source"]),
    }
    st.markdown("\n".join(f"- **{title}**: {said}" for title, said in lines.items()))
    if not frame.looking_back():
        evidence_form.ways(about)
    with st.expander("History of this entry", key="entry_history", on_change="rerun", type="compact") as box:
        if box.open:
            with reading(get_engine()) as connection:
                found = changes.said(registered.history(connection, about["code"]), registered.TITLES)
            st.table(_edits(found, "what", "What changed"), hide_index=True)


def latest_edits() -> None:
    """Who did what to the register, the latest first."""
    with st.expander("History of the register", key="register_history", on_change="rerun", type="compact") as box:
        if box.open:
            with reading(get_engine()) as connection:
                found = registered.changes(connection)
            st.table(_edits(found, "reason", "What"), hide_index=True)


def _edits(found: pd.DataFrame, column: str, title: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "When (UTC)": found["made_at"].dt.strftime("%Y-%m-%d %H:%M"),
            "Who": found["made_by"].map(escaped),
            title: found[column].map(escaped),
        }
    )


def downloads(now: Shown, found: pd.DataFrame) -> None:
    """What the filters leave, as CSV and as a workbook."""
    names = evidence.area_names(now.version)
    kinds = {
        "csv": ("text/csv", lambda: files.evidence_csv(found, names)),
        "xlsx": (files.MIME, lambda: files.evidence_workbook(_cover(now, found), found, names)),
    }
    for kind, (mime, make) in kinds.items():
        take.download(
            f"These entries ({kind.upper()})",
            data=make,
            file_name=files.file_name(now.area, now.period_label, kind),
            mime=mime,
            icon=":material/download:",
            key=f"evidence_{kind}",
            on_click="ignore",
        )


def _cover(now: Shown, found: pd.DataFrame) -> dict[str, str]:
    asked = {key: st.session_state.get(key, "") for key in ("outcome", "kind", "strength")}
    invented = int(found["illustrative"].sum())
    return {
        "Title": f"Evidence that bears on {now.area}",
        "What": "What was gathered and found, and how strong it is.",
        "Area": f"{now.area} ({now.area_code})",
        **{key.capitalize(): said for key, said in asked.items()},
        "Strength as at": f"The end of {now.period_label}",
        "Entries": evidence.summary(now),
        "Listed here": words.plural(len(found), "entry", "entries"),
        "Data version": f"{now.version}, {filters.day(data.reference(now.version).made_at)}",
        "Exported": date.today().isoformat(),
        "Kind of data": f"{invented} of {len(found)} entries are illustrative: invented, they say nothing about any "
        "real place or school.",
        "Sheets": "Evidence: a line an entry. Rule of strength: what makes an entry strong, moderate or limited.",
    }
