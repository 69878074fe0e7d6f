"""The plan's yearly reviews: its versions, what each ended, added and changed, and the form that records the next."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import pandas as pd
import streamlit as st

from data_access import plan as stored
from data_access.engine import get_engine, reading, writing
from data_access.errors import ChangedMeanwhile, DataAccessError
from exports.shown import Shown
from exports.views import data, plan
from exports.views.plan import State
from measures import words
from pages.parts import person, plain
from pages.parts.plan_form import DAYS

PLAN = "pages/monitor/plan.py"
NOTHING = {"Ended": "No action ended.", "New": "No action is new.", "Changed": "No other action changed."}


@dataclass
class Recording:
    """A form of a review: the plan as it stood when it began, its number in the session, its new actions, refusals."""

    version: int
    seen: dict[str, int]
    number: int
    new: int = 0
    refused: str = ""

    def key(self, name: str) -> str:
        """The key of one of its widgets."""
        return f"review_{self.number}_{name}"

    def typed(self, name: str) -> Any:
        """What one of its widgets holds."""
        return st.session_state.get(self.key(name))


def view(now: Shown) -> None:
    """The versions, one of them beside the one before it, and, where the plan stands open, the next review."""
    shown = plan.state(now)
    found = plan.plan_versions(shown.edit)
    if "review_recorded" in st.session_state:
        st.success(st.session_state.pop("review_recorded"), icon=":material/check:")
    strategy = data.reference(now.version).strategy
    st.caption(f"As the strategy describes it: reviewed {plain.unmarked(str(strategy['review']))}.")
    if found.empty:
        st.info("No plan version was agreed yet: the actions are those that the strategy names.")
    else:
        _versions(found)
        _compared(shown, found)
    st.header("The next review")
    if shown.open:
        _record(shown)
    else:
        st.info("An earlier state is shown. Show what counts now to record a review.", icon=":material/history:")


def _versions(found: pd.DataFrame) -> None:
    st.header("Plan versions")
    for row in found.to_dict("records"):
        kind = " Illustrative." if row["illustrative"] else ""
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                f"**Version {row['number']}**, agreed on {words.day(row['agreed_on'])}: "
                f"{plain.escaped(row['title'])}. {plain.escaped(row['note'])}{kind}",
                width="stretch",
            )
            label = f"See version {row['number']}"
            query = {"plan": f"Version {row['number']}"}
            st.page_link(PLAN, label=label, icon=":material/visibility:", query_params=query, width="content")


def _compared(shown: State, found: pd.DataFrame) -> None:
    """A version beside the one before it, or the plan as it stands beside its latest version."""
    rows = found.to_dict("records")
    pairs = {
        f"Version {after['number']} against version {before['number']}": (before["edit"], after["edit"])
        for after, before in pairwise(rows)
    }
    pairs[f"As it stands against version {rows[0]['number']}"] = (rows[0]["edit"], shown.edit)
    st.header("What each review changed")
    chosen = st.selectbox("Compare", list(pairs), key="plan_pair", width=380)
    differences = plan.between(*pairs[chosen or next(iter(pairs))])
    for what, none in NOTHING.items():
        mine = differences[differences["what"] == what]
        if mine.empty:
            st.markdown(none)
        elif what == "Changed":
            with st.expander(f"Changed: {len(mine)}"):
                st.table(_readable(mine, what), hide_index=True)
        else:
            st.markdown(f"### {what}: {len(mine)}")
            st.table(_readable(mine, what), hide_index=True)


def _readable(rows: pd.DataFrame, what: str) -> pd.DataFrame:
    said = {"Ended": "Why", "New": "Owner and due day", "Changed": "How"}[what]
    made = pd.DataFrame({"Action": rows["code"] + " " + rows["title"], said: rows["said"]})
    return made.map(plain.unmarked)


def _record(shown: State) -> None:
    form = st.session_state.get("plan_review")
    if form is None:
        form = _begin(shown)
    with st.expander("Record a review", key="record_review", on_change="rerun") as box:
        if box.open:
            _fields(form, shown)


def _begin(shown: State) -> Recording:
    number = st.session_state.get("plan_reviews", 0) + 1
    there = plan.actions(shown.edit)
    form = Recording(shown.version, dict(zip(there["code"], there["seen"], strict=True)), number)
    st.session_state["plan_reviews"], st.session_state["plan_review"] = number, form
    return form


def _fields(form: Recording, shown: State) -> None:
    st.caption(
        "Actions that end leave the plan; one that is not done counts as stopped. New ones get the next number of "
        "their line. All of it becomes one numbered version; earlier versions stay and can be looked at."
    )
    today = datetime.now(UTC).date()
    day, title = st.columns([1, 3])
    day.date_input("Agreed on", value=_kept(form, "day", today), key=form.key("day"), **DAYS)
    st.session_state.setdefault(form.key("title"), f"Implementation plan, yearly review of {today.year}")
    title.text_input("Title", key=form.key("title"), max_chars=160)
    st.text_area("Note", key=form.key("note"), height=80)
    there = stored.in_force(plan.actions(shown.edit))
    names = dict(zip(there["code"], there["code"] + " " + there["title"], strict=True))
    endings = st.multiselect(
        "Actions that end", list(names), format_func=lambda code: names[code], key=form.key("endings")
    )
    for code in endings:
        st.text_input(f"Why does {code} end?", key=form.key(f"why_{code}"))
    for at in range(form.new):
        _new_action(form, at)
    st.button("Add a new action", icon=":material/add:", on_click=_one_more, args=(form,), key=form.key("more"))
    person.ask(form.key("name"))
    if form.refused:
        st.warning(plain.escaped(form.refused), icon=":material/edit:")
    st.button(
        f"Record as version {form.version + 1}",
        type="primary",
        icon=":material/save:",
        on_click=_save,
        args=(form,),
        key=form.key("save"),
    )


def _kept(form: Recording, name: str, usual: date) -> date | None:
    """The value to begin a date with: nothing is said of it once the session holds one."""
    return None if form.key(name) in st.session_state else usual


def _one_more(form: Recording) -> None:
    form.new += 1


def _new_action(form: Recording, at: int) -> None:
    lines = _lines()
    with st.container(border=True):
        st.selectbox(
            f"Action line of new action {at + 1}", list(lines), format_func=lambda code: lines[code],
            key=form.key(f"line_{at}"),
        )  # fmt: skip
        title, owner = st.columns([3, 2])
        title.text_input("What is to be done", key=form.key(f"title_{at}"), max_chars=stored.LONGEST_TITLE)
        owner.text_input("Owner", key=form.key(f"owner_{at}"), placeholder="A member or a partner")
        starts, due = st.columns(2)
        starts.date_input("Start", value=None, key=form.key(f"starts_{at}"), **DAYS)
        due.date_input("Due", value=None, key=form.key(f"due_{at}"), **DAYS)


def _lines() -> dict[str, str]:
    with reading(get_engine()) as connection:
        found = stored.lines(connection)
    return dict(zip(found["code"], found["code"] + " " + found["title"], strict=True))


def _said(form: Recording) -> stored.Review:
    """What was typed; rows of new actions in which nothing was typed are none."""
    new = []
    for at in range(form.new):
        line, title, owner, starts, due = (
            form.typed(f"{name}_{at}") for name in ("line", "title", "owner", "starts", "due")
        )
        if title.strip() or owner.strip() or starts or due:
            new.append(stored.NewAction(line, title, stored.Promise(owner, starts, due)))
    if form.typed("day") is None:
        raise stored.PlanRefused("The day on which the plan was agreed is missing.", "Give it.")
    endings = [stored.Ending(code, form.typed(f"why_{code}") or "", form.seen[code]) for code in form.typed("endings")]
    return stored.Review(
        form.typed("day"), form.typed("title"), form.typed("note"), form.version, tuple(endings), tuple(new)
    )


def _save(form: Recording) -> None:
    """Record what was typed; a refusal is said above the button, and what was typed stays."""
    name = person.given(form.typed("name"))
    form.refused = ""
    try:
        said = _said(form)
        with writing(get_engine()) as connection:
            version = stored.review(connection, said, by=name)
    except ChangedMeanwhile as error:
        form.refused = str(error)
        with reading(get_engine()) as connection:
            there, agreed = stored.actions(connection), stored.versions(connection)
        form.seen = dict(zip(there["code"], there["seen"], strict=True))
        form.version = int(agreed["number"].iloc[0]) if len(agreed) else 0
    except DataAccessError as error:
        form.refused = str(error)
    else:
        st.session_state["review_recorded"] = f"Recorded as plan version {version}."
        del st.session_state["plan_review"]
