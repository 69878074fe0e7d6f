"""Chart builder: the chart I need, in the format I need."""

import streamlit as st

from exports import chart_choice
from exports.views.built import built, nothing
from pages.parts import chart_address, chart_controls, chart_preview, filters

now = filters.shown()

st.title("Which chart do you need?")
st.caption(filters.line())
above = st.container(key="built_above")
controls, preview = st.columns([2, 5], gap="large")
with controls:
    asked = chart_controls.choose(now)
with above:
    chart_address.trouble()
with preview:
    chart = built(now, **chart_choice.options(asked))  # type: ignore[arg-type]
    if chart is None:
        st.info(nothing(now, asked), icon=":material/insert_chart:")
    else:
        chart_preview.draw(chart, now, asked)
