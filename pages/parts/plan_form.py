"""One action edited: what was typed stays where it is refused, or where somebody else changed the action meanwhile.

A form keeps the state of the action that it began with. Where that is no longer how the action stands, nothing is
written: fields that were not touched take what the other wrote, and those that were keep what was typed.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import streamlit as st

from data_access import plan as stored
from data_access import plan_history
from data_access.engine import get_engine, reading, writing
from data_access.errors import ChangedMeanwhile, DataAccessError
from measures import words
from measures.lateness import STATUSES, Milestone
from pages.parts import person, plain

EMPTY_STEPS = 2
DAYS: dict[str, Any] = {"min_value": date(2000, 1, 1), "max_value": date(2049, 12, 31), "format": "DD/MM/YYYY"}


@dataclass
class Editing:
    """A form: how its action stood when it began, its number in the session, its rows of milestones, what was refused.

    theirs: what somebody else changed since, in words.
    """

    base: dict[str, Any]
    number: int
    steps: int
    refused: str = ""
    theirs: list[str] = field(default_factory=list)

    def key(self, name: str) -> str:
        """The key of one of its widgets."""
        return f"plan_{self.number}_{name}"

    def typed(self, name: str) -> Any:
        """What one of its widgets holds."""
        return st.session_state.get(self.key(name))


def edit(row: dict[str, Any]) -> None:
    """The form of an action as it stands. row: of data_access.plan.actions."""
    form = st.session_state.get("plan_editing")
    if form is None or form.base["code"] != row["code"]:
        form = _begin(row)
    if st.session_state.get("plan_saved"):
        st.success(st.session_state.pop("plan_saved"), icon=":material/check:")
    with st.expander("Change what is said of it", icon=":material/edit:"):
        _form(form, row)


def _form(form: Editing, row: dict[str, Any]) -> None:
    if form.refused:
        st.warning(plain.escaped(form.refused), icon=":material/edit:")
    elif form.base["seen"] != row["seen"]:
        form.theirs = plan_history.changes(form.base, row)
        st.info("Somebody changed this action after you opened this form.", icon=":material/group:")
        st.button("Begin again with what it says now", on_click=_begin, args=(row,), key="plan_again")
    if form.theirs:
        st.markdown("\n".join(f"- {plain.escaped(said)}" for said in form.theirs))
    _fields(form)


def _begin(row: dict[str, Any]) -> Editing:
    number = st.session_state.get("plan_forms", 0) + 1
    form = Editing(row, number, len(row["milestones"]) + EMPTY_STEPS)
    st.session_state["plan_forms"], st.session_state["plan_editing"] = number, form
    return form


def _fields(form: Editing) -> None:
    for name, value in {**_plain(form.base), **_steps_of(form.base["milestones"], form.steps)}.items():
        st.session_state.setdefault(form.key(name), value)
    with st.form("edit_action"):
        owner, status = st.columns([2, 1])
        with owner:
            st.selectbox(
                "Owner",
                _owners(form.typed("owner")),
                key=form.key("owner"),
                accept_new_options=True,
                placeholder="Choose a member, or type a partner's name",
            )
        with status:
            st.selectbox("Status", list(STATUSES), format_func=lambda code: STATUSES[code], key=form.key("status"))
        starts, due = st.columns(2)
        starts.date_input("Start", value=None, key=form.key("starts"), **DAYS)
        due.date_input("Due", value=None, key=form.key("due"), **DAYS)
        for at in range(form.steps):
            title, by, done = st.columns([2, 1, 1])
            title.text_input(f"Milestone {at + 1}", key=form.key(f"step_{at}"), max_chars=stored.LONGEST_TITLE)
            by.date_input(f"Milestone {at + 1} due", value=None, key=form.key(f"step_due_{at}"), **DAYS)
            done.date_input(f"Milestone {at + 1} reached", value=None, key=form.key(f"step_done_{at}"), **DAYS)
        st.text_area("Note", key=form.key("note"), height=90)
        if form.base["illustrative"]:
            st.checkbox("Some of this is still illustrative", key=form.key("illustrative"))
        reason, name = st.columns(2)
        reason.text_input("Why, in a few words", key=form.key("reason"), max_chars=200, placeholder="May stay empty")
        with name:
            person.ask(form.key("name"))
        st.form_submit_button("Save", type="primary", icon=":material/save:", on_click=_save, args=(form,))


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """The fields other than milestones, as the form's widgets hold them."""
    made = {name: row[name] for name in ("starts", "due", "status", "note", "illustrative")}
    return made | {"owner": row["owner_name"] if row["owner"] else None}


def _steps_of(steps: tuple[Milestone, ...], rows: int) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for at in range(rows):
        step = steps[at] if at < len(steps) else None
        made[f"step_{at}"] = step.title if step else ""
        made[f"step_due_{at}"], made[f"step_done_{at}"] = (step.due, step.done) if step else (None, None)
    return made


def _owners(typed: str | None) -> list[str]:
    with reading(get_engine()) as connection:
        members = list(stored.member_names(connection).values())
        partners = sorted(set(stored.actions(connection)["owner_name"]) - {*members, stored.NO_OWNER})
    return [*members, *partners, *({typed} - {None, *members, *partners})]


def _typed_steps(form: Editing) -> tuple[Milestone, ...]:
    """The milestones that were typed; raises PlanRefused where one has no due day."""
    made = []
    for at in range(form.steps):
        title, due, done = (form.typed(f"{name}_{at}") for name in ("step", "step_due", "step_done"))
        if not title.strip() and due is None and done is None:
            continue
        if due is None:
            raise stored.PlanRefused(f"Milestone {at + 1} has no due day.", "Give it one, or empty its row.")
        made.append(Milestone(title, due, done))
    return tuple(made)


def _save(form: Editing) -> None:
    """Write what was typed; a refusal is said above the form, which keeps it."""
    code, name = form.base["code"], person.given(form.typed("name"))
    form.refused, form.theirs = "", []
    try:
        said = stored.Promise(
            **{each: form.typed(each) for each in ("owner", "starts", "due", "status", "note")},
            milestones=_typed_steps(form),
            illustrative=bool(form.typed("illustrative")),
        )
        with writing(get_engine()) as connection:
            changed = stored.save(connection, code, said, by=name, seen=form.base["seen"], reason=form.typed("reason"))
    except ChangedMeanwhile as error:
        _catch_up(form, error)
    except DataAccessError as error:
        form.refused = str(error)
    else:
        st.session_state["plan_saved"] = f"Action {code} was saved." if changed else "Nothing was changed."
        del st.session_state["plan_editing"]


def _catch_up(form: Editing, error: ChangedMeanwhile) -> None:
    """Take what the other wrote into the fields that were not touched; say what they changed."""
    with reading(get_engine()) as connection:
        rows = stored.actions(connection)
    row = rows[rows["code"] == form.base["code"]].iloc[0].to_dict()
    form.theirs = plan_history.changes(form.base, row)
    before, after, kept = _plain(form.base), _plain(row), []
    labels = {"owner": "owner", "starts": "start", "due": "due", "status": "status", "note": "note"}
    for name, was in before.items():
        if form.typed(name) == was:
            st.session_state[form.key(name)] = after[name]
        elif name in labels:
            kept.append(labels[name])
    rows_then = _steps_of(form.base["milestones"], form.steps)
    touched = any(form.typed(name) != value for name, value in rows_then.items())
    form.base, form.steps = row, max(form.steps, len(row["milestones"]) + EMPTY_STEPS)
    if touched:
        kept.append("milestones")
    else:
        for name, value in _steps_of(row["milestones"], form.steps).items():
            st.session_state[form.key(name)] = value
    yours = f"Yours in the form: {words.joined(kept)}; the rest now says what they wrote." if kept else ""
    form.refused = " ".join(part for part in (error.sentence, yours, "Look at the change, then save again.") if part)
