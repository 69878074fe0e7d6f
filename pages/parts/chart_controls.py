"""The controls of the chart builder: those that the kind of chart has a use for, and what they say together."""

from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from charts.dots import ORDERS
from charts.lines import MOST as MOST_LINES
from exports import chart_choice
from exports.chart_choice import EACH, KINDS, LONGEST, MOST, SIZES, STARTS, USES, Choice
from exports.shown import Shown
from exports.views import data, figures
from pages.parts import chart_address, filters

OWN: Final = "own"
WHOSE: Final = EACH | {OWN: "My own choice"}
# What each kind of chart is for, in a line below the choice of it.
ABOUT: Final = {
    "dots": "Areas in order, each with its interval.",
    "bars": "Areas by length; staff groups side by side.",
    "trend": "Over time: one area against its expected path, or several lines.",
    "heat": "Many indicators in many areas, by status.",
    "spine": "Every indicator of one place against England.",
    "scatter": "Whether areas high on one indicator are high on another.",
    "funnel": "Which authorities differ by more than chance.",
    "map": "Where values are high and low.",
    "tiles": "The same, each authority one equal square.",
}
TYPE_PART: Final = "Type part of a name"


def choose(now: Shown) -> Choice:
    """Draw the controls; what they say. They take what the address says where it came from elsewhere."""
    if (found := chart_address.arrived(now.version)) is not None:
        _take(found, now)
    _follow(now)
    kind = _one("kind", list(KINDS), "Kind of chart", KINDS.__getitem__, on_change=_kind_chosen)
    st.caption(ABOUT[kind])
    asked: dict[str, Any] = {"kind": kind, "indicators": _indicators(now, kind)}
    used = USES[kind]
    asked |= _areas(now, kind)
    if "since" in used:
        codes = ["", *_periods(now)]
        labels = data.reference(now.version).period_labels
        asked["since"] = _one("since", codes, "From", lambda code: labels.get(code, "The first there is"))
    if "groups" in used:
        titles = data.reference(now.version).staff_groups.set_index("code")["title"].to_dict()
        asked["groups"] = _several(
            "groups", list(titles), "Staff groups to compare", titles.__getitem__, f"{now.staff_label.capitalize()}"
        )
    with st.expander("Words", key="built_words"):
        asked |= _words()
    with st.expander("Look and size", key="built_look"):
        asked |= _look(now, used)
    made = chart_choice.relevant(Choice(**asked))
    chart_address.write(made)
    return made


def _key(option: str) -> str:
    return f"built_{option}"


def _take(found: Choice, now: Shown) -> None:
    """Let every control say what a choice says."""
    for option in chart_choice.OPTIONS:
        value = getattr(found, option)
        st.session_state[_key(option)] = list(value) if isinstance(value, tuple) else value
    st.session_state[_key("labels")] = found.numbers
    st.session_state[_key("start")] = "zero" if found.from_zero else "close"
    st.session_state[_key("whose")] = OWN if found.areas else found.each or figures.compared_level(now)
    _cut(found.kind)


def _cut(kind: str) -> None:
    """No more areas than the kind of chart takes: the control refuses more."""
    chosen = st.session_state.get(_key("areas"), [])
    st.session_state[_key("areas")] = chosen[: _most_areas(kind)]


def _follow(now: Shown) -> None:
    """Whose areas are shown goes with the sidebar as long as nothing else was chosen."""
    usual = figures.compared_level(now)
    before = st.session_state.get(_key("usual"), usual)
    if st.session_state.get(_key("whose"), before) == before:
        st.session_state[_key("whose")] = usual
    st.session_state[_key("usual")] = usual


def _kind_chosen() -> None:
    """Another kind begins with its own labels and scale."""
    kind = st.session_state[_key("kind")]
    st.session_state[_key("labels")] = Choice(kind).numbers
    st.session_state[_key("start")] = "zero" if Choice(kind).from_zero else "close"
    _cut(kind)
    chart_address.forget_trouble()


def _most_areas(kind: str) -> int:
    return {"spine": 1, "trend": MOST_LINES}.get(kind, MOST["areas"])


def _one(
    option: str,
    values: list[str],
    label: str,
    said: Callable[[str], str],
    on_change: Callable[[], None] = chart_address.forget_trouble,
) -> str:
    """A choice of one of a few."""
    if st.session_state.get(_key(option)) not in values:
        st.session_state[_key(option)] = values[0]
    return str(st.selectbox(label, values, format_func=said, key=_key(option), on_change=on_change))


def _several(
    option: str, values: list[str], label: str, said: Callable[[str], str], none: str, most: int = 0
) -> tuple[str, ...]:
    """A choice of several, found by typing. none: what is shown where nothing is chosen."""
    most = most or MOST[option]
    known = set(values)
    st.session_state[_key(option)] = [each for each in st.session_state.get(_key(option), []) if each in known]
    chosen = st.multiselect(
        f"{label}, up to {most}" if most > 1 else label,
        values,
        format_func=said,
        key=_key(option),
        max_selections=most,
        select_all=False,
        placeholder=none,
        on_change=chart_address.forget_trouble,
    )
    return tuple(chosen)


def _indicators(now: Shown, kind: str) -> tuple[str, ...]:
    labels, _ = filters.indicator_labels(now.version)
    titles = {code: label for label, code in labels.items()}
    first = next(iter(titles))
    none = {"heat": "Every indicator", "spine": "Every indicator", "scatter": "Choose two"}.get(kind, titles[first])
    return _several("indicators", list(titles), "Indicators", titles.__getitem__, none)


def _periods(now: Shown) -> list[str]:
    """The codes of the years before the period shown, earliest first; of its terms where a term is shown."""
    known = data.reference(now.version).periods.set_index("code")
    there = known[known["position"] < known["position"][now.period]]
    alike = there[there["kind"] == known["kind"][now.period]]
    return [str(code) for code in alike.sort_values("position").index]


def _areas(now: Shown, kind: str) -> dict[str, Any]:
    """Whose figures: those of a level, or areas found by typing."""
    used, said = USES[kind], {}
    own = "areas" in used
    if "each" in used:
        options = [each for each in WHOSE if own or each != OWN]
        if st.session_state.get(_key("whose")) not in options:
            st.session_state[_key("whose")] = figures.compared_level(now)
        names = WHOSE | ({"la": f"Authorities of {now.region_name}"} if now.region else {})
        whose = _one("whose", options, "Areas", names.__getitem__)
        own = own and whose == OWN
        said = {"each": "" if whose in (OWN, figures.compared_level(now)) else whose}
    if not own:
        return said
    names_of = list(data.areas(now.version)["area"])
    none = TYPE_PART if "each" in used else now.area
    label = "Area" if _most_areas(kind) == 1 else "Areas to show" if "each" in used else "Areas"
    return said | {"areas": _several("areas", names_of, label, str, none, _most_areas(kind))}


def _words() -> dict[str, Any]:
    hints = {
        "title": "What the chart finds",
        "subtitle": "None of your own",
        "note": "None",
    }
    helps = {
        "title": "In place of the finding above the chart.",
        "subtitle": "Stands before measure, place and period, which stay.",
        "note": "Stands first among the notes below the chart.",
    }
    said = {}
    for option, most in LONGEST.items():
        st.session_state.setdefault(_key(option), "")
        typed = st.text_input(
            option.capitalize(),
            max_chars=most,
            key=_key(option),
            placeholder=hints[option],
            help=helps[option],
            on_change=chart_address.forget_trouble,
        )
        said[option] = chart_choice.plain_text(typed or "", most)
    return said


def _look(now: Shown, used: frozenset[str]) -> dict[str, Any]:
    said: dict[str, Any] = {"size": _one("size", list(SIZES), "Size", SIZES.__getitem__)}
    if "mark" in used:
        names = list(data.areas(now.version)["area"])
        none = "None" if now.area == "England" else now.area
        said["mark"] = _several("mark", names, "Areas to highlight", str, none)
    if "order" in used:
        said["order"] = _one("order", list(ORDERS), "Order", ORDERS.__getitem__)
    if "start" in used:
        said["start"] = _one("start", list(STARTS), "The scale begins", STARTS.__getitem__)
    if "labels" in used:
        st.session_state.setdefault(_key("labels"), False)
        label = "Names of areas" if "each" in used and "groups" not in used else "Numbers"
        on = st.toggle(f"{label} on the chart", key=_key("labels"), on_change=chart_address.forget_trouble)
        said["labels"] = "on" if on else "off"
    return said
