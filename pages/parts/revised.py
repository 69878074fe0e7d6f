"""Revisions: what changed between two data versions, and by how much."""

import pandas as pd
import streamlit as st

from data_access import history, revisions
from data_access.engine import get_engine, reading
from data_access.files.spreadsheets import csv_bytes
from exports.views import behind, data
from measures import words
from pages.parts import filters, take, whence

LEVELS = {"England": "england", "Regions": "region", "Local authorities": "la"}
WHAT = {"revised": "Revised", "new": "New", "withdrawn": "No longer there"}


@st.cache_resource(max_entries=10, show_spinner="Comparing …")
def changed(before: int, after: int, level: str) -> pd.DataFrame:
    """Figures that differ: data_access.revisions.COLUMNS. Versions never change, so neither does this."""
    with reading(get_engine()) as connection:
        return revisions.between(connection, before, after, level=level)


@st.cache_resource(max_entries=10, show_spinner=False)
def version_before(version: int) -> int | None:
    """The data version before one, None where there is none that can be shown."""
    with reading(get_engine()) as connection:
        versions = history.versions(connection)
    earlier = versions.loc[versions["kept"].astype(bool) & (versions["number"] < version), "number"]
    return int(earlier.max()) if len(earlier) else None


def here(now: filters.Shown) -> None:
    """What changed in the chosen authority since the data version before, in a sentence and as a table."""
    before = version_before(now.version)
    if before is None:
        st.info("This is the first data version: nothing was there before.")
        return
    found = changed(before, now.version, "la")
    found = found[found["area_code"] == now.la]
    made = data.reference(now.version).made_at
    since = f"Data version {now.version} of {filters.day(made)}, against version {before}, all staff and phases"
    if found.empty:
        st.markdown(f"{since}: no figure of {now.la_name} differs.")
        return
    counts = found["what"].value_counts()
    said = words.joined([f"{counts[what]:,} {title.lower()}" for what, title in WHAT.items() if what in counts])
    st.markdown(f"{since}: {words.plural(len(found), 'figure')} of {now.la_name} differ, {said}.")
    with st.expander("Which figures", key="changed_here", on_change="rerun", type="compact") as opened:
        if opened.open:
            st.dataframe(_for_people(found), hide_index=True, alt=f"Figures of {now.la_name} that differ")
            whence.button("changed_here", now.version, behind.named, found, "la", now.version)


def view() -> None:
    """Choose two versions; what the imports between them did, and which figures differ."""
    with reading(get_engine()) as connection:
        versions = history.versions(connection)
    kept = versions[versions["kept"].astype(bool)]
    if len(kept) < 2:
        st.info("There is one data version, so nothing was revised yet. Each import makes a new one.")
        return
    names = {
        int(row.number): f"{row.number} · {row.reason.removeprefix('Imported ')} · {filters.day(row.made_at)}"
        for row in kept.itertuples()
    }
    numbers = list(names)
    then = filters.shown().version
    if "revised_from" not in st.session_state and then in numbers[1:]:
        st.session_state["revised_from"] = then  # who looks back asks what came since
    left, right = st.columns(2)
    with left:
        before = st.selectbox(
            "From data version", numbers[1:], format_func=lambda number: names[number], key="revised_from"
        )
    later = [number for number in numbers if number > before]
    with right:
        after = st.selectbox("To data version", later, format_func=lambda number: names[number], key="revised_to")
    _made_between(before, after)
    st.header("Which figures differ")
    level = LEVELS[
        st.segmented_control("Figures of", list(LEVELS), default="Regions", required=True, key="revised_level")
    ]
    found = changed(before, after, level)
    if found.empty:
        st.info("No published figure of these areas differs. Choose other versions or another level.")
        return
    counts = found["what"].value_counts()
    said = [f"{counts[what]:,} {title.lower()}" for what, title in WHAT.items() if what in counts]
    st.markdown(f"{words.plural(len(found), 'figure')} of all staff and phases: {', '.join(said)}.")
    shown = _for_people(found)
    st.dataframe(shown, hide_index=True, height=420, alt="Figures that differ between the two data versions")
    whence.button("revised", after, behind.named, found, level, after)
    take.download(
        "These figures (CSV)",
        data=lambda: csv_bytes(found),
        file_name=f"revisions_{before}-{after}_{level}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def _made_between(before: int, after: int) -> None:
    st.header("What was done between")
    with reading(get_engine()) as connection:
        made = revisions.summary(connection, before, after)
    shown = pd.DataFrame(
        {
            "Data version": made["version"],
            "When (UTC)": made["made_at"].dt.strftime("%Y-%m-%d %H:%M"),
            "What": made["reason"],
            "New": made["new"],
            "Revised": made["revised"],
            "Unchanged": made["unchanged"],
        }
    )
    st.dataframe(
        shown,
        hide_index=True,
        height="content" if len(shown) < 8 else 300,
        column_config={
            name: st.column_config.NumberColumn(format="localized") for name in ("New", "Revised", "Unchanged")
        },
        alt="What made each data version",
    )


def _for_people(found: pd.DataFrame) -> pd.DataFrame:
    unit = data.reference(data.current_version()).indicators.set_index("code")["unit"]
    units = [unit.get(code, "rate") for code in found["indicator"]]

    def said(name: str) -> list[str]:
        pairs = zip(found[f"value_{name}"], units, found[f"symbol_{name}"], strict=True)
        return [words.number(value, of, symbol) for value, of, symbol in pairs]

    changes = [
        "" if pd.isna(change) else words.difference(change, of)
        for change, of in zip(found["change"], units, strict=True)
    ]
    return pd.DataFrame(
        {
            "What": found["what"].map(WHAT),
            "Indicator": found["short_title"],
            "Area": found["area"],
            "Period": found["period"],
            "Before": said("before"),
            "After": said("after"),
            "Change": changes,
        }
    )
