"""A button that takes a file away: made when it is clicked, in the name of whoever clicks, who may lose that right."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from data_access import access

Make = Callable[[], bytes | str]


def download(
    label: str,
    data: bytes | str | Make,
    file_name: str,
    mime: str,
    *,
    check: Callable[[], None] | None = None,
    **more: Any,
) -> bool:
    """`st.download_button`, with its further arguments.

    check: asked at each click, in the name of whoever clicks; it raises NotAllowed where they may have it no more.
    """
    made = _mine(data, check) if callable(data) or check else data
    return bool(st.download_button(label, data=made, file_name=file_name, mime=mime, **more))


def _mine(data: bytes | str | Make, check: Callable[[], None] | None) -> Make:
    """Streamlit makes a file in a thread that knows of no session: it is told here who asks."""
    who = access.acting()

    def made() -> bytes | str:
        with access.acting_as(who):
            access.require(access.Right.read)
            if check is not None:
                check()
            return data() if callable(data) else data

    return made
