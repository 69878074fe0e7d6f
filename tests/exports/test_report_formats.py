"""Each format is what it should be: an accessible PDF, a presentation that can be edited, an accessible workbook."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from openpyxl import load_workbook
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER
from pptx.oxml.ns import qn
from pptx.util import Pt

from exports.office import fitting, typeset
from exports.report import content, files, pdf, slides, workbook
from exports.report.material import Material
from exports.report.parts import Report
from tests.exports.conftest import ADDRESS, DAY
from tests.exports.report_reading import flat, pdf_text, sheet, tags

CODES = ["202", "201", "420"]
HOSTILE = '*Bold* #let x = 1 $a$ <tag> & "q" \\ [c] @ref `r` =1+1 $$n$$'
Files = Callable[..., bytes]


@pytest.mark.parametrize("code", CODES)
def test_the_pdf_is_tagged_and_can_be_found_one_s_way_in(made: Files, reports, code: str) -> None:
    reader, report = pypdf.PdfReader(io.BytesIO(made(code, "pdf"))), reports(code)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712  # pypdf has a truth of its own
    assert root["/Lang"] == "en-GB"
    assert reader.metadata is not None
    assert reader.metadata.title == report.title
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    assert 8 <= len(reader.pages) <= 12
    titles = [item.title for item in flat(reader.outline)]
    assert titles == [report.title, *(section.heading for section in report.sections)]
    elements = tags(reader)
    kinds = [str(element.get("/S")) for element in elements]
    pictures = [element for element in elements if element.get("/S") == "/Figure"]
    drawn = [chart for section in report.sections for chart in section.charts if chart.spec is not None]
    assert {str(picture["/Alt"]) for picture in pictures} == {chart.alt for chart in drawn}
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") == len(report.sections)
    assert kinds.count("/TH") > 30
    for number, page in enumerate(reader.pages, 1):
        text = page.extract_text()
        assert "Illustrative data" in text
        assert f"Page {number} of {len(reader.pages)}" in " ".join(text.split())
        assert len(text) > 700, "no page is nearly empty"


def test_the_pdf_links_to_the_same_figures(made: Files) -> None:
    page = pypdf.PdfReader(io.BytesIO(made("202", "pdf"))).pages[0]
    links = [str(each.get_object()["/A"]["/URI"]) for each in page["/Annots"]]
    assert f"{ADDRESS}/local-authority?la=Camden&region=London&period=2011%2F12&as_at=" in links[0]
    assert links[1] == f"{ADDRESS}/definitions"


def test_without_its_font_no_pdf_is_made(reports, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(typeset, "FONTS", tmp_path)
    with pytest.raises(typeset.DocumentFailed, match=r"The PDF of Camden cannot be made\. Report this"):
        pdf.document(reports("202"))


def named(materials: Callable[..., Material], name: str) -> Report:
    """Camden's report under another name."""
    m = materials("2011/12")
    known = m.known.authorities.copy()
    known.loc[known["code"] == "202", "name"] = name
    rows = m.authorities.copy()
    rows.loc[rows["area_code"] == "202", "area"] = name
    other = replace(m, known=replace(m.known, authorities=known), authorities=rows)
    return content.report(other, "202", made_on=DAY)


def test_a_name_is_never_taken_for_markup_or_a_formula(materials) -> None:
    report = named(materials, HOSTILE)
    assert f"Professional development in {HOSTILE}" in pdf_text(pdf.document(report))
    deck = Presentation(io.BytesIO(slides.document(report)))
    assert deck.slides[0].shapes.title.text == report.title
    book = workbook.document(report)
    assert "=1+1" in load_workbook(io.BytesIO(book))["Cover"]["A1"].value
    formula = replace(report, sheets=[replace(report.sheets[0], frame=report.sheets[0].frame.assign(Priority="=1+1"))])
    cells = load_workbook(io.BytesIO(workbook.document(formula)))["Summary"]
    found = [cell for row in cells.iter_rows() for cell in row if cell.value == "=1+1"]
    assert len(found) == 3
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in found)


@pytest.mark.parametrize("name", ["Llanfair" * 40, "東京 Ω 😀 العربية", "A" * 90])
def test_a_strange_name_breaks_no_format(materials, name: str) -> None:
    report = named(materials, name)
    assert len(files.file_name(report, "pptx")) < 120
    for kind in files.KINDS:
        assert len(files.make(report, kind)) > 10_000
    if not name.isascii():
        assert "Professional development in ?? Ω" in pdf_text(pdf.document(report))


@pytest.mark.parametrize("code", CODES)
def test_slides_can_be_read_and_edited_by_everyone(made: Files, code: str) -> None:
    deck = Presentation(io.BytesIO(made(code, "pptx")))
    assert deck.slide_width / deck.slide_height == pytest.approx(16 / 9, rel=0.001)
    assert 8 <= len(deck.slides) <= 13
    assert deck.core_properties.language == "en-GB"
    charts = 0
    for slide in deck.slides:
        assert slide.shapes.title.text.strip()
        texts = " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        assert "Illustrative data" in texts
        assert any(
            shape.is_placeholder and shape.placeholder_format.type == PP_PLACEHOLDER.SLIDE_NUMBER
            for shape in slide.shapes
        )
        assert slide.notes_slide.notes_text_frame.text.startswith("Source: ")
        for shape in slide.shapes:
            assert shape.shape_type != MSO_SHAPE_TYPE.PICTURE
            assert shape.left >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height
            if shape.has_chart or shape.has_table:
                assert len(shape._element.nvGraphicFramePr.cNvPr.get("descr")) > 20
            if shape.has_chart:
                charts += 1
                assert shape.chart.font.size >= Pt(12)
                assert shape.chart._chartSpace.chart.find(qn("c:dispBlanksAs")).get("val") == "gap"
            if shape.has_table:
                assert shape.table.first_row
        sizes = [int(run.get("sz")) for run in slide.shapes._spTree.iter(qn("a:rPr")) if run.get("sz")]
        assert min(sizes) >= 1200
        assert {run.get("lang") for run in slide.shapes._spTree.iter(qn("a:rPr"))} <= {"en-GB", "en-US"}
    assert charts >= 6


@pytest.mark.parametrize("code", CODES)
def test_text_stays_in_its_box(made: Files, code: str) -> None:
    deck = Presentation(io.BytesIO(made(code, "pptx")))
    for number, slide in enumerate(deck.slides, 1):
        for shape in slide.shapes:
            if shape.name == "Sentences":
                frame = shape.text_frame
                size = max(run.font.size.pt for paragraph in frame.paragraphs for run in paragraph.runs)
                texts = [paragraph.text for paragraph in frame.paragraphs]
                room = fitting.room(texts, shape.width.inches - 0.2, size, spaced=True)
                assert room <= shape.height.inches + 0.01, f"slide {number}"
            if shape.has_table:
                assert shape.top.inches + sum(row.height.inches for row in shape.table.rows) <= 7.0


def test_lists_that_are_too_long_say_where_the_rest_is() -> None:
    texts = ["A sentence of some length that is said again and again." for _ in range(60)]
    assert fitting.largest(texts, 4, 3, (16, 12)) == 0
    assert fitting.wrapped("word " * 40, 2, 12) > 5
    assert fitting.wrapped("x" * 500, 2, 12) > 15, "a long word is broken"


def test_the_workbook_has_one_table_a_sheet_and_says_what_its_symbols_mean(made: Files) -> None:
    content_ = made("201", "xlsx")
    book = load_workbook(io.BytesIO(content_))
    assert book.sheetnames == [
        "Cover", "Contents", "Notes", "Summary", "Indicators", "Compared", "Over time", "Changes", "Neighbours",
        "Schools coverage", "Partnerships", "Definitions",
    ]  # fmt: skip
    for name in book.sheetnames[1:]:
        assert len(book[name].tables) == 1, name
    linked = [cell.hyperlink.location for cell in book["Contents"]["A"] if cell.hyperlink]
    assert linked == [f"'{name}'!A1" for name in book.sheetnames[2:]]
    cover = " ".join(str(cell.value) for cell in book["Cover"]["A"])
    assert "Illustrative data" in cover
    assert "City of London" in cover
    notes = sheet(content_, "Notes").set_index("Note")["Meaning"]
    for name in book.sheetnames[3:]:
        title = " ".join(str(cell.value) for cell in book[name]["A"][:4])
        assert "City of London, 2011/12" in title
        assert "Illustrative data" in title
        for row in book[name].iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                if isinstance(cell.value, str) and cell.value.startswith("["):
                    assert cell.value in notes.index
    over_time = sheet(content_, "Over time")
    assert set(over_time["Period"]) >= {"2009/10", "2010/11", "2011/12"}
    assert not over_time["Value"].isin([0]).all()


def test_the_same_sentences_are_in_every_format(made: Files, reports) -> None:
    report = reports("202")
    text = pdf_text(made("202", "pdf"))
    deck = Presentation(io.BytesIO(made("202", "pptx")))
    second = " ".join(shape.text_frame.text for shape in deck.slides[1].shapes if shape.has_text_frame)
    for items in report.section("summary").groups.values():
        assert items
        for item in items:
            assert str(item) in text
            assert str(item) in second.replace("\n", " ")


def test_nothing_of_a_single_school_is_in_a_report_but_that_it_leads_a_partnership(
    made: Files, report_engine, materials
) -> None:
    leads = set(materials("2011/12").works.of("202")["lead"])
    with report_engine.connect() as connection:
        names = connection.exec_driver_sql("select name, urn from school where la_code = '202'").all()
    said = pdf_text(made("202", "pdf"))
    for kind in ("pptx", "xlsx"):
        archive = zipfile.ZipFile(io.BytesIO(made("202", kind)))
        said += " ".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    assert len(names) > 10
    assert not any((name in said and name not in leads) or str(urn) in said for name, urn in names)
