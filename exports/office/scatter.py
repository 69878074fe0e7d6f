"""Points and lines on two axes that PowerPoint draws itself, as a funnel plot."""

from typing import Any, Final

from pptx.chart.data import XyChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE_DASH_STYLE
from pptx.slide import Slide
from pptx.util import Length, Pt

from charts.labels import nice_domain
from charts.theme import FOCUS, MUTED, OTHERS, OTHERS_EDGE, STATUS, TEXT
from exports.office.native import SIZE, Role, colour, described, dressed, lined, value_axis
from exports.office.parts import Scatter

# By order: the groups of points, told apart by mark as well as by colour, and the lines.
POINTS: Final = (
    Role(OTHERS, OTHERS_EDGE, OTHERS_EDGE, 0, XL_MARKER_STYLE.CIRCLE),
    Role(STATUS["at_risk"], TEXT, STATUS["at_risk"], 0, XL_MARKER_STYLE.DIAMOND),
    Role(STATUS["off_track"], TEXT, STATUS["off_track"], 0, XL_MARKER_STYLE.SQUARE),
    Role(FOCUS, TEXT, FOCUS, 0, XL_MARKER_STYLE.TRIANGLE),
)
LINES: Final = {
    "solid": Role("", "", TEXT, 2, XL_MARKER_STYLE.NONE),
    "dash": Role("", "", MUTED, 1.5, XL_MARKER_STYLE.NONE, MSO_LINE_DASH_STYLE.DASH),
    "dots": Role("", "", MUTED, 1.5, XL_MARKER_STYLE.NONE, MSO_LINE_DASH_STYLE.ROUND_DOT),
}


def add(slide: Slide, scatter: Scatter, left: Length, top: Length, width: Length, height: Length) -> Any:
    """The points and lines on a slide, with alt text; the graphic frame."""
    data: Any = XyChartData(number_format="General")
    groups = list(scatter.points.groupby("group", sort=False))
    for name, rows in groups:
        series = data.add_series(str(name))
        for x, y in zip(rows["x"].astype(float), rows["y"].astype(float), strict=True):
            series.add_data_point(x, y)
    for name, rows in scatter.lines.items():
        series = data.add_series(name)
        for x, y in zip(rows["x"].astype(float), rows["y"].astype(float), strict=True):
            series.add_data_point(x, y)
    frame: Any = slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, left, top, width, height, data)
    described(frame, scatter.title, scatter.alt)
    drawn = frame.chart
    dressed(drawn, "", legend=True)
    _axes(drawn, scatter)
    shown = list(drawn.plots[0].series)
    for series, (_, rows), role in zip(shown, groups, POINTS, strict=False):
        lined(series, role, 7)
        _named(series, list(rows["name"]))
    for series, name in zip(shown[len(groups) :], scatter.lines, strict=True):
        kind = "solid" if "limit" not in name else "dots" if "99.8" in name else "dash"
        lined(series, LINES[kind], 0)
    return frame


def _axes(drawn: Any, scatter: Scatter) -> None:
    across, up = drawn.category_axis, drawn.value_axis
    value_axis(up, scatter.unit)
    up.minimum_scale, up.maximum_scale = nice_domain(list(scatter.points["y"]), scatter.unit)
    across.has_major_gridlines = False
    across.minimum_scale, across.maximum_scale = 0, nice_domain([0, *scatter.points["x"]], "count")[1]
    across.tick_labels.number_format, across.tick_labels.number_format_is_linked = "#,##0", False
    across.format.line.color.rgb = colour(OTHERS_EDGE)
    across.has_title = True
    frame = across.axis_title.text_frame
    frame.text = scatter.across
    frame.paragraphs[0].runs[0].font.size, frame.paragraphs[0].runs[0].font.bold = Pt(SIZE), False


def _named(series: Any, names: list[str]) -> None:
    """The names of points beside them, where they have one."""
    for at, name in enumerate(names):
        if name:
            label = series.points[at].data_label
            label.position = XL_LABEL_POSITION.RIGHT
            label.text_frame.text = name
            label.text_frame.paragraphs[0].runs[0].font.size = Pt(SIZE)
