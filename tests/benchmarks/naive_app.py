"""The overview as it is mostly written, for `streamlit run`: data are kept, charts built anew on each run."""

import streamlit as st

from pages.parts import filters, frame
from pages.parts.navigation import pages
from tests.benchmarks import rebuilt

rebuilt.everything()
st.set_page_config(page_title="CPD strategy dashboard", page_icon=str(frame.ICON), layout="wide")
page = st.navigation(pages())
filters.sidebar()
frame.top()
page.run()
frame.foot()
