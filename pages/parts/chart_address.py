"""The chart builder's address: what its controls say stands there, and what stands there on arrival they take."""

import streamlit as st

from exports import chart_choice
from exports.chart_choice import OPTIONS, Choice
from pages.parts import plain

SAID, TROUBLE = "built_said", "built_trouble"


def _asked() -> dict[str, list[str]]:
    """What the address says of the chart."""
    return {name: values for name in OPTIONS if (values := st.query_params.get_all(name))}


def arrived(version: int) -> Choice | None:
    """The chart that the address asks for where it came from elsewhere: a link, Back; None where the page wrote it.

    What of it cannot be read is said by `trouble` until something is chosen.
    """
    asked = _asked()
    if st.session_state.get(SAID) == asked:
        return None
    found, st.session_state[TROUBLE] = chart_choice.read(asked, version)
    return found


def trouble() -> None:
    """Say what of the address could not be read."""
    if said := st.session_state.get(TROUBLE):
        st.warning(plain.escaped(said), icon=":material/help:")


def forget_trouble() -> None:
    """Something was chosen: for callbacks."""
    st.session_state[TROUBLE] = ""


def write(asked: Choice) -> None:
    """Let the address say the chart."""
    wanted = {
        name: [value] if isinstance(value, str) else list(value) for name, value in chart_choice.options(asked).items()
    }
    before = _asked()
    for name in before.keys() - wanted.keys():
        del st.query_params[name]
    if changed := {name: values for name, values in wanted.items() if before.get(name) != values}:
        st.query_params.update(changed)
    st.session_state[SAID] = wanted
