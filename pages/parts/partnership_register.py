"""The partnership register on a page: filtered, listed, one partnership whole."""

import streamlit as st

from exports.shown import Shown
from exports.views import data, partnerships
from pages.parts import filters


def line(now: Shown) -> str:
    """What the page shows, in words."""
    made_at = data.reference(now.version).made_at
    as_at = f"as at the end of {now.period_label}"
    return " · ".join([partnerships.summary(now), as_at, f"data version {now.version}, {filters.day(made_at)}"])


def view(now: Shown) -> None:
    """The register."""
    st.markdown(f"## {len(partnerships.register(now).partnerships)} partnerships")
