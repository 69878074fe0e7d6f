"""Where does this number come from? A small button beside every figure, and one dialog a page that it opens.

The first click lists the figures that stand there, and tells of the first; the second click chooses another. An
address with ?from=indicator/area/period opens the dialog, too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import ParamSpec

import pandas as pd
import streamlit as st

from data_access.errors import DataAccessError
from data_access.provenance import Cell, Provenance
from exports import entered, provenance
from exports.entered import Entered
from exports.shown import Shown
from exports.views import behind, data
from measures import words
from pages.parts import address, define, dialogs, filters, take
from pages.parts.plain import escaped, unmarked

P = ParamSpec("P")
LABEL, ICON = "Where from?", ":material/account_tree:"
HISTORY = {"view": "History"}
DATA = "pages/manage/data.py"
ROWS = 6  # of the list that are in sight
ROW = 35  # pixels of one


@dataclass(frozen=True)
class Asked:
    """rows: makes the list of figures (exports.views.behind.ROW) once the dialog is open; version: the data version."""

    rows: Callable[[], pd.DataFrame]
    version: int


def button(key: str, version: int, rows: Callable[P, pd.DataFrame], *args: P.args, **kwargs: P.kwargs) -> None:
    """Opens the dialog on the figures that `rows` makes when it is called so; nothing is read before."""
    asked = (partial(rows, *args, **kwargs), version)
    st.button(LABEL, key=f"{key}_whence", icon=ICON, type="tertiary", on_click=_open, args=asked)


def of_origin(origin: str, key: str, version: int) -> None:
    """The button of a chart that says what made it; of what people entered it tells at once, without the dialog."""
    if origin.partition("&")[0].removeprefix("view=") not in behind.ENTERED:
        button(key, version, behind.of, origin, version)
    else:
        of_entries(entered.of(origin, version), key)


def of_entries(found: Entered, key: str) -> None:
    """The button of what people entered: whose entries are counted, who wrote them and when, and the way to them."""
    with st.popover(LABEL, icon=ICON, type="tertiary", key=f"{key}_entered"):
        _entered(found, key)


def of_sheet(now: Shown, sheet: str, key: str) -> None:
    """The button of a list or sentence that counts a sheet of the partnership register for the chosen area."""
    of_entries(entered.of_sheet(now, sheet), key)


def _entered(found: Entered, key: str) -> None:
    st.markdown(unmarked(found.sentence))
    for row in found.edits.head(entered.LATEST).itertuples():
        st.markdown(
            f"**{words.plural(row.entries, *found.names)}** last changed on {filters.day(row.made_at)} "
            f"by {escaped(row.made_by)}: {escaped(row.reason)}"
        )
    if len(found.edits) > entered.LATEST:
        st.caption(f"These are the {entered.LATEST} latest of {len(found.edits)} changes.")
    take.download(
        found.label,
        data=found.make,
        file_name=found.file_name,
        mime=found.mime,
        icon=":material/download:",
        key=f"{key}_entered_csv",
        on_click="ignore",
    )
    st.page_link(found.page, label=found.way, icon=":material/history:")


def arrive() -> None:
    """Open the dialog where the address asks for a figure, once a session; say so where it names none."""
    given = st.query_params.get(provenance.PARAMETER)
    if given is None or st.session_state.get("whence_arrived") == given:
        return
    st.session_state["whence_arrived"] = given
    version = filters.shown().version
    try:
        cell = provenance.understood(given, version)
        found = provenance.read(cell, version)
    except DataAccessError as error:
        said = unmarked(f"{error.sentence} {error.remedy}")
        st.session_state.setdefault("notices", []).append(said)
        return
    row = found.figure.reindex(behind.ROW)
    told = {"staff_group": cell.staff_group, "phase": cell.phase}
    one = pd.DataFrame([row.to_dict() | told])
    st.session_state["whence"] = Asked(lambda: one, version)  # the address goes on saying it until it is closed


def dialog(page: str) -> None:
    """The dialog, where somebody asked; once a page, after everything else. page: its address.

    It stays open from run to run, but not when another page is opened.
    """
    if (asked := dialogs.asked("whence", page, _close)) is not None:
        _dialog(asked)


def _open(rows: Callable[[], pd.DataFrame], version: int) -> None:
    _close()
    st.session_state["whence"] = Asked(rows, version)


def _close() -> None:
    dialogs.forget("whence", "whence_figure", "whence_rows", "whence_picked")
    if provenance.PARAMETER in st.query_params:
        del st.query_params[provenance.PARAMETER]


@st.dialog("Where does this number come from?", width="large", on_dismiss=_close)
def _dialog(asked: Asked) -> None:
    try:
        rows = asked.rows()
        if rows.empty:
            st.info("No figure of an indicator stands here for what is chosen in the sidebar.")
            return
        row = rows.iloc[_chosen(rows, asked.version)]
        found = provenance.read(Cell(*(str(row[name]) for name in behind.CELL)), asked.version)
    except DataAccessError as error:
        st.warning(f"**{escaped(error.sentence)}** {escaped(error.remedy)}", icon=":material/help:")
        return
    with st.container(key="whence_sheet"):
        _sheet(found)
    dialogs.keep_focus("whence")


# Which figure ----------------------------------------------------------------------------------------------


def _chosen(rows: pd.DataFrame, version: int) -> int:
    """Draw the choice among several figures, by row or by name; the number of the one that is chosen."""
    if len(rows) == 1:
        return 0
    told = behind.told(rows, version)
    varies = [name for name in told if name != "Figure" and told[name].nunique() > 1]
    names = told[varies or ["Area"]].agg(" · ".join, axis=1).tolist()
    same = [str(told[name].iloc[0]) for name in told if name not in ("Figure", *varies)]
    about = f"{words.plural(len(rows), 'figure')} here" + (f": {', '.join(same)}" if same else "")
    st.caption(f"{unmarked(about)}. Choose one.")
    st.dataframe(
        told[["Figure", *varies]],
        hide_index=True,
        height=ROW * (min(len(rows), ROWS) + 1) + 3,
        key="whence_rows",
        on_select=_picked,
        selection_mode="single-cell",  # of a row only the box at its beginning would answer
        alt="Figures that stand here; choosing a row tells where it comes from",
    )
    return st.selectbox(
        "Figure",
        range(len(rows)),
        format_func=lambda at: names[at],
        key="whence_figure",
        help="Type part of a name.",
        filter_mode="contains",
    )


def _picked() -> None:
    """Tell of the row that was picked.

    A table that the keyboard passes picks its first cell by itself, so that cell counts only after another.
    """
    cells = st.session_state["whence_rows"]["selection"]["cells"]
    if cells and (cells[0][0] > 0 or "whence_picked" in st.session_state):
        st.session_state["whence_figure"] = cells[0][0]
        st.session_state["whence_picked"] = True


# What is told of it ----------------------------------------------------------------------------------------


def _sheet(found: Provenance) -> None:
    figure, about = found.figure, found.about
    unit = str(about["unit"])
    st.header(escaped(provenance.value(figure, unit)), anchor=False)
    st.caption(unmarked(provenance.title(found)))
    known, server = data.reference(found.version), address.server()
    lines = [f"**95% interval**: {words.interval(figure['lower'], figure['upper'], unit)}"]
    lines += [
        f"**{part.capitalize()}**: {provenance.count(figure[part])} ({escaped(about[part])})"
        for part in ("numerator", "denominator")
    ]
    lines.append(f"**Coverage**: {provenance.coverage(figure, about)}")
    lines.append(f"**Suppression**: {provenance.suppression(found)}")
    lines.append(f"**Data version**: {found.version}, {filters.day(known.made_at)}. {provenance.kind_words(found)}")
    st.markdown("\n\n".join(lines))
    with st.container(horizontal=True, vertical_alignment="center"):
        take.download(
            "The rows behind it (CSV)",
            data=lambda: provenance.csv(found, server=server),
            file_name=provenance.file_name(found),
            mime="text/csv",
            icon=":material/download:",
            key="whence_csv",
            on_click="ignore",
        )
        back = found.version if st.session_state.get("looking_back") else None
        st.markdown(f"[Link to this]({provenance.link(found.cell, back)})", width="content")
    st.caption(provenance.contents(found))
    st.subheader("Imports", anchor=False)
    _imports(found)
    st.subheader("Revisions", anchor=False)
    _revisions(found)
    st.subheader("Definition", anchor=False)
    define.definition(about)


def _imports(found: Provenance) -> None:
    if found.imports.empty:
        st.markdown("No import has brought a row of this figure.")
    for row in found.imports.itertuples():
        st.markdown(
            f"**{escaped(row.file_name)}**: {escaped(provenance.gave(row))}  \n"
            f"{escaped(row.source)}; {escaped(row.licence)}; {row.kind} figures. Brought in on "
            f"{filters.day(row.imported_at)} by {escaped(row.imported_by)}.  \n"
            f"SHA-256 `{row.sha256}`"
        )
    st.page_link(DATA, label="All imports", icon=":material/history:", query_params=HISTORY)


def _revisions(found: Provenance) -> None:
    table = provenance.revisions(found)
    if table.empty:
        st.markdown("Nothing was ever held for this figure.")
        return
    if len(table) == 1:
        row = table.iloc[0]
        st.markdown(f"Not revised since data version {row.iloc[0]} of {row.iloc[1]}, which first held it.")
    else:
        st.table(table.map(unmarked), hide_index=True)
    if not found.looked_back:
        st.caption("Only the latest data versions are looked at; older ones may hold other figures.")
