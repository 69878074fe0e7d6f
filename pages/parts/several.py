"""Parameters of the address that hold several names: understood however they are spelt, cut where there are too many.

In the address each stands by itself (?areas=Camden&areas=London); on arrival one list with commas will do, too.
"""

from collections.abc import Sequence

import streamlit as st

from measures import words
from pages.parts import plain

LONGEST, NAMED = 40, 3  # characters of a name that a notice repeats, and how many of them


def parse(given: Sequence[str], names: dict[str, str]) -> tuple[list[str], list[str]]:
    """The labels that are meant, each once and in the order given, and what is not understood.

    names: everything that something may be called, in lower case → its label. A value that is no name is taken for a
    list with commas.
    """
    found: list[str] = []
    unknown: list[str] = []
    for value in given:
        for part in [value] if value.strip().lower() in names else value.split(","):
            name = " ".join(part.lower().replace("_", " ").split())
            label = names.get(part.strip().lower()) or names.get(name)
            if label is not None:
                found.append(label)
            elif name:
                unknown.append(part.strip())
    return list(dict.fromkeys(found)), list(dict.fromkeys(unknown))


def unknown_words(unknown: Sequence[str], what: str, many: str) -> str:
    """'“Atlantis” is not a known area and is left out.'; of more than NAMED the first are named."""
    said = [f"“{plain.escaped(name if len(name) <= LONGEST else name[:LONGEST] + '…')}”" for name in unknown[:NAMED]]
    if len(unknown) > NAMED:
        said.append(f"{len(unknown) - NAMED} more")
    known = f"is not a known {what} and is" if len(unknown) == 1 else f"are not known {many} and are"
    return f"{words.joined(said)} {known} left out."


def understand(key: str, names: dict[str, str], most: int, what: str, many: str) -> None:
    """Correct a parameter before its widget takes it, and begin again; say what is left out."""
    if key in st.session_state:
        return
    given = st.query_params.get_all(key)
    found, unknown = parse(given, names)
    if found[:most] == given:
        return
    notices = st.session_state.setdefault("notices", [])
    if unknown:
        notices.append(unknown_words(unknown, what, many))
    if len(found) > most:
        notices.append(
            f"At most {words.plural(most, what, many)} can be compared: the first {most} are shown, "
            f"{len(found) - most} left out."
        )
    if found:
        st.query_params[key] = found[:most]
    else:
        del st.query_params[key]
    st.rerun()
