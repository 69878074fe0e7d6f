"""A page drawn from memory: its calls of Streamlit with their arguments, kept from one real run.

The first run is the real page, and every call that it makes is written down; each later run makes the same calls
with the same objects and does nothing else: no database, no look-up, no text put together.
"""

import streamlit as st

if __name__ != "__main__":
    from pages.parts.serving import lifespan

    app = st.App(__file__, lifespan=lifespan)
else:
    from tests.benchmarks import held

    held.draw()
