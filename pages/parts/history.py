"""History: every import, what it did, what was odd about it, and how to take it back."""

import pandas as pd
import streamlit as st

from data_access import history, quality
from data_access.access import Right
from data_access.engine import get_engine, reading
from data_access.errors import DataAccessError
from data_access.files.spreadsheets import csv_bytes
from data_access.undo import undo
from exports.views import data
from measures import words
from pages.parts import filters, looked_at, person, take
from pages.parts.plain import escaped

NONE_YET = "Nothing was imported yet. Choose “Bring in” above to add a file."
OVERVIEW = "pages/monitor/overview.py"
LATEST = 20
COUNTS = ("Rows", "New", "Revised", "Unchanged", "Warnings")


def view() -> None:
    """The imports, newest first, and one of them whole."""
    if "undone" in st.session_state:
        st.success(st.session_state.pop("undone"), icon=":material/undo:")
    with reading(get_engine()) as connection:
        found = history.imports(connection)
    if found.empty:
        st.info(NONE_YET)
        return
    st.header("What came in, and when")
    shown = _for_people(found)
    st.dataframe(
        shown,
        hide_index=True,
        height=390,
        key="history_rows",
        on_select=lambda: _picked(found["id"].tolist()),
        selection_mode="single-row",
        column_config={
            **{name: st.column_config.NumberColumn(format="localized") for name in COUNTS},
            "Import": st.column_config.NumberColumn(width=60),
            "Status": st.column_config.TextColumn(width=110),
            "When (UTC)": st.column_config.TextColumn(width=130),
        },
        alt="Imports, newest first; choosing a row shows the whole import below",
    )
    take.download(
        "This list (CSV)",
        data=lambda: csv_bytes(shown),
        file_name="imports.csv",
        mime="text/csv",
        icon=":material/download:",
        key="history_csv",
        on_click="ignore",
    )
    names = {
        int(row.id): f"{row.id} · {row.file_name} · {filters.day(row.imported_at)}"
        + (" · undone" if pd.notna(row.undone_version) else "")
        for row in found.itertuples()
    }
    if st.session_state.get("history_id") not in names:
        st.session_state["history_id"] = next(iter(names))
    chosen = st.selectbox(
        "Import to look at",
        list(names),
        format_func=lambda number: names[number],
        key="history_id",
        help="Type part of its file's name.",
    )
    _whole(chosen)


def standing_checks() -> None:
    """All warnings of the imports that stand, newest first."""
    st.header("What should be looked at")
    with reading(get_engine()) as connection:
        found = history.imports(connection)
        standing = found[found["undone_version"].isna()]
        warned = standing[standing["checks"] > 0]
        notes = st.toggle("Show notes, too", key="with_notes", help="Notes are good to know; warnings may be mistakes")
        listed = standing if notes else warned
        checks = {row.id: quality.checks(connection, row.id) for row in listed.head(LATEST).itertuples()}
    if not notes:
        checks = {number: [check for check in made if check.severity != "note"] for number, made in checks.items()}
    if not any(checks.values()):
        st.info(
            "No import that stands has a warning. Each import is checked as it comes in; what is found is listed here."
        )
        return
    for row in listed.head(LATEST).itertuples():
        if checks[row.id]:
            st.markdown(f"#### Import {row.id} · {escaped(row.file_name)} · {filters.day(row.imported_at)}")
            looked_at.checks(checks[row.id], f"of_{row.id}")
    if len(listed) > LATEST:
        st.caption(f"The latest {LATEST} of {len(listed):,} imports; History shows the others one by one.")


def _for_people(found: pd.DataFrame) -> pd.DataFrame:
    """What matters first: a phone shows the first two or three."""
    status = [
        "Stands" if pd.isna(row.undone_version) else f"Undone on {filters.day(row.undone_at)} by {row.undone_by}"
        for row in found.itertuples()
    ]
    return pd.DataFrame(
        {
            "Import": found["id"],
            "Status": status,
            "When (UTC)": found["imported_at"].dt.strftime("%Y-%m-%d %H:%M"),
            "File": found["file_name"],
            "Who": found["imported_by"],
            "New": found["new"],
            "Revised": found["revised"],
            "Warnings": found["checks"],
            "Unchanged": found["unchanged"],
            "Rows": found["rows"],
            "Layout": found["layout"],
            "Data version": found["data_version"],
            "Kind": found["kind"],
            "Source": found["source"],
            "Licence": found["licence"],
            "SHA-256": found["sha256"].str[:12],
        }
    )


def _picked(numbers: list[int]) -> None:
    rows = st.session_state["history_rows"]["selection"]["rows"]
    if rows:
        st.session_state["history_id"] = numbers[rows[0]]


def _whole(number: int) -> None:
    """Everything about one import."""
    with reading(get_engine()) as connection:
        about = history.one(connection, number)
        found = quality.checks(connection, number)
        versions = history.versions(connection)
    st.header(f"Import {number}")
    done, version = pd.isna(about["undone_version"]), about["data_version"]
    if not done:
        st.info(
            f"Undone on {filters.day(about['undone_at'])} by {escaped(about['undone_by'])}: its figures count no more. "
            "Bring the file in again to have it back.",
            icon=":material/undo:",
        )
    lines = [
        f"**File**: {escaped(about['file_name'])}, {escaped(about['layout'])} layout, "
        f"{words.plural(int(about['rows']), 'row')} read",
        f"**Brought in** on {filters.day(about['imported_at'])} by {escaped(about['imported_by'])}, "
        f"as data version {version}",
        f"**Did**: {did(about)}",
        f"**Source**: {escaped(about['source'])}; {escaped(about['licence'])}; {about['kind']} figures",
        f"**SHA-256 of the file**: `{about['sha256']}`",
    ]
    st.markdown("\n\n".join(lines))
    kept = set(versions.loc[versions["kept"].astype(bool), "number"])
    with st.container(horizontal=True, vertical_alignment="center"):
        if version - 1 in kept:
            before = {"as_at": str(version - 1)}
            st.page_link(OVERVIEW, label="The overview before it", icon=":material/history:", query_params=before)
        if version in kept and version != data.current_version():
            then = {"as_at": str(version)}
            st.page_link(OVERVIEW, label="The overview just after it", icon=":material/update:", query_params=then)
        st.page_link(OVERVIEW, label="The overview now", icon=":material/dashboard:")
        if done:
            st.button("Undo this import …", icon=":material/undo:", on_click=_ask, args=(number,), key="undo")
    if st.session_state.get("undo_asked") == number and done:
        _confirm(about)
    if about["ignored"]:
        st.markdown("#### Left out")
        st.markdown("\n".join(f"- {escaped(grouped(line))}" for line in about["ignored"]))
    st.markdown("#### Checks")
    looked_at.checks(found, f"import_{number}")
    if about["mapping"]:
        box = st.expander("Mapping", key="history_mapping", on_change="rerun", type="compact")
        with box:
            if box.open:
                st.code(about["mapping"], language="yaml")


def did(about: dict) -> str:
    """What an import changed, in words."""
    if pd.isna(about["new"]):
        return f"{words.plural(int(about['observations']), 'figure')}; what was new was not counted yet then"
    said = [f"{int(about[name]):,} {name}" for name in history.CHANGED if about[name]]
    return ", ".join(said) or "nothing new, revised or unchanged"


def grouped(line: str) -> str:
    """'7260 rows of schools' → '7,260 rows of schools'."""
    count, _, rest = line.partition(" ")
    return f"{int(count):,} {rest}" if count.isdecimal() else line


def _ask(number: int) -> None:
    st.session_state["undo_asked"] = number


def _answered() -> None:
    st.session_state.pop("undo_asked", None)


@st.dialog("Undo this import?", icon=":material/undo:", on_dismiss=_answered)
def _confirm(about: dict) -> None:
    number = int(about["id"])
    st.markdown(
        f"**Import {number}, {escaped(about['file_name'])}: {did(about)}.**\n\n"
        "- What was new with it counts no more.\n"
        "- What it revised goes back to what it was before.\n"
        "- What a later import holds as well stays, as that import's.\n"
        "- It stays in the history as undone, and nothing is deleted: the file can be brought in again.\n\n"
        "Every page shows the result at once, as a new data version."
    )
    by = person.ask("undo_name", Right.load)
    with st.container(horizontal=True):
        sure = st.button("Undo it", type="primary", icon=":material/undo:", key="undo_sure")
        if st.button("Keep it", key="undo_not"):
            _answered()
            st.rerun()
    if sure and not by:
        st.warning(person.NEEDED, icon=":material/edit:")
    elif sure:
        try:
            with st.spinner("Undoing …"):
                undone = undo(get_engine(), number, by)
        except DataAccessError as error:
            st.error(f"**{escaped(error.sentence)}** {escaped(error.remedy)}", icon=":material/error:")
        else:
            _answered()
            st.session_state["undone"] = escaped(str(undone))
            st.rerun()
