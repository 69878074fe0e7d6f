"""Chart files: what is inside them, in words and in pixels."""

import io
import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import altair
import jsonschema
import openpyxl
import pandas as pd
import pypdf
import pytest
from PIL import Image

from charts.dots import ranked
from data_access import access
from data_access.errors import NotAllowed
from exports import chart_files, chart_workbook
from exports.facts import facts, symbols
from exports.lettering import font
from exports.sheet import wrapped
from tests.charts.chart_frames import CONTEXT, england, indicator, regions

LINK = "https://cpd.example/regions?indicator=reviewed&period=2011/12&as_at=7"
CPD = "{urn:cpd-strategy-dashboard:facts}"
SCHEMA = json.loads((Path(altair.__file__).parent / "vegalite/v6/schema/vega-lite-schema.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def figure():
    return ranked(regions(), indicator(), CONTEXT, england=england().iloc[0], focus="E12000007")


@pytest.fixture(scope="module")
def told(figure):
    return facts(figure, LINK, "2012-03-03")


def in_xml(root):
    """The facts that the metadata of an SVG or a PDF hold: name → words."""
    return {element.tag.removeprefix(CPD): element.text for element in root.iter() if element.tag.startswith(CPD)}


def valid_vega_lite(spec):
    """Raises where a spec is not as the schema of Vega-Lite has it."""
    jsonschema.Draft7Validator(SCHEMA).validate(spec)


def as_xml(told):
    return {name.lower().replace(" ", "_"): text for name, text in told.items() if text}


def test_facts_say_all_that_a_reader_needs_in_one_order(figure, told):
    assert told == {
        "Title": figure.headline,
        "Measure": figure.subtitle,
        "Note": figure.notes,
        "Shown for": "England",
        "Shown period": "2011/12",
        "Staff group": "all staff",
        "Comparator": "",
        "Source": "School survey",
        "Reporting": "91% of schools reporting",
        "Symbols": "● on track; ◐ at risk; ○ off track",
        "Link": LINK,
        "Data version": "7, 3 March 2012",
        "Kind of data": "Illustrative data",
        "Exported": "2012-03-03",
    }
    published = facts(replace(figure, context=replace(CONTEXT, illustrative=False)))
    assert published["Kind of data"] == "Published data"
    assert list(published) == list(told)
    assert facts(replace(figure, context=None))["Source"] == figure.source, "the whole line, with 'Illustrative data'"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (["c", "61.2%"], "c: suppressed to protect confidentiality"),
        (["x: not reported"], "x: not available"),
        (["low", "◐ At risk"], "low: rounds to zero; ◐ at risk"),
        (["cold", "", None, "–", "c-level", "Camden x"], ""),
        ([], ""),
    ],
)
def test_only_the_symbols_that_a_table_uses_are_explained(cells, said):
    assert symbols(pd.DataFrame({"Value": pd.Series(cells, dtype=object), "n": range(len(cells))})) == said


def test_file_is_named_after_what_it_shows(figure):
    assert chart_files.file_name(figure, "png") == "needs-agreed-in-review_england_2011-12.png"


def test_svg_says_what_it_shows(figure):
    svg = chart_files.svg(figure)
    assert f"<title>{figure.headline}</title>" in svg
    assert f"<desc>{figure.alt}</desc>" in svg
    assert f">{figure.headline}</text>" in svg
    assert "Illustrative data" in svg
    assert "Yorkshire and The Humber" in svg
    assert "&amp;apos;" not in svg, "the font's name is put right after measuring"
    assert 'width="900"' in svg


@pytest.mark.parametrize("size", ["page", "slide", "web"])
def test_the_chart_is_not_clipped_within_its_sheet(figure, size):
    """A PNG of an <svg> within an <svg> takes four times as long."""
    assert chart_files.svg(replace(figure, size=size)).count("<svg") == 1


def test_long_words_wrap_and_are_never_clipped(figure):
    long = replace(figure, subtitle="A very long subtitle about many things " * 8, headline='Less < more & "quoted"')
    svg = chart_files.svg(long)
    assert svg.count("A very long subtitle") >= 3
    assert "Less &lt; more &amp; &quot;quoted&quot;" in svg
    lines = wrapped("A very long subtitle about many things " * 8 + "x" * 500, 852, 16, False)
    assert sum(len(line) for line in lines if " " not in line) >= 400, "a word longer than a line is broken"
    assert all(font(16, False).getlength(line) <= 852 for line in lines)


@pytest.mark.parametrize(("kind", "width", "dpi"), [("1x.png", 900, 96), ("png", 1800, 192), ("print.png", 2812, 300)])
def test_png_has_the_size_asked_for_and_words_inside(figure, told, kind, width, dpi):
    image = Image.open(io.BytesIO(chart_files.make(figure, kind, told)))
    image.load()
    assert image.width == width
    assert image.height == pytest.approx(width * 1027 / 1800, abs=2)
    assert image.info["dpi"] == pytest.approx((dpi, dpi), abs=0.1)
    assert image.text == {name: text for name, text in told.items() if text} | {"Description": figure.alt}
    assert image.convert("RGB").getpixel((1, 1)) == (255, 255, 255)
    headline = tuple(round(side * width / 1800) for side in (48, 48, 900, 130))
    assert len(set(image.convert("L").crop(headline).tobytes())) > 10, "the headline is drawn"


def test_nothing_touches_the_edge(figure):
    image = Image.open(io.BytesIO(chart_files.png(figure, scale=1))).convert("L")
    rim = 8
    for box in ((0, 0, image.width, rim), (0, image.height - rim, image.width, image.height),
                (0, 0, rim, image.height), (image.width - rim, 0, image.width, image.height)):  # fmt: skip
        assert image.crop(box).getextrema() == (255, 255)


def test_csv_opens_in_excel_and_carries_its_facts(figure, told):
    data = chart_files.make(figure, "csv", told)
    assert data.startswith(b"\xef\xbb\xbf")
    table = pd.read_csv(io.BytesIO(data), keep_default_na=False)
    assert table.loc[0, "Area"] == "South West"
    assert table["Value (number)"].tolist() == sorted(table["Value (number)"], reverse=True)
    for name, text in told.items():
        assert set(table[name]) == {text}
    assert list(table)[: len(list(figure.table))] == list(figure.table)


def test_a_fact_does_not_write_over_a_column_of_the_table(figure, told):
    table = pd.DataFrame({"Staff group": ["Teachers", "Support staff"], "Value": ["1%", "2%"]})
    made = pd.read_csv(io.BytesIO(chart_files.csv(replace(figure, twin=lambda: table), told)))
    assert made["Staff group"].tolist() == ["Teachers", "Support staff"]
    assert set(made["Staff group (of the chart)"]) == {"all staff"}


def test_svg_holds_its_facts_where_programs_look(figure, told):
    drawing = ElementTree.fromstring(chart_files.make(figure, "svg", told))
    metadata = drawing.find("{http://www.w3.org/2000/svg}metadata")
    assert in_xml(metadata) == as_xml(told)


def test_pdf_holds_its_facts_and_its_text(figure, told):
    document = pypdf.PdfReader(io.BytesIO(chart_files.make(figure, "pdf", told)))
    assert document.metadata.title == figure.headline
    assert document.metadata.subject == figure.subtitle
    assert document.metadata["/Keywords"] == figure.source
    assert document.xmp_metadata.dc_title == {"x-default": figure.headline}
    assert in_xml(ElementTree.fromstring(document.root_object["/Metadata"].get_data())) == as_xml(told)
    (page,) = document.pages
    assert "Illustrative data" in page.extract_text()
    assert page["/Resources"]["/Font"] or "/XObject" in page["/Resources"]


def test_vega_lite_is_valid_and_holds_its_facts(figure, told):
    spec = json.loads(chart_files.make(figure, "vl.json", told))
    valid_vega_lite(spec)
    assert spec["title"] == {"text": figure.headline, "subtitle": [figure.subtitle, figure.source]}
    assert spec["usermeta"] == told


def test_hostile_words_stay_words_in_every_format(figure):
    """Markup, formulas, control characters and notes' marks in a headline or a cell."""
    words = '=1+1 <b>&amp; "x" $$n$$ \x01 ]]> ü'
    table = pd.DataFrame({"Area": [words, "=2+2"], "Value": ["c", "–"], "n": [None, 1.5], "Symbol": ["c", ""]})
    hostile = replace(figure, headline=words, twin=lambda: table)
    told = facts(hostile, LINK, "2012-03-03")
    drawing = ElementTree.fromstring(chart_files.make(hostile, "svg", told))
    assert in_xml(drawing)["title"] == words.replace("\x01", "\ufffd")
    assert pypdf.PdfReader(io.BytesIO(chart_files.make(hostile, "pdf", told))).xmp_metadata
    assert json.loads(chart_files.make(hostile, "vl.json", told))["title"]["text"] == words
    sheet = openpyxl.load_workbook(io.BytesIO(chart_files.make(hostile, "xlsx", told)))["Table"]
    texts = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in texts} <= {"s", "n"}, "no formula"
    (area,) = (cell for cell in texts if cell.value == "=2+2")
    assert area.quotePrefix


def test_workbook_has_cover_notes_and_one_table(figure, told):
    book = openpyxl.load_workbook(io.BytesIO(chart_files.make(figure, "xlsx", told)))
    assert book.sheetnames == ["Cover", "Notes", "Table"]
    cover = [cell.value for row in book["Cover"].iter_rows() for cell in row if cell.value]
    assert cover[0] == figure.headline
    assert {f"{name}: {text}" for name, text in told.items() if text} <= set(cover)
    (table,) = book["Table"].tables.values()
    header, *rows = [[cell.value for cell in row] for row in book["Table"][table.ref]]
    frame = figure.table.drop(columns="Symbol")
    assert header == list(frame)
    assert [row[header.index("Value (number)")] for row in rows] == frame["Value (number)"].tolist()
    assert book.properties.title == figure.headline
    assert "[c]" in [cell.value for cell in book["Notes"]["A"]]


def test_a_missing_number_is_a_symbol_in_brackets_and_never_blank_or_zero():
    table = pd.DataFrame(
        {"Value": ["61.2%", "c", "–"], "Value (number)": [61.2, None, None], "Symbol": ["", "c", None]}
    )
    assert chart_workbook.bracketed(table).to_dict("list") == {
        "Value": ["61.2%", "[c]", "–"],
        "Value (number)": [61.2, "[c]", "[z]"],
    }


def test_a_chart_of_nothing_is_a_file_too_and_says_so(figure, told):
    empty = replace(figure, twin=lambda: pd.DataFrame(columns=["Area", "Value"]))
    assert len(pd.read_csv(io.BytesIO(chart_files.make(empty, "csv", told)))) == 0
    sheet = openpyxl.load_workbook(io.BytesIO(chart_files.make(empty, "xlsx", told)))["Table"]
    assert ("Nothing to show", "[z]") in list(sheet.iter_rows(values_only=True))


@pytest.mark.parametrize("kind", chart_files.KINDS)
def test_single_schools_leave_into_the_audit_and_for_those_only_who_may_see_them(figure, told, monkeypatch, kind):
    noted = []
    monkeypatch.setattr("data_access.audit.schools_left", noted.append)
    ours = replace(figure, context=replace(CONTEXT, schools_of=("202", "Camden")))
    with access.acting_as(access.Viewer(frozenset({"202"}))):
        assert chart_files.make(ours, kind, told)
    assert noted == [f"schools of 202, chart as {kind}"]
    with access.acting_as(access.Viewer(frozenset({"203"}))), pytest.raises(NotAllowed, match="schools of Camden"):
        chart_files.make(ours, kind, told)
    with access.acting_as(access.Viewer(frozenset())):
        assert chart_files.make(figure, kind, told)
    assert len(noted) == 1
