"""Pin a figure to a meeting: a button in the menu of every chart, and one dialog a page that it opens."""

from dataclasses import dataclass

import streamlit as st

from charts.figure import HEADLINE_WORDS, Figure
from data_access import meetings
from data_access.engine import get_engine, reading
from data_access.errors import DataAccessError
from exports.views import data
from measures import words
from pages.parts import dialogs, filters, person
from pages.parts.plain import escaped

PAGE = "pages/monitor/meeting.py"
THEN = "What counts at the meeting"


@dataclass(frozen=True)
class Asked:
    """The figure that is to be pinned: what makes it again, its own headline, the data version that the page shows."""

    origin: str
    headline: str
    version: int


def button(shown: Figure, key: str, version: int) -> bool:
    """Opens the dialog, and says if it does; nothing where the figure cannot be made again."""
    if not shown.origin:
        return False
    return st.button(
        "Pin to meeting",
        key=f"{key}_pin",
        icon=":material/keep:",
        on_click=_open,
        args=(shown.origin, shown.headline, version),
    )


def dialog(page: str) -> None:
    """The dialog, where somebody asked for it; once a page, after everything else. page: its address.

    It stays open from run to run, but not when another page is opened.
    """
    if (asked := dialogs.asked("pinning", page, _close)) is not None:
        _dialog(asked)


def _open(origin: str, headline: str, version: int) -> None:
    _close()
    st.session_state["pinning"] = Asked(origin, headline, version)


def _close() -> None:
    dialogs.forget("pinning", "pinned", "pin_meetings")


@st.dialog("Pin to meeting", width="medium", on_dismiss=_close)
def _dialog(asked: Asked) -> None:
    slot = st.empty()
    if "pinned" not in st.session_state:
        with slot.container():
            _ask(asked)
    if "pinned" in st.session_state:
        with slot.container():
            _done(*st.session_state["pinned"])


def _ask(asked: Asked) -> None:
    # As they were when the dialog opened: a meeting that ends meanwhile refuses, and no other is taken in its place.
    titles: dict[int, str] = st.session_state.setdefault("pin_meetings", _to_come())
    if titles:
        _form(asked, titles)
    else:
        st.info("There is no meeting to come. Plan one, then pin this chart.")
        st.page_link(PAGE, label="Plan a meeting", icon=":material/event:")


def _to_come() -> dict[int, str]:
    """The meetings that are not over, by number, the next one first."""
    with reading(get_engine()) as connection:
        every = meetings.meetings(connection)
    found = every[every["data_version"].isna()].iloc[::-1]
    titles = found["title"] + ", " + found["held_on"].map(words.day)
    return dict(zip(found["id"].astype(int), titles, strict=True))


def _form(asked: Asked, titles: dict[int, str]) -> None:
    fixed = f"Fixed to data version {asked.version}, {filters.day(data.reference(asked.version).made_at)}"
    with st.form("pin", border=False):
        meeting = st.selectbox("Meeting", list(titles), format_func=lambda number: titles[number], key="pin_meeting")
        headline = st.text_input(
            "Headline",
            key="pin_headline",
            max_chars=meetings.LONGEST["headline"],
            placeholder=asked.headline,
            help=f"The chart's own where you leave it blank. At most {HEADLINE_WORDS} words read well.",
        )
        note = st.text_area("Presenter's note", key="pin_note", max_chars=meetings.LONGEST["note"], height=100)
        presenter = st.text_input("Presenter", key="pin_presenter", max_chars=meetings.LONGEST["presenter"])
        back = st.session_state.get("looking_back", False)
        figures = st.radio("Figures", [THEN, fixed], index=int(back), key="pin_figures")
        by = person.ask("pin_name")
        if not st.form_submit_button("Pin", type="primary", icon=":material/keep:"):
            return
    if not by:
        st.warning(person.NEEDED, icon=":material/edit:")
        return
    said = {"headline": headline.strip(), "note": note.strip(), "presenter": presenter.strip()}
    version = asked.version if figures == fixed else None
    try:
        meetings.pin(get_engine(), meeting, asked.origin, by, **said, data_version=version)
    except DataAccessError as error:
        st.error(f"**{escaped(error.sentence)}** {escaped(error.remedy)}", icon=":material/error:")
        st.session_state.pop("pin_meetings")
        return
    st.session_state["pinned"] = (meeting, titles[meeting], said["headline"])
    st.session_state.pop("pinning")  # the next run of a whole page closes it


def _done(meeting: int, title: str, headline: str) -> None:
    st.success(f"Pinned to the agenda of {escaped(title)}.", icon=":material/check:")
    if (count := len(headline.split())) > HEADLINE_WORDS:
        st.caption(f"The headline has {count} words: at most {HEADLINE_WORDS} can be read at the back of the room.")
    st.page_link(PAGE, label="Open the agenda", icon=":material/groups:", query_params={"meeting": str(meeting)})
    if st.button("Close", key="pin_close"):
        _close()
        st.rerun()
