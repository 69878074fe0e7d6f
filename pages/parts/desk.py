"""The desk: the file that a session brings in, what came beside it, and how far it is with it."""

import re
from dataclasses import dataclass, field, replace

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from data_access import incoming
from data_access.access import Right
from data_access.errors import ImportRefused, Problem
from data_access.files.mapping import Mapping, parse_mapping
from data_access.imports import Provenance, Report
from data_access.incoming import Incoming
from data_access.jobs import Job, Received
from data_access.steps import Step
from pages.parts import person
from pages.parts.mapping_form import Draft
from pages.parts.plain import escaped, size

TYPES = ["csv", "zip", "xlsx", "txt", "tsv", "geojson", "json", "yaml", "yml"]
_META, _MAPPING = re.compile(r"\.meta( ?\(\d+\))?\.csv$", re.IGNORECASE), re.compile(r"\.ya?ml$", re.IGNORECASE)
MAPPING_BYTES = 1 << 20
WHOLE = (".zip", ".json", ".geojson")  # nothing comes beside them
Said = Mapping | Provenance


@dataclass
class Desk:
    """What this session is bringing in, and how far it is with it. was_busy: when this run began to draw it."""

    file: Received
    meta: Received | None = None
    mapping: Received | None = None
    look: Job[Incoming] | None = None
    draft: Draft | None = None
    check: Job[Report] | None = None
    load: Job[Report] | None = None
    checked: Said | None = None  # what the file was checked with
    saved: str = ""
    given: dict[str, str] = field(default_factory=dict)
    was_busy: bool = False

    @property
    def busy(self) -> bool:
        """True while a job of this desk runs."""
        return any(job is not None and not job.finished for job in (self.look, self.check, self.load))

    @property
    def loaded(self) -> bool:
        """True once its file is in."""
        return self.load is not None and self.load.finished and self.load.error is None


def sorted_out(names: list[str]) -> tuple[dict[str, int], str]:
    """Which of the files dropped together is the data, the meta and the mapping, by place; or why that is not clear."""
    found: dict[str, list[int]] = {"data": [], "meta": [], "mapping": []}
    for at, name in enumerate(names):
        found["mapping" if _MAPPING.search(name) else "meta" if _META.search(name) else "data"].append(at)
    several = {"data": "data files", "meta": "meta files", "mapping": "mappings"}
    for part, places in found.items():
        if len(places) > 1:
            listed = " and ".join(names[at] for at in places)
            return {}, f"These are {len(places)} {several[part]}: {listed}. Bring them in one after the other."
    if not found["data"]:
        return {}, "The file with the figures is not among these: add it."
    return {part: places[0] for part, places in found.items() if places}, ""


def choose() -> None:
    """The uploader; what came is kept on disk, and the uploader lets go of it."""
    number = st.session_state.setdefault("uploads", 0)
    sent = st.file_uploader(
        "A file with figures, schools, targets, neighbours or boundaries",
        type=TYPES,
        accept_multiple_files=True,
        key=f"upload_{number}",
        disabled=not person.may(Right.load),
        help="CSV, XLSX, GeoJSON or a zip. A CSV's .meta.csv and its mapping (YAML) can be dropped together with it, "
        "in any order. Zip what is larger than 500 MB.",
    )
    if sent:
        parts, fault = sorted_out([file.name for file in sent])
        if fault:
            st.warning(escaped(fault), icon=":material/help:")
        else:
            st.session_state["desk"] = Desk(
                **{"file" if part == "data" else part: _received(sent[at]) for part, at in parts.items()}
            )
            st.session_state["uploads"] = number + 1
            st.rerun()
    st.caption("Nothing is written before you have seen what the file would change and chosen to load it.")


def _received(sent: UploadedFile) -> Received:
    """The file on the disk; Streamlit would keep it in memory, too, as long as the session lasts."""
    received, context = Received(sent.name, sent), get_script_run_ctx()
    if context is not None:
        context.uploaded_file_mgr.remove_file(context.session_id, sent.file_id)
    return received


def header(desk: Desk) -> None:
    """What lies on the desk, and the way to clear it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        beside = " and ".join(escaped(file.name) for file in (desk.meta, desk.mapping) if file)
        beside = f" with {beside}" if beside else ""
        st.markdown(f"**{escaped(desk.file.name)}**{beside} · {size(desk.file.size)}", width="content")
        st.button(
            "Bring in another file" if desk.loaded else "Choose another file",
            icon=":material/upload_file:",
            key="another",
            on_click=_leave,
            disabled=desk.busy,
        )


def _leave() -> None:
    """Away with the file and everything about it."""
    del st.session_state["desk"]


def look(desk: Desk, step: Step) -> Incoming:
    """What the file is, with the mapping that was dropped beside it."""
    looked = incoming.look(desk.file.path, desk.meta.path if desk.meta else None, step)
    if desk.mapping is None or looked.layout != "EES":
        return looked
    return replace(looked, mapping=parse_mapping(_text(desk.mapping), desk.mapping.name))


def _text(file: Received) -> str:
    if file.size > MAPPING_BYTES:
        raise ImportRefused([Problem(file.name, None, None, None, "this is too long for a mapping.", "Shorten it.")])
    try:
        return file.path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        wrong = Problem(file.name, None, None, None, "this is not text in UTF-8.", "Save it as UTF-8.")
        raise ImportRefused([wrong]) from error


def beside(desk: Desk) -> None:
    """Ask for the meta file of a bare table, or for its mapping."""
    if (desk.meta and desk.mapping) or desk.busy or desk.file.name.lower().endswith(WHOLE):
        return
    opened = desk.look.result.opened if desk.look and desk.look.result else None
    if opened is not None and opened.meta is not None:
        return
    sent = st.file_uploader(
        "Its .meta.csv, if it has one: it names the columns and their units; or its mapping",
        type=["csv", "yaml", "yml"],
        key=f"meta_{id(desk)}",
    )
    if sent is not None:
        came = _received(sent)
        mapping = bool(_MAPPING.search(came.name))
        st.session_state["desk"] = Desk(desk.file, desk.meta if mapping else came, came if mapping else desk.mapping)
        st.rerun()
