"""What the log and the counts are told of each redraw."""

from collections.abc import Iterator
from contextlib import contextmanager

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from exports.service import logs, metrics


def open_sessions() -> int:
    """How many browser sessions this process serves; 0 where no server runs."""
    return runtime.get_instance()._session_mgr.num_active_sessions() if runtime.exists() else 0


@contextmanager
def redraw(page: str) -> Iterator[None]:
    """A page's run: what it logs names its session, and its time is counted. page: its address."""
    context = get_script_run_ctx(suppress_warning=True)
    logs.session.set(logs.short(context.session_id) if context else "")
    with metrics.redraw(page):
        yield
