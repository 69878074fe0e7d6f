"""A page with one line, served as the dashboard is: what Streamlit's own sessions take."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st

if __name__ != "__main__":
    from streamlit import config

    @asynccontextmanager
    async def lifespan(_app: object) -> AsyncIterator[dict[str, bool]]:
        """The dashboard's way with garbage, so that the sessions of both are kept alike."""
        config.set_option("runner.postScriptGC", False)
        gc.freeze()
        yield {"started": True}

    app = st.App(__file__, lifespan=lifespan)
else:
    st.title("Nothing")
