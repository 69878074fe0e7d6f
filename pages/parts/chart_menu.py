"""A button beside every chart, and one dialog a page that it opens: files, made when asked for, link, way to a meeting.

What stands in the dialog is drawn only while it is open: it took a fifth of the redraw of a page with two charts.
"""

from dataclasses import dataclass
from datetime import date

import streamlit as st

from charts.figure import Figure
from exports import chart_files
from exports.facts import facts
from pages.parts import address, bundle, copying, dialogs, pin, take
from pages.parts.plain import unmarked

LABEL, ICON = "Download or share", ":material/download:"
# One row each: kind of file → what its button says.
IMAGES = {"png": "PNG", "1x.png": "PNG 1×", "print.png": "PNG 300 dpi", "svg": "SVG", "pdf": "PDF"}
DATA = {"csv": "CSV", "xlsx": "XLSX", "vl.json": "Vega-Lite"}


@dataclass(frozen=True)
class Asked:
    """The figure whose menu is open, its key on the page, and the data version that is shown."""

    shown: Figure
    key: str
    version: int


def button(shown: Figure, key: str, version: int) -> None:
    """Opens the dialog. version: the data version shown."""
    asked = Asked(shown, key, version)
    st.button(LABEL, icon=ICON, type="tertiary", key=f"{key}_menu", on_click=_open, args=(asked,))


def dialog(page: str) -> None:
    """The dialog, where somebody asked; once a page, after everything else. page: its address.

    It stays open from run to run, but not when another page is opened, or what it leads to.
    """
    if (asked := dialogs.asked("sharing", page, _close)) is not None:
        _dialog(asked)


def _open(asked: Asked) -> None:
    _close()
    st.session_state["sharing"] = asked


def _close() -> None:
    dialogs.forget("sharing")


@st.dialog(LABEL, width="medium", on_dismiss=_close)
def _dialog(asked: Asked) -> None:
    st.markdown(unmarked(asked.shown.headline))
    leads_on = contents(asked.shown, asked.key, asked.version)
    dialogs.keep_focus("sharing")
    if leads_on:
        _close()
        st.rerun()


def contents(shown: Figure, key: str, version: int) -> bool:
    """The rows of the menu; True where one was chosen that opens another dialog."""
    earlier = st.session_state.get("looking_back", False)
    fixed = f"{address.server()}{address.of(shown, version)}"
    today = date.today().isoformat()

    def made(kind: str) -> bytes:
        return chart_files.make(shown, kind, facts(shown, fixed, today))

    with st.container(gap="xsmall"):
        for what, kinds in (("Image", IMAGES), ("Data", DATA)):
            st.caption(what)
            with st.container(horizontal=True, gap="xsmall"):
                for kind, label in kinds.items():
                    take.download(
                        label,
                        data=lambda kind=kind: made(kind),
                        file_name=chart_files.file_name(shown, kind, earlier=earlier),
                        mime=chart_files.KINDS[kind],
                        key=f"{key}_{kind}",
                        on_click="ignore",
                    )
        st.caption("Share")
        copying.buttons(address.of(shown, version if earlier else None), lambda: made("png"), f"{key}_copy")
        with st.container(horizontal=True, gap="xsmall"):
            pinning = pin.button(shown, key, version)
            bundling = bundle.button(shown, key, version)
    return pinning or bundling
