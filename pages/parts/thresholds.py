"""The limits behind judgements, markers and suppression, as they hold at a data version."""

import pandas as pd
import streamlit as st

from data_access import thresholds, versions
from data_access.engine import get_engine, reading
from exports.views import data
from measures.thresholds import THRESHOLDS


@st.cache_resource(max_entries=4, show_spinner=False)
def listed(version: int) -> pd.DataFrame:
    """Every threshold, and those of single indicators: data_access.thresholds.listed."""
    with reading(get_engine()) as connection:
        return thresholds.listed(connection, versions.earlier(connection, version))


def for_all(version: int) -> dict[str, str]:
    """Threshold → its value in words for indicators without one of their own."""
    rows = listed(version)
    rows = rows[rows["applies_to"] == thresholds.ALL]
    return dict(zip(rows["name"], rows["value"], strict=True))


def table(version: int) -> pd.DataFrame:
    """The thresholds for people: one a row, with the indicators that have their own value."""
    rows, overall = listed(version), for_all(version)
    own = rows[rows["applies_to"] != thresholds.ALL]
    titles = data.reference(version).indicators.set_index("code")["short_title"]
    said = [
        "; ".join(f"{titles[row.applies_to]}: {row.value}" for row in own[own["name"] == name].itertuples())
        for name in THRESHOLDS
    ]
    return pd.DataFrame(
        {
            "Threshold": [about.title for about in THRESHOLDS.values()],
            "For all": [overall[name] for name in THRESHOLDS],
            "Own value": [each or "none" for each in said],
            "Meaning": [about.meaning for about in THRESHOLDS.values()],
        }
    )
