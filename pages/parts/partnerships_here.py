"""What there is of partnership work for the chosen area, on the pages about places."""

import streamlit as st

from exports.shown import Shown
from exports.views import partnerships
from pages.parts.plain import unmarked

PAGE = "pages/places/partnerships.py"


def here(now: Shown) -> None:
    """Its sentences, and the way to the page."""
    st.header("Partnerships")
    st.markdown(unmarked(" ".join(partnerships.sentences(now))))
    st.page_link(PAGE, label="Who works with whom", icon=":material/handshake:")
