"""The layout of the slides, and what python-pptx leaves to be done on runs, paragraphs and cells."""

from typing import Any, Final

from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.slide import SlideLayout
from pptx.util import Emu, Inches, Pt

from charts.theme import GRID, MUTED, TEXT
from exports.office import native
from exports.office.fitting import CELL

FONT: Final = "Arial"  # on every machine, which Source Sans is not
WIDTH, HEIGHT, MARGIN = 13.333, 7.5, 0.55  # inches
FULL: Final = WIDTH - 2 * MARGIN


def prepared(deck: Any) -> SlideLayout:
    """The layout with a title only, made for a wide slide, in a font that every machine has."""
    theme = deck.slide_masters[0].part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme._blob = theme.blob.replace(b'typeface="Calibri"', f'typeface="{FONT}"'.encode())
    _drop(deck.part.rels, "printerSettings")
    _drop(deck.part.package._rels, RELATIONSHIP_TYPE.THUMBNAIL)
    layout = next(each for each in deck.slide_layouts if each.name == "Title Only")
    placeholders: Any = layout.placeholders
    for shape in [*placeholders]:
        kind = shape.placeholder_format.type
        if kind == PP_PLACEHOLDER.TITLE:
            shape.left, shape.top = Inches(MARGIN), Inches(0.62)
            shape.width, shape.height = Inches(FULL), Inches(0.75)
        elif kind == PP_PLACEHOLDER.SLIDE_NUMBER:
            shape.left, shape.top = Inches(WIDTH - MARGIN - 0.8), Inches(7.0)
            shape.width, shape.height = Inches(0.8), Inches(0.3)
        else:
            shape._element.getparent().remove(shape._element)
    return layout


def _drop(relations: Any, kind: str) -> None:
    """What the library's own template brings along: settings of a printer, the picture of an empty slide."""
    for name in [name for name, relation in relations.items() if relation.reltype.endswith(kind)]:
        relations.pop(name)


def styled(run: Any, size: float, *, bold: bool = False, colour: str = TEXT, text: str | None = None) -> None:
    """Size, weight, colour and language of a run, and its text where it is given."""
    if text is not None:
        run.text = text
    run.font.size, run.font.bold = Pt(size), bold
    run.font.color.rgb = native.colour(colour)
    run._r.get_or_add_rPr().set("lang", "en-GB")


def bullet(paragraph: Any) -> None:
    """Make a paragraph an item of a list."""
    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", str(Inches(0.2)))
    properties.set("indent", str(-Inches(0.2)))
    mark = properties.makeelement(qn("a:buChar"), {"char": "•"})
    properties.append(mark)


def filled(cell: Any, value: str, size: float, *, header: bool) -> None:
    """Fill a table's cell: text on white, or in bold on grey, with a line below."""
    cell.margin_left = cell.margin_right = Inches(CELL)
    cell.margin_top = cell.margin_bottom = Inches(0.03)
    cell.fill.solid()
    cell.fill.fore_color.rgb = native.colour(GRID if header else "#FFFFFF")
    run = cell.text_frame.paragraphs[0].add_run()
    styled(run, size, bold=header, text=value)
    properties = cell._tc.get_or_add_tcPr()
    line = properties.makeelement(qn("a:lnB"), {"w": str(Emu(9525))})
    fill = line.makeelement(qn("a:solidFill"), {})
    fill.append(fill.makeelement(qn("a:srgbClr"), {"val": MUTED.lstrip("#").upper()}))
    line.append(fill)
    properties.insert(0, line)
