"""Take out: a selection of the published figures as a file that can be brought in again elsewhere."""

from functools import partial

import pandas as pd
import streamlit as st

from charts.figure import slugify
from data_access import access
from data_access.access import Viewer
from data_access.errors import ImportCancelled
from data_access.jobs import Job
from data_access.publish import PARTS
from exports.tables import files
from exports.views import data
from measures import words
from measures.sums import with_ancestors
from pages.parts import address, filters, progress, take
from pages.parts.plain import escaped, size

LEVELS = {"england": "England", "region": "Regions", "la": "Local authorities", "school": "Schools"}
PHASES = {"all": "All phases", "primary": "Primary", "secondary": "Secondary", "special": "Special"}


def view() -> None:
    """The selection, how large it is, and its file."""
    now = filters.shown()
    known = data.reference(now.version)
    st.header("Take figures out")
    st.markdown(
        "The figures that the pages show, as a file for a spreadsheet or a program. What is suppressed on the pages is "
        "suppressed in it."
    )
    titles = {
        row.code: f"{row.outcome} {row.short_title}" if row.outcome else row.short_title
        for row in known.indicators.itertuples()
    }
    indicators = st.multiselect(
        "Indicators", list(titles), format_func=lambda code: titles[code], key="out_indicators",
        default=list(titles)[:1],
    )  # fmt: skip
    schools = data.school_counts(now.version, access.viewer())
    left, right = st.columns(2)
    with left:
        levels = st.multiselect(
            "Levels",
            [level for level in LEVELS if level != "school" or schools],
            format_func=lambda code: LEVELS[code],
            key="out_levels",
            default=["england", "region"],
        )
        labels = dict(zip(known.periods["code"], known.periods["label"], strict=True))
        periods = st.multiselect(
            "Periods",
            list(reversed(labels)),
            format_func=lambda code: labels[code],
            key="out_periods",
            placeholder="All",
        )
        areas = _areas(known)
    with right:
        groups = _groups(known, indicators)
        staff = st.multiselect(
            "Staff groups", list(groups), format_func=lambda code: groups[code], key="out_staff",
            default=["all"] if "all" in groups else None,
            help="Those for which every chosen indicator is collected.",
        )  # fmt: skip
        phases = st.multiselect(
            "Phases", list(PHASES), format_func=lambda code: PHASES[code], key="out_phases", default=["all"]
        )
    blank = [
        name
        for name, given in (("indicator", indicators), ("level", levels), ("staff group", staff), ("phase", phases))
        if not given
    ]
    if blank:
        st.info(f"Choose at least one {', one '.join(blank)}.")
        return
    fitting, places = _periods(known, indicators, periods), _places(known, schools, levels, areas)
    most = len(fitting) * len(staff) * len(phases) * places
    parts = ((fitting, "period"), (range(places), "place"), (staff, "staff group"), (phases, "phase"))
    said = words.joined([words.plural(len(part), name) for part, name in parts])
    st.caption(f"At most {words.plural(most, 'row')}: {said}. Each indicator has {len(PARTS)} columns.")
    if "school" in levels and access.viewer().schools_of is not None:
        names = known.authorities.loc[known.authorities["code"].isin(list(schools)), "name"]
        st.caption(f"Schools: only those of {words.joined(sorted(names))}, which you may see.")
    selection = {
        "indicators": indicators,
        "levels": levels,
        "periods": periods or None,
        "staff_groups": staff,
        "phases": phases,
        "areas": areas or None,
        "as_at": now.version,
    }
    _file(
        selection,
        most * len(PARTS) * len(indicators),
        slugify(*indicators[:2], "and more" if len(indicators) > 2 else "", *[LEVELS[level] for level in levels]),
    )
    st.page_link("pages/reference/definitions.py", label="What the indicators mean", icon=":material/menu_book:")


def _file(selection: dict, cells: int, stem: str) -> None:
    """Make it in the chosen format when asked, then offer it. cells: how many it has at most."""
    labels = {kind: about.label for kind, about in files.KINDS.items()}
    kind = st.segmented_control(
        "Format", list(labels), format_func=lambda kind: labels[kind], key="out_format", default="zip", required=True
    )
    assert kind is not None
    about = files.KINDS[kind]
    st.caption(about.about)
    if cells > about.room.most:
        st.caption(
            f":material/info: This may be more than {about.room.what} holds: {about.room.most:,} cells; "
            f"the selection has at most {cells:,}."
        )
    server = address.server()
    viewer = access.viewer()
    asked = (kind, selection, viewer)  # what was made under other rights is another file
    if st.button("Make the file", type="primary", icon=":material/table_view:"):
        _stop()
        job = Job("Taking figures out", lambda step: files.taken(kind, stem, selection, server, step))
        st.session_state["taking_out"] = (asked, job.start())
    begun = st.session_state.get("taking_out")
    if begun and begun[0] != asked:
        _stop()  # nobody waits for it any more
    elif begun and progress.over(begun[1], "out"):
        _offer(begun[1], about, f"{stem}.{kind}", viewer)


def _stop() -> None:
    begun = st.session_state.pop("taking_out", None)
    if begun:
        begun[1].cancel()


def _offer(job: Job[tuple[int, bytes]], about: files.Kind, name: str, viewer: Viewer) -> None:
    """The file, or why there is none. about: of its kind; name: of the file; viewer: who had it made."""
    if isinstance(job.error, ImportCancelled):
        st.info("Stopped; no file was made.", icon=":material/cancel:")
    elif job.error is not None:
        st.warning(f"**{escaped(job.error.sentence)}** {escaped(job.error.remedy)}", icon=":material/help:")
    elif job.result is not None:
        rows, content = job.result
        take.download(
            f"Download {words.plural(rows, 'row')} ({about.label}, {size(len(content))})",
            data=content,
            file_name=name,
            mime=about.media,
            check=partial(take.as_before, viewer),
            icon=":material/download:",
            key="out_file",
            on_click="ignore",
        )


def _areas(known: data.Reference) -> list[str]:
    names = dict(zip(known.regions["code"], known.regions["name"], strict=True))
    names |= dict(zip(known.authorities["code"], known.authorities["name"], strict=True))
    now = filters.shown()
    if "out_areas" not in st.session_state:
        st.session_state["out_areas"] = [code for code in [now.la or now.region] if code]
    return st.multiselect(
        "Areas, with what lies in them", list(names), format_func=lambda code: names[code], key="out_areas",
        placeholder="All of England",
    )  # fmt: skip


def _groups(known: data.Reference, indicators: list[str]) -> dict[str, str]:
    """The staff groups for which all of the indicators are collected: code → title."""
    parents = {
        str(row.code): None if pd.isna(row.parent) else str(row.parent) for row in known.staff_groups.itertuples()
    }
    titles = dict(zip(known.staff_groups["code"], known.staff_groups["title"], strict=True))
    about = known.indicators.set_index("code")
    for code in indicators:
        if about.loc[code, "collected_from"] != "published":
            collected = with_ancestors(about.loc[code, "staff_groups"], parents)
            titles = {group: title for group, title in titles.items() if group in collected}
    return titles


def _periods(known: data.Reference, indicators: list[str], chosen: list[str]) -> list[str]:
    """The chosen periods, or all, of a kind in which one of the indicators is collected."""
    kinds = set(known.frequency[indicators])
    fitting = known.periods.loc[known.periods["kind"].isin(kinds), "code"]
    return [code for code in fitting if not chosen or code in chosen]


def _places(known: data.Reference, schools: dict[str, int], levels: list[str], areas: list[str]) -> int:
    """How many places the selection has at most; schools: how many each authority has."""
    regions = known.regions["code"]
    las = known.authorities
    if areas:
        regions = regions[regions.isin(areas)]
        las = las[las["code"].isin(areas) | las["region_code"].isin(areas)]
    of_las = sum(schools.get(code, 0) for code in las["code"])
    each = {"england": 1, "region": len(regions), "la": len(las), "school": of_las}
    return sum(each[level] for level in levels)
