"""A button that takes a file away: made when it is clicked, in the name of whoever clicks, who may lose that right."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from data_access import access
from data_access.access import Viewer
from data_access.errors import NotAllowed

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


def as_before(viewer: Viewer) -> None:
    """Raise NotAllowed unless whoever asks may what they might when the file, or what is in it, was found."""
    if access.viewer() != viewer:
        raise NotAllowed("Your role has changed since this file was made.", "Make it again.")


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
