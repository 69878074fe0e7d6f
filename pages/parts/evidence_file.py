"""Bring a file of evidence in: the table that the page gives, filled in."""

import streamlit as st

from data_access import access, evidence_files
from data_access.access import Right
from data_access.engine import get_engine
from data_access.errors import DataAccessError
from data_access.files.opening import open_table
from data_access.jobs import Received
from measures import words
from pages.parts import evidence_form, looked_at, person


def bring_in() -> None:
    """The file, who brings it, and what became of it."""
    with st.expander("Bring entries in from a file", key="evidence_in", on_change="rerun", type="compact") as box:
        if not box.open:
            return
        st.markdown(
            "Take “These entries (CSV)”, fill it in, and bring it back as CSV or as a workbook of one sheet. "
            "A line without a code is a new entry; a line with one changes that entry. What the file leaves out stays."
        )
        number = st.session_state.setdefault("evidence_files", 0)
        key, may = f"evidence_file_{number}", access.viewer().may(Right.edit)
        sent = st.file_uploader("File of entries", type=["csv", "xlsx"], key=key, disabled=not may)
        by = person.ask("evidence_file_name")
        if not st.button("Bring it in", icon=":material/upload_file:", key="evidence_file_go", disabled=sent is None):
            return
        if not by:
            st.warning(person.NEEDED, icon=":material/edit:")
            return
        file = Received(sent.name, sent)
        try:
            taken = evidence_files.bring_in(get_engine(), open_table(file.path, file.name), by)
        except DataAccessError as error:
            looked_at.refusal(error, "evidence_file")
            return
        finally:
            file.forget()
        st.session_state["evidence_files"] = number + 1
        st.session_state[evidence_form.SAID] = (
            f"{words.plural(len(taken.new), 'new entry', 'new entries')}, {len(taken.changed)} changed, "
            f"{taken.same} as they were."
        )
        st.rerun()
