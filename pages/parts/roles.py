"""The roles that accounts were given here: listed, given, taken."""

import pandas as pd
import streamlit as st

from data_access import accounts
from data_access.access import Role
from data_access.engine import get_engine, reading
from data_access.errors import DataAccessError
from data_access.settings import settings
from exports.views import data
from measures import words
from pages.parts import filters, person
from pages.parts.plain import escaped

TITLES = {
    Role.viewer: "Viewer",
    Role.la_officer: "Local-authority officer",
    Role.national_analyst: "National analyst",
    Role.editor: "Editor",
    Role.administrator: "Administrator",
}
MAY = {
    Role.viewer: "sees England, regions and local authorities",
    Role.la_officer: "sees the schools of one local authority, too",
    Role.national_analyst: "sees every school, loads and undoes figures, sets thresholds",
    Role.editor: "edits the plan, the evidence, partnerships and meetings",
    Role.administrator: "may all of it, gives roles and reads the audit",
}


def view() -> None:
    """The roles as they stand, a form to give one, a button to take one."""
    with reading(get_engine()) as connection:
        found = accounts.roles(connection)
    names = data.reference(filters.shown().version).authorities.set_index("code")["name"].to_dict()
    st.subheader(f"{words.plural(found['account'].nunique(), 'account')} with a role given here")
    st.caption("The provider may give others with its own claim. A role taken counts no more at the next click.")
    if len(found):
        _listed(found, names)
    left, right = st.columns(2)
    with left, st.expander("Give a role", key="role_give", type="compact", icon=":material/person_add:"):
        _give(names)
    with right, st.expander("Take a role", key="role_take", type="compact", icon=":material/person_remove:"):
        _take(found, names)


def title(role: str, la_code: str | None, names: dict[str, str]) -> str:
    """A role in words: 'Local-authority officer, Camden'."""
    return TITLES[Role(role)] + (f", {names.get(la_code, la_code)}" if la_code else "")


def _listed(found: pd.DataFrame, names: dict[str, str]) -> None:
    shown = pd.DataFrame(
        {
            "Account": found["account"],
            "Role": [title(role, code, names) for role, code in zip(found["role"], found["la_code"], strict=True)],
            "Since": found["made_at"].dt.strftime("%d %B %Y"),
            "Given by": found["made_by"],
        }
    )
    st.dataframe(shown, hide_index=True, width="stretch")


def _give(names: dict[str, str]) -> None:
    codes = [None, *sorted(names, key=names.__getitem__)]
    with st.form("give_role", border=False):
        account = st.text_input(f"Account, as the provider says it in “{settings().sign_in_account}”", max_chars=120)
        role = st.selectbox("Role", list(Role), format_func=lambda each: f"{TITLES[each]}: {MAY[each]}")
        la_code = st.selectbox(
            "Local authority, of an officer", codes, format_func=lambda code: names[code] if code else "None"
        )
        by = person.ask("role_give_name")
        asked = st.form_submit_button("Give it", type="primary", icon=":material/check:")
    if asked and not by:
        st.warning(person.NEEDED, icon=":material/edit:")
    elif asked:
        try:
            given = accounts.give(get_engine(), account, role, la_code, by=by)
        except DataAccessError as error:
            st.error(f"**{error.sentence}** {error.remedy}", icon=":material/error:")
            return
        st.toast("Given: it counts at once." if given else "The account has that role already.")
        st.rerun()


def _take(found: pd.DataFrame, names: dict[str, str]) -> None:
    if found.empty:
        st.write("There is none to take.")
        return
    rows = {int(row.id): row for row in found.itertuples()}
    with st.form("take_role", border=False):
        key = st.selectbox(
            "Which",
            list(rows),
            format_func=lambda key: f"{rows[key].account}: {title(rows[key].role, rows[key].la_code, names)}",
        )
        by = person.ask("role_take_name")
        asked = st.form_submit_button("Take it", type="primary", icon=":material/remove_circle:")
    if asked and not by:
        st.warning(person.NEEDED, icon=":material/edit:")
    elif asked:
        try:
            accounts.withdraw(get_engine(), key, seen=int(rows[key].seen), by=by)
        except DataAccessError as error:
            st.error(f"**{error.sentence}** {error.remedy}", icon=":material/error:")
            return
        st.toast(f"Taken from {escaped(rows[key].account)}.")
        st.rerun()
