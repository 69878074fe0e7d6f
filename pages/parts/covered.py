"""Coverage: who reported what, and who stopped."""

from functools import partial

import pandas as pd
import streamlit as st

from charts import coverage as chart
from charts.figure import Figure
from data_access import coverage
from data_access.engine import get_engine, reading
from data_access.files.spreadsheets import csv_bytes
from exports.kept import kept
from exports.shown import Shown
from exports.views import behind, data, figures
from pages.parts import filters, show, take, whence

ALL_INDICATORS = "all"
LEVELS = {"Regions": "region", "Local authorities": "la"}


@kept(20)
def grid(now: Shown, indicator: str | None, level: str) -> pd.DataFrame:
    """Coverage of an indicator in all periods, or of all indicators in the chosen one."""
    period = now.period if indicator is None else None
    with reading(get_engine()) as connection:
        return coverage.grid(
            connection, indicator=indicator, period=period, level=level, region=_region(now, level), as_at=now.version
        )


@kept(20)
def figure(now: Shown, indicator: str | None, level: str) -> Figure:
    """The same as a heat table."""
    frame = grid(now, indicator, level)
    place = now.region_name if level == "la" and now.region_name else "England"
    context = figures.context(now, frame.iloc[:0], indicator, place=place)
    return (chart.by_indicator if indicator is None else chart.over_time)(frame, context)


@kept(10)
def stopped(now: Shown) -> pd.DataFrame:
    """Which authorities have not reported that reported before, in any period: data_access.coverage.GAPS."""
    with reading(get_engine()) as connection:
        return coverage.gaps(coverage.grid(connection, level="la", region=now.region, as_at=now.version))


def _region(now: Shown, level: str) -> str | None:
    return now.region if level == "la" else None


def view() -> None:
    """The heat table of what was chosen, and who stopped reporting."""
    now = filters.shown()
    known = data.reference(now.version)
    titles = {ALL_INDICATORS: f"All indicators, {now.period_label}"}
    titles |= {
        row.code: f"{row.outcome} {row.short_title}" if row.outcome else row.short_title
        for row in known.indicators.itertuples()
    }
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    with left:
        chosen = st.selectbox(
            "Coverage of", list(titles), format_func=lambda code: titles[code], key="coverage_of",
            help="One indicator is shown in every period, all of them in the period chosen in the sidebar.",
        )  # fmt: skip
    with right:
        level = LEVELS[
            st.segmented_control(
                "Coverage by", list(LEVELS), default="Local authorities" if now.region else "Regions", required=True,
                key=f"coverage_by_{bool(now.region)}",
            )
        ]  # fmt: skip
    indicator = None if chosen == ALL_INDICATORS else chosen
    if indicator is None and level == "la" and now.region is None:
        st.info(
            "All indicators in all 152 local authorities do not fit one table. Choose a region in the sidebar, or one "
            "indicator above."
        )
    elif grid(now, indicator, level).empty:
        st.info("There are no figures of this yet. Choose another indicator, or bring figures in.")
    else:
        rows = partial(behind.named, grid(now, indicator, level), level, now.version)
        show.figure(figure(now, indicator, level), f"coverage_{level}", version=now.version, rows=rows)
    _stopped(now, indicator)


def _stopped(now: Shown, indicator: str | None) -> None:
    st.header("Who stopped reporting")
    gaps = stopped(now)
    gaps = gaps if indicator is None else gaps[gaps["indicator"] == indicator]
    if gaps.empty:
        st.markdown(
            "No authority: each that reported once reported in every later period in which the indicator was collected."
        )
        return
    frame = gaps[["area", "region", "short_title", "period", "last_period", "last_units"]].rename(
        columns={
            "area": "Local authority",
            "region": "Region",
            "short_title": "Indicator",
            "period": "Nothing for",
            "last_period": "Last reported for",
            "last_units": "Returns then",
        }
    )
    wide = {"Local authority": st.column_config.TextColumn(width=260)}
    st.dataframe(
        frame, hide_index=True, height="auto", column_config=wide, alt="Local authorities that stopped reporting"
    )
    last = gaps[["indicator", "area_code", "area"]].assign(period=gaps["last_period"])
    whence.button("stopped", now.version, behind.named, last, "la", now.version)
    take.download(
        "This list (CSV)",
        data=lambda: csv_bytes(frame),
        file_name="stopped-reporting.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )
