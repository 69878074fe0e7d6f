"""Show a figure: headline, chart, source, table twin and its files; the same figure makes all of them."""

from collections.abc import Callable, Hashable
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st

from charts.figure import Figure
from exports.kept import kept
from pages.parts import chart_menu, filters, plain, whence

LONG_TABLE = 40


def dark() -> bool:
    """True where the reader's theme is dark."""
    return st.context.theme.type == "dark"


def figure(
    shown: Figure,
    key: str,
    *,
    version: int,
    level: int = 2,
    on_select: Callable[[], None] | None = None,
    draw: Callable[[], Any] | None = None,
    alone: bool = True,
    rows: Callable[[], pd.DataFrame] | None = None,
) -> None:
    """The figure with its words and menu. draw: draws it (a map) in place of the chart; level: of its heading.

    alone: False where the page says once, for several figures, what each shows, how to read it and whence it comes.
    rows: makes the figures that it is drawn from (exports.views.behind.ROW), where its origin does not name them.
    """
    st.markdown(f"{'#' * level} {plain.unmarked(shown.headline)}")
    if alone:
        st.caption(plain.unmarked(shown.subtitle))
    if draw is not None:
        draw()
    else:
        spec, own = (shown.dark, shown.dark_rows) if dark() else (shown.spec, shown.rows)
        # A chart of nothing has nothing to select, and Streamlit refuses a selection that is not in the spec.
        selects = on_select and any(param["name"] == "pick" for param in spec.get("params", []))
        picks: dict[str, Any] = {"on_select": on_select, "selection_mode": "pick"} if selects else {}
        if own is not None:  # else Streamlit makes them anew at each redraw, which takes longer than the page
            spec = {name: part for name, part in spec.items() if name != "data"}
        st.vega_lite_chart(own, spec, theme=None, key=_picking(key) if selects else key, alt=shown.alt, **picks)
    if alone:
        st.caption(plain.unmarked(f"{shown.notes} {shown.source}".strip()))
    with st.container(gap="xxsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            chart_menu.button(shown, key, version)
            if rows is not None:
                whence.button(key, version, rows)
            elif shown.origin:
                whence.of_origin(shown.origin, key, version)
        table(shown, key)  # below the others: open, it takes the whole width


def table(shown: Figure, key: str) -> None:
    """The table twin; it is made, and its rows are sent, only once it is open."""
    with st.expander("Table", key=f"{key}_table", on_change="rerun", type="compact") as twin:
        if twin.open:
            frame = shown.table
            if len(frame) <= LONG_TABLE:
                st.table(
                    frame.map(lambda cell: plain.unmarked(cell) if isinstance(cell, str) else cell), hide_index=True
                )
            else:
                kind = "Illustrative data" if shown.context and shown.context.illustrative else "Published data"
                st.dataframe(frame.assign(**{"Kind of data": kind}), hide_index=True, alt=f"Table: {shown.headline}")


def brief(make: Callable[..., pd.DataFrame], *asked: Hashable) -> None:
    """A short table of what a function makes of what it is asked: as it is sent, it is made once."""
    st.table(_as_sent(make, *asked), hide_index=True)


@kept(200)
def _as_sent(make: Callable[..., pd.DataFrame], *asked: Hashable) -> pa.Table:
    return pa.Table.from_pandas(make(*asked), preserve_index=False)


def sentences(found: list[str], none: str, *, under: str = "") -> None:
    """Findings as a list, or why there are none; under a heading."""
    heading = f"## {under}\n\n" if under else ""
    st.markdown(heading + ("\n".join(f"- {sentence}" for sentence in found) if found else none))


def _picking(key: str) -> str:
    """The key of a chart that a click chooses from: another for each place, so that nothing is chosen in it yet.

    A click on what is chosen already is none: a place that was let go in the sidebar could not be chosen again.
    """
    return f"{key}_{filters.shown().area_code}"


def pick(key: str, level: str) -> Callable[[], None]:
    """A callback for a chart whose selection named 'pick' holds an area_code: a click chooses the area."""

    chart = _picking(key)

    def picked() -> None:
        rows = st.session_state[chart]["selection"].get("pick", [])
        for row in rows:
            code = row.get("area_code")
            if code:
                filters.choose(region=code) if level == "region" else filters.choose(la=code)

    return picked
