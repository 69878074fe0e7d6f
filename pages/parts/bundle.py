"""Many at once: one chart for every authority, region or indicator as a zip, from a dialog that any chart opens.

The zip is made beside the page (data_access.jobs), in a folder that goes with the last one who holds it.
"""

import tempfile
import weakref
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from charts.figure import Figure
from data_access.errors import DataAccessError, ImportCancelled
from data_access.jobs import Job, running
from exports.bundle import making, planned
from exports.bundle.making import Made
from exports.views import data
from measures import words
from pages.parts import address, dialogs, progress, take
from pages.parts.plain import escaped, size

WHAT = "Making a bundle"
GOES_ON = "It goes on if you close this; open it again from any chart to see how far it is."
LABELS = {
    "png": "PNG", "1x.png": "PNG 1×", "print.png": "PNG 300 dpi", "svg": "SVG", "pdf": "PDF", "csv": "CSV",
    "xlsx": "XLSX", "vl.json": "Vega-Lite",
}  # fmt: skip
OVER = {"la": "Local authorities", "region": "Regions", "indicator": "Indicators"}
ALL = {"la": "All of England", "indicator": "All priorities"}
MOST_NAMED = 8


@dataclass
class Bundle:
    """A bundle that is being made or is there; its folder goes with it."""

    plan: planned.Plan
    folder: tempfile.TemporaryDirectory
    job: Job[Made]


def button(shown: Figure, key: str, version: int) -> bool:
    """Opens the dialog, and says if it does; nothing where there is nothing to vary. version: the one shown."""
    if not planned.choices(shown.origin):
        return False
    return st.button(
        "Many at once …",
        key=f"{key}_many",
        icon=":material/folder_zip:",
        on_click=_open,
        args=(shown.origin, version),
    )


def dialog(page: str) -> None:
    """The dialog, where somebody asked for it; once a page, after everything else. page: its address.

    It stays open from run to run, but not when another page is opened; what is being made goes on.
    """
    if (asked := dialogs.asked("bundling", page, _close)) is not None:
        _dialog(*asked)


def _open(origin: str, version: int) -> None:
    _close()
    st.session_state["bundling"] = (origin, version)


def _close() -> None:
    dialogs.forget("bundling")


@st.dialog("Many at once", width="medium", on_dismiss=_close)
def _dialog(origin: str, version: int) -> None:
    made: Bundle | None = st.session_state.get("bundle")
    if made is None:
        _choose(origin, version)
    elif made.job.finished:
        _done(made)
    else:
        st.markdown(f"**{escaped(made.plan.title)}**")
        progress.watch(made.job, "bundle", GOES_ON)
    dialogs.keep_focus("bundling")


def _choose(origin: str, version: int) -> None:
    """What is varied, of which, in which formats."""
    known = data.reference(version)
    there = planned.choices(origin)
    over = st.segmented_control(
        "One chart for each of the", there, format_func=lambda over: OVER[over], key="bundle_over", default=there[0],
        required=True,
    )  # fmt: skip
    assert over is not None
    within = None
    if over != "region":
        rows = known.regions if over == "la" else known.priorities
        names = dict(zip(rows["code"], rows["name" if over == "la" else "short"], strict=True))
        within = st.selectbox(
            "Region" if over == "la" else "Priority",
            [None, *names],
            format_func=lambda code: ALL[over] if code is None else names[code],
            key=f"bundle_within_{over}",
        )
    kinds = st.pills(
        "Formats", list(LABELS), format_func=lambda kind: LABELS[kind], selection_mode="multi", key="bundle_kinds",
        default=["png"],
    )  # fmt: skip
    if not kinds:
        st.info("Choose at least one format.")
        return
    try:
        earlier = bool(st.session_state.get("looking_back"))
        plan = planned.plan(origin, over, within, version, earlier=earlier)
    except DataAccessError as error:
        st.warning(f"**{escaped(error.sentence)}** {escaped(error.remedy)}", icon=":material/help:")
        return
    st.caption(f"{escaped(plan.title)}: {words.plural(len(plan.items), 'chart')}, with a contents file.")
    if any(job.what == WHAT for job in running()):
        st.info("Another bundle is being made for someone; yours begins when that is done.")
    st.button(
        "Make them",
        type="primary",
        icon=":material/folder_zip:",
        key="bundle_make",
        on_click=_begin,
        args=(plan, kinds, address.server()),
    )
    with st.expander("For a nightly run", type="compact"):
        st.code(planned.command(origin, over, within, kinds), language="bash", wrap_lines=True)


def _begin(plan: planned.Plan, kinds: list[str], server: str) -> None:
    folder = tempfile.TemporaryDirectory(prefix="cpd-bundle-")
    job: Job[Made] = Job(
        WHAT, lambda step: making.one_at_a_time(plan, kinds, Path(folder.name), step, address=server, calm=True)
    )
    made = Bundle(plan, folder, job.start())
    weakref.finalize(made, job.cancel)  # nobody can fetch it once the session is gone
    st.session_state["bundle"] = made


def _done(made: Bundle) -> None:
    """The zip to take away and what is not in it, or why there is none."""
    job = made.job
    if isinstance(job.error, ImportCancelled):
        st.info("Stopped; no file was made.", icon=":material/cancel:")
    elif job.error is not None:
        st.error(f"**{escaped(job.error.sentence)}** {escaped(job.error.remedy)}", icon=":material/error:")
    elif job.result is not None:
        _offer(made.plan, job.result)
    st.button("Make others", key="bundle_others", icon=":material/restart_alt:", on_click=_forget)


def _offer(plan: planned.Plan, result: Made) -> None:
    st.success(f"**{escaped(plan.title)}**: {words.plural(result.charts, 'chart')}.", icon=":material/task_alt:")
    if result.missing:
        said = [f"- {escaped(entry.name)}: {escaped(entry.why)}" for entry in result.missing[:MOST_NAMED]]
        more = len(result.missing) - MOST_NAMED
        said += [f"- and {more} more, which the contents file lists"] if more > 0 else []
        st.markdown("\n".join(["Not in it:", "", *said]))
    path = result.path
    take.download(
        f"Download ({size(path.stat().st_size)})",
        data=path.read_bytes,
        file_name=path.name,
        mime="application/zip",
        icon=":material/download:",
        key="bundle_zip",
        on_click="ignore",
        type="primary",
    )


def _forget() -> None:
    st.session_state.pop("bundle", None)
