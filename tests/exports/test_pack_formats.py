"""A pack's slides can be edited and read by everyone; its document is tagged and loses no status without colour."""

import io
import re

import pypdf
import pytest
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from exports.office import fitting
from exports.pack import natives
from tests.exports.conftest import ADDRESS, Packed
from tests.exports.pack_meeting import GONE, NOTE, ORIGINS, TITLE
from tests.exports.report_reading import flat, pdf_text, tags, view_slides

MAPS = ("share_map", "share_tiles", "value_map", "value_tiles", "plan_timeline", "case_map")


@pytest.fixture(scope="session")
def deck(packed: Packed):
    return Presentation(io.BytesIO(packed.files["pptx"]))


@pytest.fixture(scope="session")
def document(packed: Packed) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(packed.files["pdf"]))


def words_of(slide) -> str:
    return " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def test_every_slide_has_title_number_source_and_notes_and_says_that_it_is_illustrative(deck) -> None:
    for slide in deck.slides:
        assert slide.shapes.title.text.strip()
        kinds = [shape.placeholder_format.type for shape in slide.shapes if shape.is_placeholder]
        assert PP_PLACEHOLDER.SLIDE_NUMBER in kinds
        source = next(shape.text_frame.text for shape in slide.shapes if shape.name == "Source")
        assert "data version 17" in source.lower()
        assert (
            next(shape for shape in slide.shapes if shape.name == "Kind of data").text_frame.text == "Illustrative data"
        )
        assert source in slide.notes_slide.notes_text_frame.text


def test_every_graphic_has_alt_text_and_stays_on_its_slide(deck) -> None:
    graphics = 0
    for number, slide in enumerate(deck.slides, 1):
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= deck.slide_width + 1
            assert shape.top + shape.height <= deck.slide_height
            if shape.has_chart or shape.has_table or shape.shape_type == MSO_SHAPE_TYPE.PICTURE:
                graphics += 1
                assert len(shape._element.xpath(".//p:cNvPr")[0].get("descr")) > 20
            if shape.has_chart:
                assert shape.chart.font.size >= Pt(12)
                assert shape.chart._chartSpace.chart.find(qn("c:dispBlanksAs")).get("val") == "gap"
            if shape.has_table:
                assert shape.table.first_row
                bottom = shape.top.inches + sum(row.height.inches for row in shape.table.rows)
                assert bottom <= 7.0, f"slide {number}"
        sizes = [int(run.get("sz")) for run in slide.shapes._spTree.iter(qn("a:rPr")) if run.get("sz")]
        assert min(sizes) >= 1200
    assert graphics > 50


def test_nothing_lies_on_something_else(deck) -> None:
    for number, slide in enumerate(deck.slides, 1):
        boxes = [shape for shape in slide.shapes if shape.name not in ("Kind of data", "Section") and shape.height]
        for at, one in enumerate(boxes):
            for other in boxes[at + 1 :]:
                across = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
                down = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
                assert across <= 0 or down <= Inches(0.06), f"slide {number}: {one.name} and {other.name}"


def test_text_stays_in_its_box(deck) -> None:
    for number, slide in enumerate(deck.slides, 1):
        for shape in slide.shapes:
            if shape.name in ("Sentences", "Notes", "Subtitle"):
                frame = shape.text_frame
                size = max(run.font.size.pt for paragraph in frame.paragraphs for run in paragraph.runs)
                texts = [paragraph.text for paragraph in frame.paragraphs]
                assert fitting.room(texts, shape.width.inches, size) <= shape.height.inches + 0.05, f"slide {number}"


def test_charts_are_native_and_only_maps_are_pictures(packed: Packed) -> None:
    slides = view_slides(packed.files["pptx"])
    assert len(slides) == len(ORIGINS) + 1
    for number, name in enumerate(ORIGINS, 1):
        shapes = [shape for slide in slides[number] for shape in slide.shapes]
        pictures = [shape for shape in shapes if shape.shape_type == MSO_SHAPE_TYPE.PICTURE]
        assert bool(pictures) == (name in MAPS), name
        assert pictures or any(shape.has_chart or shape.has_table for shape in shapes), name


def test_the_presenter_finds_notes_and_the_way_to_the_dashboard_below_the_slide(packed: Packed) -> None:
    slides = view_slides(packed.files["pptx"])
    for number, (name, view) in enumerate(zip(ORIGINS, packed.pack.views, strict=False), 1):
        notes = slides[number][0].notes_slide.notes_text_frame.text
        assert "Presenter: Ofsted" in notes
        assert NOTE.format(name) in notes
        assert view.figure is not None
        assert view.figure.alt in notes
        assert f"In the dashboard: {ADDRESS}/" in notes
        assert view.headline == slides[number][0].shapes.title.text


def test_a_view_that_cannot_be_made_is_a_slide_with_the_sentence(packed: Packed, document: pypdf.PdfReader) -> None:
    slides = view_slides(packed.files["pptx"])
    (slide,) = slides[len(ORIGINS) + 1]
    assert slide.shapes.title.text == GONE
    said = "This view cannot be shown: “gone” is not a known indicator."
    assert said in words_of(slide)
    assert "It went." in slide.notes_slide.notes_text_frame.text
    assert said in pdf_text(packed.files["pdf"])


def test_a_slide_does_not_explain_a_drawing_that_it_has_not(packed: Packed) -> None:
    for name, slides in zip(ORIGINS, view_slides(packed.files["pptx"]).values(), strict=False):
        if name in MAPS:
            continue
        for slide in slides:
            for notes in (shape.text_frame.text for shape in slide.shapes if shape.name == "Notes"):
                assert not any(sentence.startswith(natives.DRAWING) for sentence in notes.split(". ")), notes


def test_the_document_is_tagged_and_can_be_found_one_s_way_in(packed: Packed, document: pypdf.PdfReader) -> None:
    root = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712  # pypdf has a truth of its own
    assert root["/Lang"] == "en-GB"
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    assert document.metadata is not None
    assert document.metadata.title == TITLE
    titles = [item.title for item in flat(document.outline)]
    views = [f"{view.number}. {view.headline}" for view in packed.pack.views]
    sections = [section.heading for section in packed.pack.sections]
    assert titles == [TITLE, sections[0], *views, *sections[1:], "What the indicators mean"]
    elements = tags(document)
    pictures = {str(each["/Alt"]) for each in elements if each.get("/S") == "/Figure"}
    assert pictures == {view.figure.alt for view in packed.pack.views if view.figure and view.drawn}
    kinds = [str(element.get("/S")) for element in elements]
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") == len(titles) - 1
    assert kinds.count("/TH") > 60


def test_the_document_s_pages_are_a4_and_say_what_they_are(document: pypdf.PdfReader) -> None:
    for number, page in enumerate(document.pages, 1):
        assert sorted(round(float(side)) for side in page.mediabox[2:]) == [595, 842]
        text = " ".join(page.extract_text().split())
        assert "Illustrative data" in text
        assert f"Page {number} of {len(document.pages)}" in text


def test_the_document_says_the_figures_and_every_status_as_text(packed: Packed) -> None:
    text = pdf_text(packed.files["pdf"]).replace(" ", "")  # a line may end within a word, after a hyphen
    for view in packed.pack.views:
        for table in view.tables:
            for row in table.frame.astype(str).to_dict("records"):
                for cell in row.values():
                    said = re.sub(r"^[●◐○–] ", "", cell)
                    assert "".join(said.split()) in text, (view.number, cell)
    statuses = packed.pack.views[0].tables
    said = {cell for table in statuses for cell in table.frame.drop(columns="Indicator").to_numpy().ravel()}
    assert said <= {"● On track", "◐ At risk", "○ Off track", "– No judgement", "–"}
    assert len(said) == 5


def test_both_formats_say_what_was_decided_how_the_plan_stands_and_what_changed(packed: Packed, deck) -> None:
    slides = [slide for slide in deck.slides if not re.search(r"· \d+ of \d+", words_of(slide))]
    cells = [
        cell.text
        for slide in slides
        for shape in slide.shapes
        if shape.has_table
        for row in shape.table.rows
        for cell in row.cells
    ]
    shown = f"{' '.join(cells)} {' '.join(words_of(slide) for slide in slides)}".replace("\x0b", " ")
    text = pdf_text(packed.files["pdf"])
    for said in (
        "Look again in spring.",
        "Association of Directors of Children's Services",
        "3 December 2012",
        "Wait for the corrected returns before anything is said in public about inclusive policies",
        "actions are late",
        "Structured induction: up 2.5 points to 84.9% in 2011/12, summer term, better.",
        "data version 17 against 15, which the meeting of 18 July 2012 saw.",
        "Staff whose PD needs were agreed in a performance review",
        "it sees the figures that count, now data version 17",
    ):
        assert said in shown, said
        assert said in text, said


def test_the_files_stay_small(packed: Packed) -> None:
    assert all(len(content) < 10_000_000 for content in packed.files.values())
