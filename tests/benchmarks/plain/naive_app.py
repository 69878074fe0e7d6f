"""The overview as it is mostly written, for `streamlit run`: data are kept, charts built anew on each run."""

import streamlit as st

from pages.parts import filters, frame, pin
from pages.parts.navigation import pages
from tests.benchmarks import links, rebuilt

links.as_from_the_dashboard()
rebuilt.everything()
st.set_page_config(page_title="CPD strategy dashboard", page_icon=str(frame.ICON), layout="wide")
page = st.navigation(pages())
filters.sidebar()
frame.top()
page.run()
frame.foot()
pin.dialog(page.url_path)
