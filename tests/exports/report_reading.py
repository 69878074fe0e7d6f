"""What finished files say, read by other libraries than those that wrote them where there are any."""

import io
import re
from typing import Any

import pandas as pd
import pypdf
from openpyxl import load_workbook
from pptx import Presentation


def pdf_text(content: bytes) -> str:
    """All text of a PDF on one line, blanks as they come."""
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages).split())


def tags(reader: pypdf.PdfReader) -> list[pypdf.generic.DictionaryObject]:
    """Every structure element of a tagged PDF."""
    found, left = [], [reader.trailer["/Root"]["/StructTreeRoot"]]
    while left:
        node = left.pop().get_object()
        if isinstance(node, pypdf.generic.ArrayObject):
            left += list(node)
        elif isinstance(node, pypdf.generic.DictionaryObject):
            found.append(node)
            if "/K" in node and not isinstance(node["/K"], int):
                left.append(node["/K"])
    return found


def flat(outline: list) -> list:
    """The items of an outline, of every depth, in order."""
    return [each for item in outline for each in (flat(item) if isinstance(item, list) else [item])]


def slide_charts(content: bytes) -> dict[str, list[pd.DataFrame]]:
    """A slide's section, as the line above its title says it → the figures of its charts: categories × series."""
    found: dict[str, list[pd.DataFrame]] = {}
    for slide in Presentation(io.BytesIO(content)).slides:
        section = next(shape.text_frame.text for shape in slide.shapes if shape.name == "Section").split(" · ")[-1]
        for shape in slide.shapes:
            if shape.has_chart:
                plot = shape.chart.plots[0]
                series = {each.name: list(each.values) for each in plot.series}
                found.setdefault(section, []).append(pd.DataFrame(series, index=list(plot.categories), dtype=float))
    return found


def view_slides(content: bytes) -> dict[int, list[Any]]:
    """The number of a pack's view → its slides."""
    found: dict[int, list[Any]] = {}
    for slide in Presentation(io.BytesIO(content)).slides:
        above = next(shape.text_frame.text for shape in slide.shapes if shape.name == "Section")
        number = re.search(r" · (\d+) of \d+(?: · |$)", above)
        if number:
            found.setdefault(int(number[1]), []).append(slide)
    return found


def chart_values(slides: list[Any]) -> list[pd.DataFrame]:
    """The figures of the native charts on slides, in order: categories × series."""
    plots = [shape.chart.plots[0] for slide in slides for shape in slide.shapes if shape.has_chart]
    return [
        pd.DataFrame({each.name: list(each.values) for each in plot.series}, index=list(plot.categories))
        for plot in plots
    ]


def sheet(content: bytes, name: str) -> pd.DataFrame:
    """The table of a sheet of a workbook: below the last row of words above it, as its own named range says."""
    found = load_workbook(io.BytesIO(content))[name]
    table = next(iter(found.tables.values()))
    header, *rows = [[cell.value for cell in row] for row in found[table.ref]]
    return pd.DataFrame(rows, columns=header, dtype=object)
