"""Health check: the profile of one partnership, what changed, what comes next, and the outline of its memorandum."""

from datetime import date

import pandas as pd
import streamlit as st

from data_access.engine import get_engine
from data_access.evidence import EARLIEST, today
from data_access.partnerships import entries
from exports import memorandum
from exports.shown import Shown
from exports.views import partnerships
from measures import health, words
from measures.health import Profile
from measures.partnership_words import ANSWER_SYMBOLS, ANSWERS, CHECKS, CHECKS_BY_SET
from pages.parts import editing, filters, frame, partnership_choice, person, take, whence
from pages.parts.plain import escaped

FORM = "health"
NOT_ANSWERED = "Not answered"


def view(now: Shown) -> None:
    """Choose a partnership; its profile, the next check, and its memorandum."""
    place = editing.said()
    code = partnership_choice.chosen(now)
    if not code:
        st.info("Choose a partnership to see its health check, or to fill one in.")
        _overview(now)
        return
    register = partnerships.register(now)
    checks = register.health_checks
    found = health.profile(checks[checks["partnership"] == code])
    st.markdown(f"## {health.finding(found)}")
    if found.days:
        st.markdown(escaped(health.told(found)))
        _profile(found)
    if not frame.looking_back():
        _check(code, found, place)
    if found.days:
        _next(found)
    _memorandum(now, code, found)


def _overview(now: Shown) -> None:
    found = partnerships.checked(now)
    if found.empty:
        st.markdown("No partnership that bears on this place has been checked.")
        return
    st.markdown(f"## {words.plural(len(found), 'partnership')} checked")
    st.dataframe(found, hide_index=True, alt="Partnerships with a health check: how many items are in place")
    whence.of_sheet(now, "health_checks", "health_overview")


def _profile(found: Profile) -> None:
    """A table a set: an item a row, a check a column, each answer a symbol with its word."""
    for title, items in CHECKS_BY_SET.items():
        st.markdown(f"### {title}")
        cells = {"Item": [CHECKS[code] for code in items]}
        for day in found.days[-3:]:
            answers = [found.answers.at[code, day] for code in items]
            cells[words.day(day)] = [f"{ANSWER_SYMBOLS[a]} {ANSWERS.get(a, NOT_ANSWERED)}" for a in answers]
        if any(found.notes.get(code) for code in items):
            cells["Note"] = [escaped(found.notes.get(code, "")) for code in items]
        st.table(pd.DataFrame(cells), hide_index=True)


def _next(found: Profile) -> None:
    st.markdown("## What comes next")
    steps = health.next_steps(found)
    if not steps:
        st.markdown("Everything is in place: check again in a year.")
        return
    lines = [f"- **{CHECKS[item]}**: {ANSWERS.get(answer, NOT_ANSWERED).lower()}" for item, answer in steps]
    st.markdown("\n".join(lines))


def _check(code: str, found: Profile, place: st.delta_generator.DeltaGenerator) -> None:
    open_form = editing.opened(FORM)
    if open_form is None or open_form.key != code:
        st.button(
            "Fill in a check", icon=":material/fact_check:", key="health_begin", on_click=_begin, args=(code, found)
        )
        return
    with st.form("health_form", enter_to_submit=False):
        held_on = st.date_input(
            "Checked on", key=editing.field(FORM, "on"), min_value=EARLIEST, max_value=today(), format="DD/MM/YYYY"
        )
        answers = {}
        for title, items in CHECKS_BY_SET.items():
            st.markdown(f"### {title}")
            for item in items:
                left, right = st.columns([3, 2])
                with left:
                    answer = st.radio(
                        CHECKS[item],
                        ["", *ANSWERS],
                        format_func=lambda each: ANSWERS.get(each, NOT_ANSWERED),
                        key=editing.field(FORM, item),
                        horizontal=True,
                    )
                with right:
                    note = st.text_input(f"Note: {CHECKS[item]}", key=editing.field(FORM, f"{item}_note"))
                answers[item] = (answer or "", note)
        person.ask("health_by")
        save = editing.saved()
    if save and held_on is not None:
        editing.attempt(
            place,
            lambda by: entries.check(get_engine(), code, held_on, answers, by),
            "The health check was entered.",
        )


def _begin(code: str, found: Profile) -> None:
    """Open the form with the answers of the check before."""
    filters.forget_notices()
    latest = found.latest()
    values: dict[str, object] = {item: latest[item] for item in CHECKS}
    values |= {f"{item}_note": found.notes.get(item, "") for item in CHECKS}
    day: date = today()
    editing.begin(FORM, code, 0, values | {"on": day})


def _memorandum(now: Shown, code: str, found: Profile) -> None:
    register = partnerships.register(now)
    rows = register.partnerships[register.partnerships["code"] == code]
    if rows.empty:
        return
    about = rows.iloc[0].to_dict()
    members = register.members[(register.members["partnership"] == code) & register.members["going"].astype(bool)]
    source = f"Partnership register, as at {words.day(register.day)}"
    take.download(
        "Outline of a memorandum (PDF)",
        data=lambda: memorandum.pdf(about, members, found, partnerships.there(now.version), source),
        file_name=memorandum.file_name(code, str(about["name"])),
        mime=memorandum.MIME,
        icon=":material/download:",
        key="health_memorandum",
        on_click="ignore",
    )
