"""A presentation with real text, native charts and tables, alt text, slide numbers and speaker's notes."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final

import pandas as pd
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.util import Inches, Pt

from charts.theme import LINK, MUTED, TEXT
from exports.office import fitting, native
from exports.office.fitting import SMALLEST
from exports.office.layout import FULL, HEIGHT, MARGIN, WIDTH, bullet, filled, prepared, styled
from exports.office.parts import Said, Section, Table

TOP, FOOT = 1.5, 6.85  # where the content begins and ends
LONGEST: Final = 255  # characters of a property of a file
DEFINED: Final = (2.9, 5.6, 3.7)  # relative widths of the columns of definitions


@dataclass(frozen=True)
class About:
    """What a presentation says of itself and on every slide.

    running: the parts of the line above a title. source: what stands at the foot. rest: what a list says in place of
    what it has no room for. links: what each is called → its address.
    """

    title: str
    subject: str
    keywords: str
    running: Sequence[str]
    illustrative: bool
    kind_words: str
    source: str
    rest: str
    links: Mapping[str, str] = field(default_factory=dict)


class Deck:
    """A presentation that slides are added to, one after another."""

    def __init__(self, about: About):
        self.about, self.deck = about, Presentation()
        deck: Any = self.deck
        deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
        self.layout = prepared(deck)
        properties = deck.core_properties
        properties.title, properties.author = about.title[:LONGEST], "CPD strategy dashboard"
        properties.language, properties.comments = "en-GB", about.kind_words
        properties.subject, properties.keywords = about.subject[:LONGEST], about.keywords[:LONGEST]

    def saved(self) -> bytes:
        """The presentation as the bytes of a PPTX file."""
        file = BytesIO()
        self.deck.save(file)
        return file.getvalue()

    def slide(self, heading: str, finding: str, notes: Sequence[object] = (), source: str | None = None) -> Slide:
        """A slide with its title, a line above it, source and number at the foot, and notes.

        source: what stands at the foot where it is not the document's own.
        """
        made = self.deck.slides.add_slide(self.layout)
        title = made.shapes.title
        title.text = finding or heading
        frame = title.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = 0
        run = frame.paragraphs[0].runs[0]
        size = fitting.largest([finding or heading], FULL, 0.75, (28, 24, 20, 18)) or SMALLEST
        styled(run, size, bold=True)
        frame.paragraphs[0].alignment = 1
        above = [*self.about.running, *([heading] if finding else [])]
        self.text(made, [Said(" · ".join(above))], MARGIN, 0.3, FULL - 2.2, 0.32, 12, colour=MUTED, name="Section")
        if self.about.illustrative:
            box = self.text(
                made, [Said("", "Illustrative data")], WIDTH - MARGIN - 2.2, 0.3, 2.2, 0.32, 12, name="Kind of data"
            )
            box.text_frame.paragraphs[0].alignment = 3
        foot = self.about.source if source is None else source
        low = 7.0 if fitting.wrapped(foot, FULL - 1, SMALLEST) == 1 else 6.93
        shown = fitting.shortened(foot, FULL - 1, SMALLEST, 2)
        self.text(made, [Said(shown)], MARGIN, low, FULL - 1, 0.3, SMALLEST, colour=MUTED, name="Source")
        self._number(made)
        said = "\n".join(str(note) for note in notes)
        made.notes_slide.notes_text_frame.text = f"{foot}\n{self.about.kind_words}\n{said}".strip()
        return made

    def _number(self, slide: Slide) -> None:
        """The slide's number, as a field in its own placeholder."""
        placeholders: Any = self.layout.placeholders
        for shape in placeholders:
            if shape.placeholder_format.type == PP_PLACEHOLDER.SLIDE_NUMBER:
                copied = deepcopy(shape._element)
                slide.shapes._spTree.append(copied)
                for properties in copied.iter(qn("a:rPr"), qn("a:defRPr")):
                    properties.set("sz", str(SMALLEST * 100))

    def text(
        self,
        slide: Slide,
        items: Sequence[Said],
        left: float,
        top: float,
        width: float,
        height: float,
        size: float,
        *,
        colour: str = TEXT,
        bullets: bool = False,
        name: str = "Text",
    ) -> Any:
        """A box of sentences, one a paragraph; positions in inches. A sentence without text is a heading."""
        box = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(height))
        box.name = name
        frame = box.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        for at, item in enumerate(items):
            paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
            if item.about:
                styled(
                    paragraph.add_run(), size, bold=True, colour=colour, text=item.about + (": " if item.text else "")
                )
            if item.text:
                styled(paragraph.add_run(), size, colour=colour, text=item.text)
            heading = bullets and item.about and not item.text
            if bullets:
                paragraph.space_before = Pt(0 if at == 0 else size * (0.8 if heading else 0.35))
            if bullets and not heading:
                bullet(paragraph)
        return box

    def fitted(self, slide: Slide, items: Sequence[Said], left: float, top: float, width: float, height: float) -> None:
        """A list of sentences as large as fits, 16 points at most; for what does not fit at 12 stands about.rest."""
        shown = list(items)
        while True:
            size = fitting.largest(
                [str(item) for item in shown], width - 0.2, height, (16, 15, 14, 13, 12), spaced=True
            )
            if size or len(shown) < 2:
                break
            shown = [*[item for item in shown if item.text != self.about.rest][:-1], Said(self.about.rest)]
        self.text(slide, shown, left, top, width, height, size or SMALLEST, bullets=True, name="Sentences")

    def links(self, slide: Slide, left: float, width: float) -> None:
        """Where the same is found in the dashboard; nothing where that is not known."""
        if not self.about.links:
            return
        box = self.text(slide, [], left, FOOT - 0.25, width, 0.3, SMALLEST, name="Links")
        paragraph = box.text_frame.paragraphs[0]
        for at, (name, address) in enumerate(self.about.links.items()):
            if at:
                styled(paragraph.add_run(), 14, text=" · ")
            run = paragraph.add_run()
            styled(run, 14, text=name, colour=LINK)
            run.hyperlink.address = address

    def definitions(self, heading: str, frame: pd.DataFrame) -> None:
        """Slides a priority: what each of its indicators counts, and of what; the rest is in the notes.

        frame: exports.definitions.table.
        """
        for priority, rows in frame.groupby("Priority", sort=False):
            notes = [
                f"{row['Indicator']}: {row['What it says']} Collected: {row['Collected']}. Mind: {row['Mind']}"
                for row in rows.to_dict("records")
            ]
            shown = rows[["Indicator", "Numerator", "Denominator"]].reset_index(drop=True)
            for page in fitting.pages(shown, DEFINED, FULL, FOOT - TOP):
                slide = self.slide(heading, f"{heading}: {priority}", notes)
                table = Table(f"Definitions: {priority}", page)
                self.table(slide, table, MARGIN, TOP - 0.1, FULL, FOOT - TOP, DEFINED, largest=13)

    def table(
        self,
        slide: Slide,
        table: Table,
        left: float,
        top: float,
        width: float,
        height: float,
        widths: Sequence[float],
        *,
        largest: int = 14,
    ) -> float:
        """A native table with a header row, in the largest size that fits; its height."""
        frame = table.frame.astype(str)
        shares = [width * part / sum(widths[: frame.shape[1]]) for part in widths[: frame.shape[1]]]
        sizes = [size for size in range(largest, SMALLEST, -1) if sum(fitting.heights(frame, shares, size)) <= height]
        size = sizes[0] if sizes else SMALLEST
        heights = fitting.heights(frame, shares, size)
        made = slide.shapes.add_table(
            len(frame) + 1, frame.shape[1], Inches(left), Inches(top), Inches(width), Inches(sum(heights))
        )
        native.described(made, table.title, f"Table: {table.title}, {len(frame)} rows.")
        grid = made.table
        grid.first_row, grid.horz_banding = True, False
        for at, share in enumerate(shares):
            grid.columns[at].width = Inches(share)
        for row, values in enumerate([list(frame.columns), *frame.to_numpy().tolist()]):
            grid.rows[row].height = Inches(heights[row])
            for at, value in enumerate(values):
                filled(grid.cell(row, at), value, size, header=row == 0)
        return sum(heights)


def grouped(section: Section) -> list[Said]:
    """The groups of a section as one list: a heading in bold before the first of each."""
    made = []
    for heading, items in section.groups.items():
        made.append(Said("", heading))
        made += items
    return made


def lines(frame: pd.DataFrame) -> list[str]:
    """A table's rows as lines of a speaker's notes."""
    return [
        "; ".join([str(row[frame.columns[0]]), *(f"{name}: {row[name]}" for name in frame.columns[1:])])
        for row in frame.to_dict("records")
    ]
