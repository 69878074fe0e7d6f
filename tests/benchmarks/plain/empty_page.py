"""A page with one line, for plain `streamlit run`, with its defaults: no app that it could serve instead."""

import streamlit as st

st.title("Nothing")
