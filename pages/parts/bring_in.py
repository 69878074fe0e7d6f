"""Bring a file in: choose it, see what it is, say what its columns mean, check it, load it; all can be stopped."""

from collections.abc import Callable

import streamlit as st

from data_access import access, history, incoming
from data_access.engine import get_engine, reading, writing
from data_access.errors import DataAccessError
from data_access.files.mapping import Mapping, to_yaml
from data_access.imports import Provenance, Report
from data_access.incoming import Incoming
from data_access.jobs import Job, running
from exports.views import data
from pages.parts import desk as desks
from pages.parts import looked_at, mapping_form, mapping_words, person, progress, take, templates
from pages.parts.desk import Desk, Said
from pages.parts.mapping_form import KINDS, LICENCES, Draft
from pages.parts.plain import escaped

GOES_ON = "It goes on if you close this page, and stands in History once it is done."
OVERVIEW = "pages/monitor/overview.py"
# A file without figures of its own need not say what kind they are.
KIND_OF = {"template": "Kind of figures", "register": "Kind of schools: real or invented"}
OF_SCHOOLS = {"published": "Real schools", "illustrative": "Illustrative: invented schools"}


def view() -> None:
    """The whole of Bring in."""
    desk: Desk | None = st.session_state.get("desk")
    if desk is None:
        desks.choose()
        templates.view()
        return
    desk.was_busy = desk.busy
    desks.header(desk)
    if desk.load is not None and (desk.load.error is None or not desk.load.finished):
        st.header("Done" if desk.loaded else "Loading it")
        _outcome(desk, desk.load, "load")
        return
    if desk.look is None:
        desk.look = _start(desk, "Looking at", lambda step: desks.look(desk, step))
    if not _over(desk, desk.look, "look"):
        return
    st.header("What it is")
    if desk.look.error is not None:
        looked_at.refusal(desk.look.error, "look", looking=True)
        desks.beside(desk)
        return
    looked = desk.look.result
    assert looked is not None
    looked_at.recognised(looked)
    if looked.layout == "EES":
        desks.beside(desk)
    st.header("What its columns mean" if looked.layout == "EES" else "Where it comes from")
    _check_and_load(
        desk, looked, _mapping(desk, looked) if looked.layout == "EES" else _provenance(desk, looked.layout)
    )


def _start(desk: Desk, doing: str, work: Callable) -> Job:
    return Job(f"{doing} {desk.file.name}", work).start()


def _over(desk: Desk, job: Job, key: str) -> bool:
    """True once the job is finished; until then its progress is shown, and the page comes back by itself."""
    if not progress.over(job, key, GOES_ON if key == "load" else ""):
        return False
    if desk.was_busy and not desk.busy:
        st.rerun()  # it finished while the page was drawn: the buttons above still say that it runs
    return True


def _mapping(desk: Desk, looked: Incoming) -> Mapping | None:
    """The mapping that the editor says, where it is whole."""
    if desk.draft is None:
        with reading(get_engine()) as connection:
            desk.draft = Draft.of(incoming.proposal(connection, looked))
    draft = desk.draft
    assert looked.found is not None
    mapping_form.edit(draft, looked.found)
    codes = data.reference(data.current_version()).indicators["code"]
    mapping, faults = mapping_words.faults(draft.content, set(codes))
    if draft.fault:
        mapping, faults = None, [draft.fault]
    if mapping is None:
        lines = "\n".join(f"- {escaped(fault)}" for fault in faults)
        st.warning(f"**Still to do before it can be checked:**\n\n{lines}", icon=":material/edit:")
        return None
    with st.container(horizontal=True):
        take.download(
            "Mapping (YAML)",
            data=to_yaml(mapping),
            file_name=f"{desk.file.path.stem}.yaml",
            mime="application/yaml",
            icon=":material/download:",
            on_click="ignore",
        )
        if st.button(
            "Keep this mapping for files with these columns",
            icon=":material/save:",
            key="save_mapping",
            help="Proposed again for a file with these columns",
        ):
            columns = [column.name for column in looked.found.columns]
            desk.saved = _save(mapping, columns)
    if desk.saved:
        st.caption(f":material/check: {desk.saved}")
    return mapping


def _save(mapping: Mapping, columns: list[str]) -> str:
    with writing(get_engine(), access.Right.load) as connection:
        number = history.save_mapping(connection, mapping, columns, person.name() or "not given")
    return f"Saved as mapping {number}: a file with these columns begins with it."


def _provenance(desk: Desk, layout: str) -> Provenance | None:
    """Source, licence and kind of a file that needs no mapping."""
    given = desk.given
    left, middle, *right = st.columns(3 if layout in KIND_OF else 2)
    for key, value in (("source", ""), ("licence", None), ("kind", "published")):
        st.session_state.setdefault(f"said_{key}", given.get(key, value))
    with left:
        source = st.text_input("Source: who published it, and under which title", key="said_source", max_chars=200)
    with middle:
        options = list(dict.fromkeys([*([given["licence"]] if given.get("licence") else []), *LICENCES]))
        licence = st.selectbox(
            "Licence", options, index=None, key="said_licence", accept_new_options=True, placeholder="Choose or type"
        )
    kind = "published"
    kinds = OF_SCHOOLS if layout == "register" else KINDS
    for box in right:
        kind = box.selectbox(KIND_OF[layout], list(kinds), format_func=lambda kind: kinds[kind], key="said_kind")
    desk.given = {"source": source.strip(), "licence": (licence or "").strip()[:200], "kind": kind}
    if not desk.given["source"] or not desk.given["licence"]:
        st.warning("Say the source and the licence before the file is checked.", icon=":material/edit:")
        return None
    return Provenance(**desk.given)


def _check_and_load(desk: Desk, looked: Incoming, said: Said | None) -> None:
    """The dry run, and once it went well, the load."""
    st.header("Check it, then load it")
    others = [job.what for job in running() if job.what.startswith("Loading") and job is not desk.load]
    if others:
        st.info(f"Someone else is at it: {escaped(', '.join(others))}. You can check meanwhile.")
    left, _ = st.columns([1, 2])
    with left:
        person.ask("name", access.Right.load)
    checked = desk.checked is not None and desk.checked == said and desk.check is not None
    well = checked and desk.check is not None and desk.check.finished and desk.check.error is None
    with st.container(horizontal=True):
        first = st.button(
            "Check (dry run)",
            type="secondary" if well else "primary",
            icon=":material/fact_check:",
            key="check",
            disabled=said is None or desk.busy or desk.loaded,
            help="Reads the whole file and does everything but write",
        )
        second = st.button(
            "Load",
            type="primary",
            icon=":material/database_upload:",
            key="load",
            disabled=not well or desk.busy or desk.loaded,
            help=None if well else "Check the file first",
        )
    if first and said is not None:
        desk.checked, desk.load = said, None
        desk.check = _start(desk, "Checking", _work(looked, said, dry_run=True))
        st.rerun()
    if second and not person.name():
        st.warning(person.NEEDED, icon=":material/edit:")
    elif second and said is not None:
        desk.load = _start(desk, "Loading", _work(looked, said, dry_run=False))
        st.rerun()
    if desk.load is not None:
        _outcome(desk, desk.load, "load")
    elif checked:
        _outcome(desk, desk.check, "check")
    elif desk.check is not None:
        desk.check.cancel()
        if _over(desk, desk.check, "check"):
            st.info("The mapping has changed since the file was checked: check it again.")


def _work(looked: Incoming, said: Said, *, dry_run: bool) -> Callable:
    mapping = said if isinstance(said, Mapping) else None
    provenance = None if isinstance(said, Mapping) else said
    engine, by = get_engine(), person.name()
    return lambda step: incoming.bring_in(
        engine, looked, mapping=mapping, said=provenance, dry_run=dry_run, by=by, step=step
    )


def _outcome(desk: Desk, job: Job[Report] | None, key: str) -> None:
    """Progress, or what came of it."""
    assert job is not None
    if not _over(desk, job, key):
        return
    if isinstance(job.error, DataAccessError):
        looked_at.refusal(job.error, key)
        return
    made = job.result
    assert made is not None
    if made.dry_run:
        st.success("**It can be loaded.** This is what would change; nothing was written.", icon=":material/task_alt:")
    else:
        late = " It was too late to cancel it." if job.cancelling else ""
        st.success(f"**{escaped(made.done)}**{late}", icon=":material/task_alt:")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.page_link(OVERVIEW, label="See the overview", icon=":material/dashboard:")
            if made.import_id is not None:
                st.button(
                    "See it in History, or undo it",
                    icon=":material/history:",
                    key="to_history",
                    on_click=lambda: st.session_state.update(view="History", history_id=made.import_id),
                )
    looked_at.report(made)
