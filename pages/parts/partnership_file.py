"""The register's files: out as CSV and workbook, and in again; what was done to it last."""

from datetime import date

import pandas as pd
import streamlit as st

from data_access import access
from data_access.access import Right
from data_access.engine import get_engine, reading
from data_access.errors import DataAccessError
from data_access.files.opening import open_tables
from data_access.jobs import Received
from data_access.partnerships import entries, incoming
from data_access.partnerships.fields import BY_CODE
from data_access.partnerships.files import COVER
from exports import partnerships as files
from exports.shown import Shown
from exports.views import partnerships
from measures import words
from pages.parts import looked_at, partnership_sheet, person, take

FILES = "partnership_files"


def downloads(now: Shown, found: pd.DataFrame) -> None:
    """What the filters leave: one sheet as CSV, or all as a workbook."""
    codes = set(found["Code"])
    with st.expander("Take these partnerships out", key="partnership_out", on_change="rerun", type="compact") as box:
        if not box.open:
            return
        st.markdown("All sheets in one workbook, or one sheet as CSV. Both can be filled in and brought back.")
        take.download(
            "Workbook (XLSX)",
            data=lambda: files.register_workbook(_cover(now, found), _tables(now, codes)),
            file_name=files.file_name("", now.area, now.period_label, "xlsx"),
            mime=files.MIME,
            icon=":material/download:",
            key="partnership_xlsx",
            on_click="ignore",
        )
        sheet = st.selectbox(
            "Sheet", list(BY_CODE), format_func=lambda code: BY_CODE[code].title, key="partnership_out_sheet"
        )
        take.download(
            f"{BY_CODE[sheet].title} (CSV)",
            data=lambda: files.sheet_csv(_tables(now, codes)[sheet]),
            file_name=files.file_name(sheet, now.area, now.period_label, "csv"),
            mime="text/csv",
            icon=":material/download:",
            key="partnership_csv",
            on_click="ignore",
        )


def _tables(now: Shown, codes: set[str]) -> dict[str, pd.DataFrame]:
    number = partnerships.edit_shown(now.version)
    sheets = {code: partnerships.sheet(code, number, now.version) for code in BY_CODE}
    return files.tables(sheets, codes, partnerships.there(now.version))


def _cover(now: Shown, found: pd.DataFrame) -> dict[str, str]:
    invented = int((found["Kind of entry"] == "Illustrative").sum())
    return {
        "Title": f"Partnerships that bear on {now.area}",
        "As at": f"The end of {now.period_label}; rows are as the register says them now",
        "Partnerships": words.plural(len(found), "partnership"),
        "Exported": date.today().isoformat(),
        "Kind of data": f"{invented} of {len(found)} are illustrative: invented, they say nothing about any real place "
        "or school.",
        "To bring it back": "Change cells, or add lines without a code or number; sheets may be left out.",
        "Personal data": "None: the register holds roles and organisations.",
    }


def bring_in() -> None:
    """The files, who brings them, and what became of them."""
    with st.expander("Bring partnerships in", key="partnership_in", on_change="rerun", type="compact") as box:
        if not box.open:
            return
        st.markdown(
            "Take the workbook or a sheet, fill it in, and bring it back. A line without a code or number is new; one "
            "with it changes that row. What the file leaves out stays. No names of persons, please: organisations and "
            "roles only."
        )
        number = st.session_state.setdefault(FILES, 0)
        key, may = f"partnership_file_{number}", access.viewer().may(Right.edit)
        sent = st.file_uploader("File of partnerships", type=["csv", "xlsx"], key=key, disabled=not may)
        by = person.ask("partnership_file_name")
        if not st.button("Bring it in", icon=":material/upload_file:", key="partnership_go", disabled=sent is None):
            return
        if not by:
            st.warning(person.NEEDED, icon=":material/edit:")
            return
        file = Received(sent.name, sent)
        try:
            taken = incoming.bring_in(get_engine(), open_tables(file.path, file.name, but=(COVER,)), by)
        except DataAccessError as error:
            looked_at.refusal(error, "partnership_file")
            return
        finally:
            file.forget()
        st.session_state[FILES] = number + 1
        new = words.plural(taken.new, "new row")
        st.session_state["done"] = f"{new}, {taken.changed} changed, {taken.same} as they were."
        st.rerun()


def latest_edits() -> None:
    """Who did what to the register, the latest first."""
    with st.expander("History of the register", key="partnerships_history", on_change="rerun", type="compact") as box:
        if box.open:
            with reading(get_engine()) as connection:
                found = entries.changes(connection)
            st.table(partnership_sheet.edits(found, "reason", "What"), hide_index=True)
