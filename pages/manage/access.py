"""Access: who may what, and who did what?"""

import streamlit as st

from data_access import access
from data_access.access import Right
from pages.parts import audited, roles

st.title("Who may what, and who did what?")
access.require(Right.administer)
if not access.sign_in_is_on():
    st.info(
        "Nobody signs in here, so roles count for nothing yet: whoever reaches this address may all of it. "
        "docs/deploy.md says how to turn sign-in on.",
        icon=":material/lock_open:",
    )
roles.view()
audited.view()
