"""What is asked before an entry of a register is taken away: inside a dialog, the same for every register."""

from collections.abc import Callable

import streamlit as st

from data_access.errors import DataAccessError
from pages.parts import person
from pages.parts.plain import escaped


def taken(what: str, key: str, take: Callable[[str], object], answered: Callable[[], None]) -> bool:
    """Whether it has just been taken away: what that means, who does it, and the two buttons.

    what: the entry, as Markdown; key: begins the keys of the widgets; take: takes it away in the name of the person
    given, raising DataAccessError where it cannot; answered: forgets that it was asked.
    """
    st.markdown(f"{what} counts no more then. What it was is kept in the history of the register.")
    by = person.ask(f"{key}_away_name")
    with st.container(horizontal=True):
        sure = st.button("Take it away", type="primary", icon=":material/delete:", key=f"{key}_away_sure")
        if st.button("Keep it", key=f"{key}_away_not"):
            answered()
            st.rerun()
    if sure and not by:
        st.warning(person.NEEDED, icon=":material/edit:")
    elif sure:
        try:
            take(by)
        except DataAccessError as error:
            st.error(f"**{escaped(error.sentence)}** {escaped(error.remedy)}", icon=":material/error:")
        else:
            answered()
            return True
    return False
