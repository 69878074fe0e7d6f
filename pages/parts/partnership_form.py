"""Enter, change and take away a partnership or a part of one: one form for every sheet, drawn from its fields.

What was typed stays in the form until it is saved or left.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data_access.engine import get_engine, reading
from data_access.evidence import EARLIEST
from data_access.partnerships import entries
from data_access.partnerships.checks import FAR
from data_access.partnerships.fields import BY_CODE, PARTNERSHIPS, SHEETS, Field, Sheet
from exports.partnerships import for_people
from exports.shown import ENGLAND, Shown
from exports.views import data, partnerships
from pages.parts import editing, filters, person, taking_away
from pages.parts.editing import Editing

NEW = ""
ASKED = "partnership_away"
OWNER = "partnership_form_of"  # the partnership that was chosen when the form was opened


def enter(now: Shown) -> None:
    """The button that opens an empty form for a partnership, which begins with the chosen area."""
    areas = [] if now.area_code == ENGLAND else [now.area_code]
    st.button(
        "Add a partnership",
        icon=":material/add:",
        key="partnership_add",
        on_click=_begin,
        args=(PARTNERSHIPS, NEW, 0, {"areas": areas}),
    )


def ways(sheet: Sheet, about: Mapping[str, Any]) -> None:
    """The buttons that change a row or take it away. about: the row."""
    key = about["code"] if sheet.whole else about["id"]
    seen, name = int(about["from_edit"]), sheet.one if not sheet.whole else "partnership"
    values = {each.name: about[each.name] for each in sheet.fields}
    with st.container(horizontal=True):
        st.button(
            f"Change this {name}",
            icon=":material/edit:",
            key=f"{sheet.code}_change",
            on_click=_begin,
            args=(sheet, key, seen, values),
        )
        st.button(
            "Take it away",
            icon=":material/delete:",
            key=f"{sheet.code}_away",
            on_click=lambda: st.session_state.update({ASKED: (sheet.code, key, seen)}),
        )
    if st.session_state.get(ASKED, ("",))[0] == sheet.code:
        _confirm(*st.session_state[ASKED])


def part(now: Shown, sheet: Sheet, code: str, rows: pd.DataFrame) -> None:
    """Below the rows of a part: add one, or choose one to change or take away."""
    st.button(
        f"Add {'an' if sheet.one[0] in 'aio' else 'a'} {sheet.one}",
        icon=":material/add:",
        key=f"{sheet.code}_add",
        on_click=_begin,
        args=(sheet, NEW, 0, {}),
    )
    if rows.empty:
        return
    told = for_people(sheet, rows, partnerships.there(now.version)).iloc[:, :3].agg(" · ".join, axis=1)
    labels = dict(zip(rows["id"].astype(int), told, strict=True))
    chosen = editing.chosen(f"{sheet.one.capitalize()} to change", labels, f"{sheet.code}_row")
    ways(sheet, rows[rows["id"] == chosen].iloc[0].to_dict())


def _begin(sheet: Sheet, key: str | int, seen: int, values: Mapping[str, Any]) -> None:
    filters.forget_notices()
    empty = {each.name: _nothing(each) for each in sheet.fields}
    st.session_state[OWNER] = st.query_params.get("partnership", NEW).strip().upper()
    editing.begin(sheet.code, key, seen, empty | dict(values))


def _several(field: Field) -> bool:
    return field.kind in entries.LISTS


def _nothing(field: Field) -> Any:
    """What an empty field holds."""
    return [] if _several(field) else {"flag": False, "text": "", "long": ""}.get(field.kind)


def form(now: Shown, code: str, place: DeltaGenerator) -> None:
    """The form that is open, if it belongs here. code: the partnership that is chosen, '' for none."""
    for sheet in SHEETS:
        open_form = editing.opened(sheet.code)
        if open_form is not None and st.session_state[OWNER] == code:
            _form(now, sheet, code, open_form, place)


def _form(now: Shown, sheet: Sheet, code: str, open_form: Editing, place: DeltaGenerator) -> None:
    is_new = open_form.key == NEW
    what = f"A new {sheet.one}" if is_new else f"Change this {sheet.one}"
    st.markdown(f"## {what}" + (f" of {code}" if not sheet.whole else ""))
    with st.form(f"{sheet.code}_form", enter_to_submit=False):
        values = _fields(now, sheet)
        person.ask(f"{sheet.code}_by")
        save = editing.saved()
    if not save:
        return
    engine, made = get_engine(), {}

    def do(by: str) -> None:
        if is_new:
            made["key"] = entries.add(engine, sheet, values, by, to=None if sheet.whole else code)
        else:
            entries.change(engine, sheet, open_form.key, values, by, seen=open_form.seen)

    def then() -> None:
        editing.end()
        if sheet.whole and is_new:
            st.query_params["partnership"] = str(made["key"])

    done = f"The {sheet.one} was {'entered' if is_new else 'changed'}."
    editing.attempt(place, do, done, then=then, anew=lambda: _stands(sheet, open_form.key))


def _stands(sheet: Sheet, key: str | int) -> int:
    """The edit with which a row stands now; 0 where it is no more."""
    with reading(get_engine()) as connection:
        rows = entries.rows(connection, sheet)
    mine = rows[rows["code" if sheet.whole else "id"] == key]
    return 0 if mine.empty else int(mine["from_edit"].iloc[0])


def _fields(now: Shown, sheet: Sheet) -> dict[str, Any]:
    """Draw the fields, short ones in two columns row by row so that Tab goes along; what they say."""
    values, pending = {}, list[Field]()

    def draw_pending() -> None:
        for place, field in zip(st.columns(2), pending, strict=False):
            with place:
                values[field.name] = _field(now, sheet, field)
        pending.clear()

    for field in sheet.fields:
        if field.kind in ("long", "flag", *entries.LISTS) or field.longest > 200:
            if pending:
                draw_pending()
            values[field.name] = _field(now, sheet, field)
        else:
            pending.append(field)
            if len(pending) == 2:
                draw_pending()
    if pending:
        draw_pending()
    return values


def _field(now: Shown, sheet: Sheet, field: Field) -> Any:
    key = editing.field(sheet.code, field.name)
    title = field.title if field.needed or field.kind == "flag" else f"{field.title} (optional)"
    help_text = field.explained or None
    if field.kind in ("text", "long"):
        draw = st.text_area if field.kind == "long" else st.text_input
        return draw(title, key=key, help=f"{field.explained} At most {field.longest:,} characters.".strip())
    if field.kind == "day":
        return st.date_input(title, key=key, min_value=EARLIEST, max_value=FAR, format="DD/MM/YYYY", help=help_text)
    if field.kind == "count":
        return st.number_input(
            title, value=None, key=key, min_value=0, max_value=field.most, step=1, help=help_text
        )  # None: an empty field stays empty
    if field.kind == "flag":
        return st.checkbox(title, key=key, help=help_text)
    labels = _labels(now, field)
    if _several(field):
        return st.multiselect(
            title,
            list(labels),
            format_func=lambda code: labels.get(code, code),
            key=key,
            help=help_text,
            filter_mode="contains",
            select_all=False,
        )
    if st.session_state.get(key) in ("", None) or st.session_state[key] not in labels:
        st.session_state[key] = None
    return st.selectbox(
        title,
        list(labels),
        format_func=lambda code: labels.get(code, code),
        key=key,
        index=None,
        placeholder="Choose",
        help=help_text,
        filter_mode="contains",
    )


def _labels(now: Shown, field: Field) -> Mapping[str, str]:
    names = partnerships.there(now.version)
    if field.kind == "outcomes":
        return {row.code: f"{row.code} {row.title}" for row in data.reference(now.version).outcomes.itertuples()}
    if field.kind == "partners":
        return _partners(now)
    return {"areas": names.areas, "area": names.authorities, "period": names.years}.get(field.kind, field.words)


def _partners(now: Shown) -> Mapping[str, str]:
    """The schools and authorities among the members of the partnership whose form is open: code → name."""
    members = partnerships.sheet("members", partnerships.edit_shown(now.version), now.version)
    mine = members[(members["partnership"] == st.session_state[OWNER]) & members["kind"].isin(["school", "la"])]
    return dict(zip(mine["organisation"], mine["called"], strict=True))


# Take away -----------------------------------------------------------------------------------------------


def _answered() -> None:
    st.session_state.pop(ASKED, None)


@st.dialog("Take this away?", icon=":material/delete:", on_dismiss=_answered)
def _confirm(sheet_code: str, key: str | int, seen: int) -> None:
    sheet = BY_CODE[sheet_code]
    parts = " with all its parts" if sheet.whole else ""
    take = partial(entries.take_away, get_engine(), sheet, key, seen=seen)
    if taking_away.taken(f"The {sheet.one}{parts}", "partnership", take, _answered):
        editing.end()
        st.session_state["done"] = f"The {sheet.one} was taken away."
        if sheet.whole:
            st.query_params.pop("partnership", None)
        st.rerun()
