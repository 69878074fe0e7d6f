"""The pack of a meeting as files, each made when it is asked for."""

import pandas as pd

from data_access import meetings
from data_access.engine import get_engine, reading
from exports.pack import content, files
from pages.parts import address, take

LABELS = {"pptx": "Pack (PowerPoint)", "pdf": "Pack (PDF)"}


def buttons(meeting: pd.Series) -> None:
    """A button a format; an empty agenda makes no pack, and says so."""
    number, server = int(meeting["id"]), address.server()
    with reading(get_engine()) as connection:
        empty = meetings.agenda(connection, number).empty
    for kind, label in LABELS.items():
        take.download(
            label,
            data=lambda kind=kind: files.make(number, kind, address=server)[1],
            file_name=f"{content.stem(meeting)}.{kind}",
            mime=files.KINDS[kind],
            key=f"pack_{kind}",
            icon=":material/download:",
            on_click="ignore",
            disabled=empty,
            help="Pin a view to the agenda first: an empty agenda makes no pack." if empty else None,
        )
