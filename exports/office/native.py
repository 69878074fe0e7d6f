"""Charts that PowerPoint draws itself: their figures can be edited; a missing one is a gap, never zero."""

import math
from typing import Any, Final, NamedTuple
from xml.sax.saxutils import quoteattr

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_LINE_DASH_STYLE, MSO_PATTERN_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.slide import Slide
from pptx.util import Length, Pt

from charts.labels import nice_domain
from charts.theme import COMPARISON, FOCUS, GRID, MUTED, OTHERS, OTHERS_EDGE, SERIES, TEXT
from exports.office.parts import Chart

SIZE: Final = 12  # points: the smallest text on a slide
KINDS: Final = {
    "bars": XL_CHART_TYPE.BAR_CLUSTERED,
    "stacked": XL_CHART_TYPE.BAR_STACKED,
    "lines": XL_CHART_TYPE.LINE_MARKERS,
    "dots": XL_CHART_TYPE.LINE_MARKERS,
}
AXIS_FORMATS: Final = {"percent": '0"%"', "gbp": '"£"#,##0', "rate": "0.0", "count": "0", "gap": "+0.##;−0.##;0"}
PALE: Final = "#6BACE6"  # Similar: between two dark ones, so that they are told apart in grey, too
FILLS: Final = COMPARISON | {"Similar": PALE, "Higher": SERIES[0], "Lower": SERIES[3], "Not compared": "#E3E6E8"}
ON_BARS: Final = SERIES[3]  # an interval's line, seen on a dark bar and beside it
AFTER_ERROR_BARS: Final = ("c:cat", "c:val", "c:smooth", "c:shape", "c:extLst")


class Role(NamedTuple):
    """How a series looks: a bar's fill and outline; a line's colour, width in points (0: none), mark and dash."""

    fill: str
    edge: str
    line: str
    width: float
    mark: XL_MARKER_STYLE
    dash: MSO_LINE_DASH_STYLE | None = None


WHITE: Final = "#FFFFFF"
ROLES: Final = {
    "own": Role(FOCUS, FOCUS, FOCUS, 2.5, XL_MARKER_STYLE.CIRCLE),
    "beside": Role(OTHERS, OTHERS_EDGE, OTHERS_EDGE, 2, XL_MARKER_STYLE.SQUARE),
    "expected": Role(WHITE, TEXT, MUTED, 1.75, XL_MARKER_STYLE.NONE, MSO_LINE_DASH_STYLE.DASH),
    "second": Role(SERIES[2], SERIES[2], SERIES[2], 2.25, XL_MARKER_STYLE.DIAMOND),
    "limit": Role(WHITE, MUTED, MUTED, 1.5, XL_MARKER_STYLE.NONE, MSO_LINE_DASH_STYLE.ROUND_DOT),
    "other": Role(WHITE, OTHERS_EDGE, OTHERS_EDGE, 1, XL_MARKER_STYLE.TRIANGLE, MSO_LINE_DASH_STYLE.LONG_DASH),
    "another": Role(WHITE, OTHERS_EDGE, OTHERS_EDGE, 1, XL_MARKER_STYLE.X, MSO_LINE_DASH_STYLE.DASH_DOT),
    "chosen": Role(SERIES[3], SERIES[3], SERIES[3], 0, XL_MARKER_STYLE.DIAMOND),
    "point": Role(FOCUS, FOCUS, FOCUS, 0, XL_MARKER_STYLE.CIRCLE),
    "reference": Role(WHITE, TEXT, TEXT, 1.75, XL_MARKER_STYLE.NONE),
}


def add(slide: Slide, chart: Chart, left: Length, top: Length, width: Length, height: Length) -> Any:
    """The chart on a slide, with its alt text; the graphic frame."""
    data: Any = CategoryChartData(number_format="General")
    data.categories = list(chart.values.index)
    for name in chart.values.columns:
        data.add_series(str(name), [None if math.isnan(value) else value for value in chart.values[name].astype(float)])
    frame: Any = slide.shapes.add_chart(KINDS[chart.kind], left, top, width, height, data)
    described(frame, chart.title, chart.alt)
    drawn = frame.chart
    dressed(drawn, chart.title if chart.headed else "", legend=chart.legend and len(chart.values.columns) > 1)
    _axes(drawn, chart)
    {"bars": _bars, "stacked": _stacked, "lines": _lines, "dots": _lines}[chart.kind](drawn, chart)
    _intervals(drawn, chart)
    return frame


def described(frame: Any, name: str, alt: str) -> None:
    """Name a graphic and give it its alt text."""
    about = frame._element.xpath(".//p:cNvPr")[0]
    about.set("name", name)
    about.set("descr", alt)


def dressed(drawn: Any, title: str, *, legend: bool) -> None:
    """Title ('' for none), text and legend of a chart."""
    drawn.has_title = bool(title)
    drawn.font.size = Pt(SIZE)
    drawn.font.color.rgb = colour(TEXT)
    if title:
        drawn.chart_title.include_in_layout = False
        frame = drawn.chart_title.text_frame
        frame.text = title
        frame.paragraphs[0].runs[0].font.size, frame.paragraphs[0].runs[0].font.bold = Pt(SIZE), True
    drawn.has_legend = legend
    if legend:
        drawn.legend.position = XL_LEGEND_POSITION.TOP
        drawn.legend.include_in_layout = False


def colour(text: str) -> RGBColor:
    """'#12436D' as PowerPoint holds it."""
    return RGBColor.from_string(text.lstrip("#").upper())


def value_axis(axis: Any, unit: str) -> None:
    """The look of an axis of values in a unit."""
    axis.major_gridlines.format.line.color.rgb = colour(GRID)
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = AXIS_FORMATS[unit], False
    axis.format.line.fill.background()


def _axes(drawn: Any, chart: Chart) -> None:
    categories, values = drawn.category_axis, drawn.value_axis
    value_axis(values, chart.unit)
    categories.format.line.color.rgb = colour(OTHERS_EDGE)
    categories.has_major_gridlines = False
    categories.tick_labels.font.size = Pt(SIZE)
    categories._element.find(qn("c:txPr")).find(qn("a:bodyPr")).set("rot", "0")  # wrapped rather than turned
    if chart.kind in ("lines", "dots"):
        low, high = chart.domain or _domain(chart)
        values.minimum_scale, values.maximum_scale = low, high
        if chart.kind == "dots":
            categories.tick_label_position = XL_TICK_LABEL_POSITION.NONE
            categories.major_tick_mark = XL_TICK_MARK.NONE
        return
    categories.reverse_order = True  # from the top down as in a table, and the scale above
    values.minimum_scale = 0
    if chart.domain is not None:
        values.minimum_scale, values.maximum_scale = chart.domain
        categories.tick_label_position = XL_TICK_LABEL_POSITION.LOW  # beside the chart where bars go both ways
    elif chart.unit == "percent":
        values.maximum_scale, values.major_unit = 100, 20
    if chart.kind == "stacked":
        values.visible = False
        values.has_major_gridlines = False


def _domain(chart: Chart) -> tuple[float, float]:
    limits = [limit for limit in (chart.lower, chart.upper) if limit is not None]
    numbers = [number for frame in (chart.values, *limits) for number in frame.to_numpy(dtype=float).ravel()]
    return nice_domain(numbers, chart.unit)


def _bars(drawn: Any, chart: Chart) -> None:
    plot = drawn.plots[0]
    plot.gap_width, plot.overlap = 45, 0
    for series, name in zip(plot.series, chart.roles, strict=False):
        _filled(series.format, ROLES[name])
        for at, category in enumerate(chart.values.index):
            if category in chart.marked:
                _filled(series.points[at].format, ROLES[chart.marked[category]])


def _filled(shape: Any, role: Role) -> None:
    shape.fill.solid()
    shape.fill.fore_color.rgb = colour(role.fill)
    shape.line.color.rgb = colour(role.edge)


def _stacked(drawn: Any, chart: Chart) -> None:
    plot = drawn.plots[0]
    plot.gap_width, plot.overlap = 45, 100
    for series in plot.series:
        fill = FILLS[series.name]
        if series.name == "Worse":
            series.format.fill.patterned()
            series.format.fill.pattern = MSO_PATTERN_TYPE.WIDE_UPWARD_DIAGONAL
            series.format.fill.fore_color.rgb, series.format.fill.back_color.rgb = colour(fill), colour(WHITE)
        else:
            series.format.fill.solid()
            series.format.fill.fore_color.rgb = colour(fill)
        series.format.line.color.rgb = colour(TEXT)
        labels = series.data_labels
        labels.show_value, labels.position = True, XL_LABEL_POSITION.CENTER
        labels.number_format, labels.number_format_is_linked = "0;;", False  # no label where there is none
        labels.font.size, labels.font.bold = Pt(14), True
        dark = series.name in ("Better", "Higher")
        labels.font.color.rgb = colour(WHITE if dark else TEXT)
        if series.name == "Worse":
            _on_white(labels)


def _on_white(labels: Any) -> None:
    """A white ground behind labels, which a pattern would make hard to read."""
    fill = parse_xml(f'<c:spPr {nsdecls("c", "a")}><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill></c:spPr>')
    labels._element.insert_element_before(fill, "c:txPr", "c:dLblPos", "c:showLegendKey", "c:showVal")


def _lines(drawn: Any, chart: Chart) -> None:
    for series, name in zip(drawn.plots[0].series, chart.roles, strict=False):
        series.smooth = False
        lined(series, ROLES[name], 5 if name == "point" else 9 if name == "chosen" else 7)


def lined(series: Any, role: Role, size: int) -> None:
    """Line and marks of a series. size: of a mark in points."""
    if role.width:
        series.format.line.color.rgb = colour(role.line)
        series.format.line.width = Pt(role.width)
    else:
        series.format.line.fill.background()
    if role.dash is not None:
        series.format.line.dash_style = role.dash
    series.marker.style = role.mark
    if role.mark != XL_MARKER_STYLE.NONE:
        series.marker.size = size
        series.marker.format.fill.solid()
        series.marker.format.fill.fore_color.rgb = colour(role.line)
        series.marker.format.line.color.rgb = colour(role.line)


def _intervals(drawn: Any, chart: Chart) -> None:
    """95% limits as error bars; python-pptx has none, so they are written here."""
    if chart.lower is None or chart.upper is None:
        return
    roles = dict(zip(chart.values.columns, chart.roles, strict=False))
    for series in drawn.plots[0].series:
        if series.name in chart.lower:
            own = chart.values[series.name].to_numpy(dtype=float)
            sides = {"plus": chart.upper[series.name].to_numpy(dtype=float) - own}
            sides["minus"] = own - chart.lower[series.name].to_numpy(dtype=float)
            along = chart.kind in ("lines", "dots")
            line = ROLES[roles[series.name]].line if along else ON_BARS
            following = next(child for child in series._element if child.tag in {qn(name) for name in AFTER_ERROR_BARS})
            following.addprevious(_error_bars(sides, '<c:errDir val="y"/>' if along else "", line))


def _error_bars(sides: dict[str, Any], direction: str, line: str) -> Any:
    parts = []
    for side, sizes in sides.items():
        points = "".join(
            f"<c:pt idx={quoteattr(str(at))}><c:v>{max(0.0, size):.4g}</c:v></c:pt>"
            for at, size in enumerate(sizes)
            if not math.isnan(size)
        )
        count = f'<c:ptCount val="{len(sizes)}"/>'
        parts.append(f"<c:{side}><c:numLit><c:formatCode>General</c:formatCode>{count}{points}</c:numLit></c:{side}>")
    shown = line.lstrip("#").upper()
    drawn = f'<a:ln w="19050"><a:solidFill><a:srgbClr val="{shown}"/></a:solidFill></a:ln>'
    return parse_xml(
        f'<c:errBars {nsdecls("c", "a")}>{direction}<c:errBarType val="both"/><c:errValType val="cust"/>'
        f'<c:noEndCap val="0"/>{"".join(parts)}<c:spPr>{drawn}</c:spPr></c:errBars>'
    )
