"""Copy a figure's link or image: two buttons of our own, because only the browser reaches its clipboard."""

import base64
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from data_access.errors import DataAccessError

_HERE = Path(__file__).parent
_HTML = """<div class="row"><button type="button">Copy link</button><button type="button">Copy image</button></div>
<p role="status"></p>"""
_copy = st.components.v2.component(
    "cpd_copy",
    html=_HTML,
    css=(_HERE / "copying.css").read_text(encoding="utf-8"),
    js=(_HERE / "copying.js").read_text(encoding="utf-8"),
)


def buttons(link: str, draw: Callable[[], bytes], key: str) -> None:
    """The two buttons. link: an address, or a path on this server; draw: makes the PNG, only when it is asked for.

    Where it refuses, the buttons say why.
    """
    drawn, refused = f"{key}_drawn", f"{key}_refused"

    def asked() -> None:
        try:
            st.session_state[drawn] = base64.b64encode(draw()).decode()
        except DataAccessError as error:
            st.session_state[refused] = str(error)

    answer = {"image": st.session_state.pop(drawn, ""), "refused": st.session_state.pop(refused, "")}
    _copy(key=key, data={"link": link, **answer}, on_asked_change=asked)
