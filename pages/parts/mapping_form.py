"""The mapping of a file, to be read, corrected and filled in: as a form, or as the YAML that says the same."""

from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from data_access.files.propose import Part, Proposal
from data_access.files.recognise import Column, Recognition
from exports.views import data
from pages.parts import define_form, mapping_words
from pages.parts.plain import escaped

LICENCES = ["Open Government Licence v3.0", "Crown copyright", "Not for publication"]
KINDS = {"published": "Published figures", "illustrative": "Illustrative: invented figures"}
ROLES = {
    "keep": "Rows to choose from",
    "staff_group": "Staff group",
    "phase": "Phase",
    "term": "Term",
    "": "Not used",
}
PHASES = {"all": "All phases", "primary": "Primary", "secondary": "Secondary", "special": "Special"}
TERMS = {"year": "Whole year", "autumn": "Autumn", "spring": "Spring", "summer": "Summer"}
LEFT_OUT, NEW = "", ""
MOST_VALUES = 24


@dataclass
class Draft:
    """A mapping in the making. content: as its YAML says it; shown: what the form began with; edition: of the form.

    fault: why its YAML cannot be read, if so; items: indicators as this edition of the form left them, by their place.
    """

    content: Any
    parts: dict[str, Part] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    shown: Any = None
    edition: int = 0
    fault: str = ""
    items: dict[int, dict] = field(default_factory=dict)

    @classmethod
    def of(cls, proposal: Proposal) -> "Draft":
        """The proposal, to be confirmed."""
        return cls(proposal.content, {part.place: part for part in proposal.parts}, proposal.notes, proposal.left)


def edit(draft: Draft, found: Recognition) -> None:
    """Draw the editor; what it says goes into the draft."""
    for note in draft.notes:
        st.caption(f":material/info: {escaped(note)}")
    way = st.segmented_control(
        "Edit the mapping as", ["Form", "YAML"], default="Form", required=True, key=f"way_{id(draft)}"
    )
    if way == "YAML":
        _as_yaml(draft)
    elif not mapping_words.formable(draft.content):
        st.info("What the YAML says cannot be shown as a form. Mend it as YAML first.")
    else:
        _as_form(draft, found)


def _as_yaml(draft: Draft) -> None:
    key = f"yaml_{draft.edition}"
    st.session_state.setdefault(key, mapping_words.to_text(draft.content))
    text = st.text_area("Mapping as YAML", key=key, height=460, help="Ctrl+Enter takes what you wrote.")
    content, draft.fault = mapping_words.from_text(text)
    if not draft.fault:
        if content != draft.content:
            draft.parts, draft.notes = {}, []  # what was proposed, and why, is gone
        draft.content = content
    draft.shown = None  # the form begins anew from this


def _as_form(draft: Draft, found: Recognition) -> None:
    first = f"m{draft.edition}_data_set"
    if draft.shown is None or first not in st.session_state:
        draft.shown, draft.fault, draft.items = draft.content, "", {}
        draft.edition += 1
    base, form = draft.shown, Form(f"m{draft.edition}", draft, found)
    content = {**base, **form.about(base)}
    st.markdown("#### Filters: what do its other columns say?")
    content["filters"] = form.filters(base.get("filters") or {})
    st.markdown("#### Indicators: which figures come in?")
    content["indicators"] = form.indicators(base.get("indicators") or [])
    draft.content = content


class Form:
    """The widgets of one edition; each begins with what the draft said and keeps what the person says."""

    def __init__(self, prefix: str, draft: Draft, found: Recognition):
        self.prefix, self.draft, self.found = prefix, draft, found
        known = data.reference(data.current_version())
        self.known = dict(zip(known.indicators["code"], known.indicators["short_title"], strict=True))
        self.outcomes = dict(zip(known.outcomes["code"], known.outcomes["title"], strict=True))
        self.groups = dict(zip(known.staff_groups["code"], known.staff_groups["title"], strict=True))

    def key(self, name: str, value: Any) -> str:
        """The key of a widget, which begins with the value."""
        key = f"{self.prefix}_{name}"
        st.session_state.setdefault(key, value)
        return key

    def text(self, name: str, label: str, value: Any, **how: Any) -> str:
        """A line of text."""
        return st.text_input(label, key=self.key(name, "" if value is None else str(value)), **how).strip()

    def one(self, name: str, label: str, options: dict, value: Any, **how: Any) -> Any:
        """One of several ('' stands for none); a value that is not among them is offered, too, so as not to be lost."""
        value = "" if value is None else value
        options = options if value in options else {value: str(value), **options}
        key = self.key(name, value)
        return st.selectbox(label, list(options), format_func=lambda code: options[code], key=key, **how)

    def about(self, base: dict) -> dict:
        """Whose figures these are."""
        left, right = st.columns(2)
        with left:
            source = self.text("source", "Source: who published it, and under which title", base.get("source"))
            name = self.text("data_set", "Name of the data set", base.get("data_set"))
        with right:
            given = str(base.get("licence") or "")
            options = list(dict.fromkeys([*([given] if given else []), *LICENCES]))
            key = self.key("licence", given or None)
            licence = st.selectbox(
                "Licence", options, index=None, key=key, accept_new_options=True, placeholder="Choose or type"
            )
            kind = self.one("kind", "Kind of figures", KINDS, base.get("kind", "published"))
        made = {"data_set": name, "source": source, "licence": licence or "", "kind": kind}
        if "School" in self.found.levels:
            says = {"refuse": "Refuse the file", "add": "Add them to the register"}
            made["new_schools"] = self.one(
                "new_schools", "Schools that are not in the register", says, base.get("new_schools", "refuse")
            )
        return made

    def _why(self, place: str) -> None:
        part = self.draft.parts.get(place)
        if part:
            mark = "" if part.sure else " :orange-badge[:material/help: Please check]"
            saved = part.why.startswith("as in the mapping that was saved")
            said = "As in the mapping that was saved." if saved else f"Proposed, because {escaped(part.why)}"
            st.caption(said + mark)

    def filters(self, base: dict) -> dict:
        """What each filter column says."""
        made, columns = {}, {column.name: column for column in self.found.of_role("filter")}
        if not columns and not base:
            st.caption("The file has no filter columns: each place and period has one row.")
        for at, name in enumerate(dict.fromkeys([*columns, *base])):
            rule = base.get(name) or {}
            with st.container(border=True):
                column = columns.get(name)
                label = f" · {escaped(column.label)}" if column and column.label else ""
                st.markdown(f"**{escaped(str(name))}**{label}")
                role = self.one(f"f{at}", "What does this column hold?", ROLES, rule.get("role", ""))
                self._why(f"filters.{name}")
                if role:
                    values = rule.get("values", []) if role == rule.get("role") else []
                    made[name] = {"role": role, "values": self._values(at, role, values, column)}
        return made

    def _values(self, at: int, role: str, values: dict | list, column: Column | None) -> dict | list:
        there = list(column.values) if column else []
        offered = list(dict.fromkeys([*there, *values]))
        if role == "keep":
            key = self.key(f"f{at}_keep", list(values))
            return st.multiselect("Rows to take: those with", offered, key=key)
        meanings = {"phase": PHASES, "term": TERMS}.get(role, self.groups)
        says = {LEFT_OUT: "Leave these rows out", **meanings}
        means = values if isinstance(values, dict) else {}
        made = {value: code for value, code in means.items() if value not in offered[:MOST_VALUES]}
        with st.container(horizontal=True):
            for number, value in enumerate(offered[:MOST_VALUES]):
                code = self.one(
                    f"f{at}_{role}_{number}", f"“{escaped(value)}”", says, means.get(value, LEFT_OUT), width=230
                )
                if code:
                    made[value] = code
        if len(offered) > MOST_VALUES:
            st.caption(f"It has more values than the {MOST_VALUES} shown: give the others as YAML.")
        return made

    def indicators(self, base: list) -> list:
        """Which indicators come in, and from which columns."""
        names = {at: self._named(item) for at, item in enumerate(base)}
        chosen: list[int] = []
        if not base:
            st.caption("No column was taken for an indicator: add one.")
        else:
            key = self.key("take", list(names))
            chosen = st.multiselect("Bring in", list(names), format_func=lambda at: names[at], key=key)
        made = []
        for at in chosen:
            item = self.draft.items.get(at, base[at])
            box = st.expander(
                escaped(names[at]),
                expanded=len(base) == 1,
                icon=":material/monitoring:",
                key=f"{self.prefix}_i{at}_box",
                on_change="rerun",
            )
            with box:
                if box.open:  # only then are its twenty widgets drawn: a file may bring many indicators
                    item = self.draft.items[at] = self._indicator(at, item)
            made.append(item)
        if st.button("Add an indicator", icon=":material/add:", key=f"{self.prefix}_add"):
            new = {"indicator": f"new_indicator_{len(base) + 1}", "define": {"code": f"new_indicator_{len(base) + 1}"}}
            self.draft.content = {**self.draft.content, "indicators": [*made, new]}
            self.draft.shown = None
            st.rerun()
        return made

    def _named(self, item: dict) -> str:
        """'Overall absence rate (new)'."""
        code, define = str(item.get("indicator")), item.get("define") or {}
        return self.known.get(code) or f"{define.get('short_title') or code} (new)"

    def _indicator(self, at: int, item: dict) -> dict:
        code = str(item.get("indicator"))
        define = item.get("define") or None
        columns = {"": "None"} | {
            column.name: f"{column.name} · {column.label}" if column.label else column.name
            for column in self.found.of_role("indicator")
        }
        options = {NEW: "A new indicator"} | self.known
        start = NEW if define is not None and code not in self.known else code
        chosen = self.one(f"i{at}", "Indicator", options, start)
        self._why(f"indicators.{code}")
        made: dict[str, Any] = {"indicator": chosen}
        boxes = st.columns(4)
        for box, (name, label) in zip(
            boxes,
            {"numerator": "Numerator", "denominator": "Denominator", "rate": "Published rate"}.items(),
            strict=False,
        ):
            with box:
                column = self.one(f"i{at}_{name}", label, columns, item.get(name))
                made |= {name: column} if column else {}
        with boxes[3]:
            groups = {"": "As its filter says, or all"} | self.groups
            group = self.one(f"i{at}_group", "Staff group", groups, item.get("staff_group"))
            made |= {"staff_group": group} if group else {}
        if chosen == NEW:
            made["define"] = define_form.define(self, f"i{at}_d", {"code": code} | (define or {}))
            made["indicator"] = made["define"]["code"]
        return made
