"""Charts that PowerPoint draws itself: their figures can be edited; a missing one is a gap, never zero."""

import math
from typing import Any, Final
from xml.sax.saxutils import quoteattr

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE_DASH_STYLE, MSO_PATTERN_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.slide import Slide
from pptx.util import Length, Pt

from charts.labels import nice_domain
from charts.theme import COMPARISON, FOCUS, GRID, MUTED, OTHERS, OTHERS_EDGE, SERIES, TEXT
from exports.report.parts import Chart

SIZE: Final = 12  # points: the smallest text on a slide
KINDS: Final = {
    "bars": XL_CHART_TYPE.BAR_CLUSTERED,
    "stacked": XL_CHART_TYPE.BAR_STACKED,
    "lines": XL_CHART_TYPE.LINE_MARKERS,
}
AXIS_FORMATS: Final = {"percent": '0"%"', "gbp": '"£"#,##0', "rate": "0.0", "count": "0"}
PALE: Final = "#6BACE6"  # Similar: between two dark ones, so that they are told apart in grey, too
FILLS: Final = COMPARISON | {"Similar": PALE, "Higher": SERIES[0], "Lower": SERIES[3], "Not compared": "#E3E6E8"}
# Series in their order: fill and outline. The first is the authority's own.
BARS: Final = ((FOCUS, FOCUS), (OTHERS, OTHERS_EDGE), ("#FFFFFF", TEXT))
LINES: Final = ((FOCUS, 2.5, "circle"), (OTHERS_EDGE, 2, "square"), (MUTED, 1.75, ""))
ON_BARS: Final = SERIES[3]  # an interval's line, seen on a dark bar and beside it
AFTER_ERROR_BARS: Final = ("c:cat", "c:val", "c:smooth", "c:shape", "c:extLst")


def add(slide: Slide, chart: Chart, left: Length, top: Length, width: Length, height: Length) -> Any:
    """The chart on a slide, with its alt text; the graphic frame."""
    data: Any = CategoryChartData(number_format="General")
    data.categories = list(chart.values.index)
    for name in chart.values.columns:
        data.add_series(str(name), [None if math.isnan(value) else value for value in chart.values[name].astype(float)])
    frame: Any = slide.shapes.add_chart(KINDS[chart.kind], left, top, width, height, data)
    described(frame, chart.title, chart.alt)
    drawn = frame.chart
    drawn.has_title = False
    drawn.font.size = Pt(SIZE)
    drawn.font.color.rgb = colour(TEXT)
    drawn.has_legend = len(chart.values.columns) > 1
    if drawn.has_legend:
        drawn.legend.position = XL_LEGEND_POSITION.TOP
        drawn.legend.include_in_layout = False
    _axes(drawn, chart)
    {"bars": _bars, "stacked": _stacked, "lines": _lines}[chart.kind](drawn, chart)
    if chart.lower is not None and chart.upper is not None:
        _intervals(drawn, chart)
    return frame


def described(frame: Any, name: str, alt: str) -> None:
    """Name a graphic and give it its alt text."""
    about = frame._element.nvGraphicFramePr.cNvPr
    about.set("name", name)
    about.set("descr", alt)


def colour(text: str) -> RGBColor:
    """'#12436D' as PowerPoint holds it."""
    return RGBColor.from_string(text.lstrip("#").upper())


def _axes(drawn: Any, chart: Chart) -> None:
    categories, values = drawn.category_axis, drawn.value_axis
    values.major_gridlines.format.line.color.rgb = colour(GRID)
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = AXIS_FORMATS[chart.unit], False
    values.format.line.fill.background()
    categories.format.line.color.rgb = colour(OTHERS_EDGE)
    categories.has_major_gridlines = False
    categories.tick_labels.font.size = Pt(SIZE)
    categories._element.find(qn("c:txPr")).find(qn("a:bodyPr")).set("rot", "0")  # wrapped rather than turned
    if chart.kind == "lines":
        limits = [limit for limit in (chart.lower, chart.upper) if limit is not None]
        ends = [end for each in limits for end in each]
        low, high = nice_domain([*chart.values.to_numpy().ravel(), *ends], chart.unit)
        values.minimum_scale, values.maximum_scale = low, high
        return
    categories.reverse_order = True  # from the top down as in a table, and the scale above
    values.minimum_scale = 0
    if chart.unit == "percent":
        values.maximum_scale, values.major_unit = 100, 20
    if chart.kind == "stacked":
        values.visible = False
        values.has_major_gridlines = False


def _bars(drawn: Any, chart: Chart) -> None:
    plot = drawn.plots[0]
    plot.gap_width, plot.overlap = 45, 0
    for series, (fill, line) in zip(plot.series, BARS, strict=False):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = colour(fill)
        series.format.line.color.rgb = colour(line)


def _stacked(drawn: Any, chart: Chart) -> None:
    plot = drawn.plots[0]
    plot.gap_width, plot.overlap = 45, 100
    for series in plot.series:
        fill = FILLS[series.name]
        if series.name == "Worse":
            series.format.fill.patterned()
            series.format.fill.pattern = MSO_PATTERN_TYPE.WIDE_UPWARD_DIAGONAL
            series.format.fill.fore_color.rgb, series.format.fill.back_color.rgb = colour(fill), colour("#FFFFFF")
        else:
            series.format.fill.solid()
            series.format.fill.fore_color.rgb = colour(fill)
        series.format.line.color.rgb = colour(TEXT)
        labels = series.data_labels
        labels.show_value, labels.position = True, XL_LABEL_POSITION.CENTER
        labels.number_format, labels.number_format_is_linked = "0;;", False  # no label where there is none
        labels.font.size, labels.font.bold = Pt(14), True
        dark = series.name in ("Better", "Higher")
        labels.font.color.rgb = colour("#FFFFFF" if dark else TEXT)
        if series.name == "Worse":
            _on_white(labels)


def _on_white(labels: Any) -> None:
    """A white ground behind labels, which a pattern would make hard to read."""
    fill = parse_xml(f'<c:spPr {nsdecls("c", "a")}><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill></c:spPr>')
    labels._element.insert_element_before(fill, "c:txPr", "c:dLblPos", "c:showLegendKey", "c:showVal")


def _lines(drawn: Any, chart: Chart) -> None:
    for series, (line, width, marker) in zip(drawn.plots[0].series, LINES, strict=False):
        series.smooth = False
        series.format.line.color.rgb = colour(line)
        series.format.line.width = Pt(width)
        if marker:
            series.marker.style = XL_MARKER_STYLE.CIRCLE if marker == "circle" else XL_MARKER_STYLE.SQUARE
            series.marker.size = 7
            series.marker.format.fill.solid()
            series.marker.format.fill.fore_color.rgb = colour(line)
            series.marker.format.line.color.rgb = colour(line)
        else:
            series.marker.style = XL_MARKER_STYLE.NONE
            series.format.line.dash_style = MSO_LINE_DASH_STYLE.DASH


def _intervals(drawn: Any, chart: Chart) -> None:
    """95% limits as error bars of the first series; python-pptx has none, so they are written here."""
    assert chart.lower is not None
    assert chart.upper is not None
    own = chart.values.iloc[:, 0].to_numpy(dtype=float)
    sides = {"plus": chart.upper.to_numpy(dtype=float) - own, "minus": own - chart.lower.to_numpy(dtype=float)}
    parts = []
    for side, sizes in sides.items():
        points = "".join(
            f"<c:pt idx={quoteattr(str(at))}><c:v>{max(0.0, size):.4g}</c:v></c:pt>"
            for at, size in enumerate(sizes)
            if not math.isnan(size)
        )
        count = f'<c:ptCount val="{len(sizes)}"/>'
        parts.append(f"<c:{side}><c:numLit><c:formatCode>General</c:formatCode>{count}{points}</c:numLit></c:{side}>")
    direction = '<c:errDir val="y"/>' if chart.kind == "lines" else ""
    shown = (FOCUS if chart.kind == "lines" else ON_BARS).lstrip("#").upper()
    line = f'<a:ln w="19050"><a:solidFill><a:srgbClr val="{shown}"/></a:solidFill></a:ln>'
    bars = parse_xml(
        f'<c:errBars {nsdecls("c", "a")}>{direction}<c:errBarType val="both"/><c:errValType val="cust"/>'
        f'<c:noEndCap val="0"/>{"".join(parts)}<c:spPr>{line}</c:spPr></c:errBars>'
    )
    series = drawn.plots[0].series[0]._element
    following = next(child for child in series if child.tag in {qn(name) for name in AFTER_ERROR_BARS})
    following.addprevious(bars)
