"""A job on a page (data_access.jobs): how far it is, how long it still takes, and a button that stops it."""

import streamlit as st

from data_access.jobs import Job
from measures import words
from pages.parts.plain import escaped

SOON = 0.3  # seconds: what is done by then needs no progress bar
ASK_AGAIN = 0.5


def over(job: Job, key: str, note: str = "") -> bool:
    """True once it is finished; until then its progress is shown, and the page comes back by itself.

    note: what happens to it when the page is left.
    """
    if job.wait(SOON):
        return True
    watch(job, key, note)
    return False


@st.fragment(run_every=ASK_AGAIN)
def watch(job: Job, key: str, note: str = "") -> None:
    """Its progress and the button, until it is finished: then the page is drawn anew."""
    if job.finished:
        st.rerun()
    text = "Stopping …" if job.cancelling else f"{job.what}: {job.doing[:1].lower() + job.doing[1:]}{left(job)} …"
    st.progress(job.done, text=escaped(text))
    st.button("Cancel", key=f"{key}_cancel", icon=":material/cancel:", on_click=job.cancel, disabled=job.cancelling)
    if note:
        st.caption(note)


def left(job: Job) -> str:
    """', about 40 seconds left'; '' before anything can be said, and at the end."""
    if not 0.05 <= job.done < 1:
        return ""
    seconds = job.seconds * (1 - job.done) / job.done
    if seconds < 1.5:
        return ""
    said = words.plural(round(seconds / 60), "minute") if seconds >= 90 else words.plural(round(seconds), "second")
    return f", about {said} left"
