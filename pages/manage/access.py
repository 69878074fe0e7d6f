"""Access: who may what, and who did what?"""

import streamlit as st

from data_access import access
from pages.parts import audited, roles

st.title("Who may what, and who did what?")
if access.sign_in_is_on():
    access.require_administrator()
    roles.view()
    audited.view()
else:
    st.info(
        "Nobody signs in here: whoever reaches this address may see and change all that you may. Roles and the audit "
        "are for whoever runs this service, on its machine: `python -m data_access roles` and `audit`. docs/deploy.md "
        "says how to turn sign-in on; roles are then given here.",
        icon=":material/lock_open:",
    )
