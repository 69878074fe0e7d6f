"""A button that takes a file away: made when it is clicked, in the name of whoever clicks, who may lose that right."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from data_access import access

Make = Callable[[], bytes | str]


def download(label: str, data: bytes | str | Make, file_name: str, mime: str, **more: Any) -> bool:
    """`st.download_button`, with its further arguments."""
    made = _mine(data) if callable(data) else data
    return bool(st.download_button(label, data=made, file_name=file_name, mime=mime, **more))


def _mine(make: Make) -> Make:
    """Streamlit makes a file in a thread that knows of no session: it is told here who asks."""
    who = access.acting()

    def made() -> bytes | str:
        with access.acting_as(who):
            access.require(access.Right.read)
            return make()

    return made
