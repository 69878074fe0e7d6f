"""Addresses as the reader's browser has them: of this server, and of the page that shows a figure."""

from urllib.parse import urlencode, urlsplit

import streamlit as st

from charts.figure import Figure
from exports.views import registry


def server() -> str:
    """The address of this server; '' where it is not known."""
    parts = urlsplit(st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def of(shown: Figure, version: int | None) -> str:
    """The path and query, on this server, that show a figure; version: the data version that it is fixed to."""
    if shown.origin:
        return registry.link(shown.origin, version)
    path = urlsplit(st.context.url or "").path or "/"  # of a figure that cannot be made again: the page as it is
    asked = {name: value for name, value in st.query_params.items() if name != "as_at"}
    query = urlencode(asked | ({} if version is None else {"as_at": str(version)}), safe="/")
    return f"{path}?{query}" if query else path
