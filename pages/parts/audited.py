"""The audit: who did what, newest first, and as a file."""

import pandas as pd
import streamlit as st

from data_access import audit
from data_access.audit import Did
from data_access.engine import get_engine, reading
from data_access.files.spreadsheets import csv_bytes
from measures import words
from pages.parts import take

ROWS = 200
MOST = 100_000  # rows of a file
ALL = "Everything"


def view() -> None:
    """The latest rows, narrowed to what was done or to one account."""
    left, right = st.columns(2)
    did = left.selectbox("What was done", [ALL, *(each.value for each in Did)], key="audit_did")
    account = right.text_input("By the account", key="audit_account", max_chars=120, placeholder="Any").strip()
    found = _entries(did, account, ROWS)
    st.subheader(f"The latest {words.plural(len(found), 'entry', 'entries')} of the audit" if len(found) else "Nothing")
    st.caption("Nothing of it can be changed or taken away. Times are UTC.")
    if found.empty:
        st.write("The audit holds nothing of the kind.")
        return
    st.dataframe(_titled(found), hide_index=True, width="stretch")
    take.download(
        "All of it as CSV",
        lambda: csv_bytes(_titled(_entries(did, account, MOST))),
        "audit.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
        key="audit_csv",
    )


def _entries(did: str, account: str, limit: int) -> pd.DataFrame:
    with reading(get_engine()) as connection:
        return audit.entries(connection, did=None if did == ALL else did, account=account or None, limit=limit)


def _titled(found: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "When": found["made_at"].dt.strftime("%Y-%m-%d %H:%M:%S"),
            "Account": found["account"],
            "Did": found["did"],
            "About": found["about"],
        }
    )
