"""The report of the chosen authority as files, each made when it is asked for."""

import streamlit as st

from exports import frames
from exports.report import content, files, works
from exports.report.material import Material
from exports.report.parts import Report
from exports.shown import Shown
from exports.views import data, figures
from pages.parts import address, take, thresholds

LABELS = {"pdf": "Report (PDF)", "pptx": "Report (PowerPoint)", "xlsx": "Report (workbook)"}


def material(now: Shown) -> Material:
    """What the report of any authority is made from, of the frames that the pages keep."""
    choice = (now.version, "la", now.staff_group, now.phase)
    earlier = figures.year_before(now)
    return Material(
        known=data.reference(now.version),
        period=now.period,
        staff_group=now.staff_group,
        staff_label=now.staff_label,
        phase=now.phase,
        england=figures.area_rows(now, "england"),
        regions=figures.area_rows(now, "region"),
        authorities=data.beside(*choice, now.period),
        before=None if earlier is None else data.at(*choice, earlier),
        over_time={level: data.history(now.version, level, now.staff_group, now.phase) for level in ("england", "la")},
        by_phase={phase: data.at(now.version, "la", now.staff_group, phase, now.period) for phase in frames.PHASES},
        neighbours=data.neighbours(now.version),
        limits=thresholds.for_all(now.version),
        works=works.read(now),
    )


def made(now: Shown, server: str, earlier: bool) -> Report:
    """The report of the chosen authority. server: the address of this one; earlier: True where the page looks back."""
    return content.report(material(now), str(now.la), address=server, earlier=earlier)


def buttons(now: Shown) -> None:
    """A button a format; a file is made when its button is clicked. An authority must be chosen."""
    server, earlier = address.server(), st.session_state.get("looking_back", False)
    stem = content.stem(now.area, now.period_label, now.staff_group, now.staff_label, now.phase, now.version, earlier)
    with st.container(horizontal=True):
        for kind, label in LABELS.items():
            take.download(
                label,
                data=lambda kind=kind: files.make(made(now, server, earlier), kind),
                file_name=f"{stem}.{kind}",
                mime=files.KINDS[kind],
                key=f"report_{kind}",
                icon=":material/download:",
                on_click="ignore",
            )
