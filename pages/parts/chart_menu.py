"""What the menu of every chart holds: its files, made when asked for, its link, and the way to a meeting's agenda."""

from datetime import date

import streamlit as st

from charts.figure import Figure
from exports import chart_files
from exports.facts import facts
from pages.parts import address, bundle, copying, pin, take

# One row each: kind of file → what its button says.
IMAGES = {"png": "PNG", "1x.png": "PNG 1×", "print.png": "PNG 300 dpi", "svg": "SVG", "pdf": "PDF"}
DATA = {"csv": "CSV", "xlsx": "XLSX", "vl.json": "Vega-Lite"}


def contents(shown: Figure, key: str, version: int) -> None:
    """The rows of the menu. version: the data version shown."""
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
            pin.button(shown, key, version)
            bundle.button(shown, key, version)
