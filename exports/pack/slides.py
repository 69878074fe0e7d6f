"""The pack as a presentation: a slide a view with native charts and tables, notes for whoever presents it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any, Final

from PIL import Image
from pptx.slide import Slide
from pptx.util import Inches

from charts.figure import Figure
from charts.theme import FOCUS, MUTED
from exports.drawing import chart_png
from exports.office import fitting, native, scatter
from exports.office.deck import FOOT, TOP, About, Deck, grouped, lines
from exports.office.fitting import SMALLEST
from exports.office.layout import FULL, MARGIN
from exports.office.parts import Chart, Picture, Said, Scatter, Section, Table
from exports.pack.parts import Form, Pack, Part, View

SUBTITLE: Final = 14  # points
LEAD: Final = 14  # points of sentences above a table
GAP: Final = 0.25  # inches between the parts of a slide
DRAWN: Final = 900  # pixels: the width that a picture is drawn for
SHARP: Final = 1.6  # pixels of a picture for each that it is drawn for
MOST: Final = 60  # rows of a section's table on slides; the document has all
Box = tuple[float, float, float, float]  # left, top, width, height in inches


def document(pack: Pack) -> bytes:
    """The pack as the bytes of a PPTX file."""
    make = _Pack(pack)
    make.cover()
    agenda, *sections = pack.sections
    make.section(agenda)
    for view in pack.views:
        make.view(view)
    for section in sections:
        make.section(section)
    if len(pack.definitions):
        make.definitions("What the indicators mean", pack.definitions)
    return make.saved()


class _Pack(Deck):
    """Adds the slides of one pack."""

    def __init__(self, pack: Pack):
        self.pack = pack
        super().__init__(
            About(
                title=pack.title,
                subject=pack.held,
                keywords=f"{pack.title}, data version {pack.version}",
                running=(pack.title, pack.held.partition(" · ")[0]),
                illustrative=pack.illustrative,
                kind_words=pack.kind_words,
                source=pack.source,
                rest="The document (PDF) has the rest.",
                links=pack.links,
            )
        )

    def cover(self) -> None:
        """Title, day, place, who is there, and which figures are shown."""
        pack = self.pack
        slide = self.slide("Pack for the meeting", pack.title)
        self.text(slide, [Said(pack.held)], MARGIN, TOP + 0.1, FULL, 0.5, 20, colour=FOCUS, name="When and where")
        said = [*([Said(pack.present, "Present")] if pack.present else []), *(Said(line) for line in pack.about)]
        said += [Said(f"Pack made on {pack.made_on}."), Said(pack.kind_words)]
        self.fitted(slide, said, MARGIN, TOP + 1.1, FULL, FOOT - TOP - 1.6)
        self.links(slide, MARGIN, FULL)

    def section(self, section: Section) -> None:
        """Sentences and tables, as many slides as they need; the first table below the sentences where it fits."""
        items = [*section.lead, *grouped(section)]
        title = section.heading if not section.finding else f"{section.heading}: {section.finding}"
        tables = [replace(table, frame=table.frame.iloc[:MOST]) for table in section.tables]
        if items or not tables:
            slide = self.slide(section.heading, title, section.detail)
            below = TOP + fitting.room([str(item) for item in items], FULL - 0.2, LEAD, spaced=True) + 2 * GAP
            if tables and self._fits(tables[0], (MARGIN, below, FULL, FOOT - below)):
                self.text(slide, items, MARGIN, TOP, FULL, below - TOP, LEAD, bullets=True, name="Sentences")
                self._table(slide, tables.pop(0), (MARGIN, below, FULL, FOOT - below))
            else:
                self.fitted(slide, items, MARGIN, TOP, FULL, FOOT - TOP)
        for table in tables:
            for page in self._pages(table, FULL, FOOT - TOP):
                slide = self.slide(section.heading, title, lines(page.frame))
                self._table(slide, page, (MARGIN, TOP, FULL, FOOT - TOP))

    def view(self, view: View) -> None:
        """The slides of one view, or one that says why there is none."""
        about = f"{view.number} of {len(self.pack.views)}"
        spoken = [*([f"Presenter: {view.presenter}"] if view.presenter else []), *([view.note] if view.note else [])]
        if view.figure is None:
            slide = self.slide(about, view.headline, spoken)
            self.fitted(slide, [Said(view.why)], MARGIN, TOP, FULL, FOOT - TOP)
            return
        figure = view.figure
        spoken += [
            figure.alt,
            *([figure.notes] if figure.notes else []),
            *([f"In the dashboard: {view.at}"] if view.at else []),
        ]
        for form in self._split(view.forms, figure):
            heading = " · ".join(part for part in (about, form.about) if part)
            slide = self.slide(heading, view.headline, spoken, source=figure.source)
            self._shown(slide, form, figure)

    def _split(self, forms: Sequence[Form], figure: Figure) -> Iterator[Form]:
        """The forms, with tables that their place has no room for on slides of their own."""
        for form in forms:
            boxes = _grid(form, *_ends(form, figure))
            fits = [self._fits(part, box) for part, box in zip(form.parts, boxes, strict=True)]
            kept = [part for part, fit in zip(form.parts, fits, strict=True) if fit]
            if kept:
                yield form if all(fits) else replace(form, parts=kept, columns=1, shares=())
            for part, fit in zip(form.parts, fits, strict=True):
                if not fit and isinstance(part, Table):
                    alone = replace(form, parts=[part], columns=1, shares=())
                    top, bottom = _ends(alone, figure)
                    for page in self._pages(part, FULL, bottom - top):
                        yield replace(alone, parts=[page])

    def _fits(self, part: Part, box: Box) -> bool:
        """True but for a table that its place has no room for."""
        return not isinstance(part, Table) or len(self._pages(part, box[2], box[3])) == 1

    def _pages(self, table: Table, width: float, height: float) -> list[Table]:
        widths = table.widths or [1.0] * table.frame.shape[1]
        return [replace(table, frame=page) for page in fitting.pages(table.frame, widths, width, height)]

    def _shown(self, slide: Slide, form: Form, figure: Figure) -> None:
        """Subtitle, the parts in their grid, and how to read them."""
        top, bottom = _ends(form, figure)
        self.text(slide, [Said(figure.subtitle)], MARGIN, TOP - 0.1, FULL, top - TOP, SUBTITLE, name="Subtitle")
        for part, box in zip(form.parts, _grid(form, top, bottom), strict=True):
            self._part(slide, part, box)
        notes = _shortened(form.notes)
        if notes:
            below = fitting.room([notes], FULL, SMALLEST)
            self.text(slide, [Said(notes)], MARGIN, FOOT - below, FULL, below, SMALLEST, colour=MUTED, name="Notes")

    def _part(self, slide: Slide, part: Part, box: Box) -> None:
        left, top, width, height = (Inches(each) for each in box)
        if isinstance(part, Chart):
            native.add(slide, part, left, top, width, height)
        elif isinstance(part, Scatter):
            scatter.add(slide, part, left, top, width, height)
        elif isinstance(part, Table):
            self._table(slide, part, box)
        else:
            _picture(slide, part, box)

    def _table(self, slide: Slide, table: Table, box: Box) -> None:
        left, top, width, height = box
        widths = table.widths or [1.0] * table.frame.shape[1]
        self.table(slide, table, left, top, width, height, widths, largest=table.largest)


def _ends(form: Form, figure: Figure) -> tuple[float, float]:
    """Where the parts of a slide begin and end: below its subtitle, above how to read them."""
    notes = _shortened(form.notes)
    below = fitting.room([notes], FULL, SMALLEST) + 0.1 if notes else 0
    return TOP + fitting.room([figure.subtitle], FULL, SUBTITLE), FOOT - below


def _shortened(notes: str) -> str:
    """Notes in three lines at most, by whole sentences; the document has all."""
    said = notes.split(". ")
    while len(said) > 1 and fitting.wrapped(". ".join(said), FULL, SMALLEST) > 3:
        said = said[:-1]
    return ". ".join(said).rstrip(".") + "." if notes else ""


def _grid(form: Form, top: float, bottom: float) -> list[Box]:
    """The places of a form's parts, row by row."""
    shares = form.shares or [1.0] * form.columns
    count = len(form.parts)
    rows = -(-count // form.columns)
    height = (bottom - top - GAP * (rows - 1)) / rows
    room, boxes = FULL - GAP * (form.columns - 1), []
    for at in range(count):
        row, column = divmod(at, form.columns)
        left = MARGIN + room * sum(shares[:column]) / sum(shares) + GAP * column
        boxes.append((left, top + row * (height + GAP), room * shares[column] / sum(shares), height))
    return boxes


def _picture(slide: Slide, picture: Picture, box: Box) -> None:
    """A drawing as large as fits its place, with its alt text."""
    image = chart_png(picture.spec, DRAWN, SHARP)
    wide, high = Image.open(BytesIO(image)).size
    left, top, width, height = box
    scale = min(width / wide, height / high)
    made: Any = slide.shapes.add_picture(
        BytesIO(image),
        Inches(left + (width - wide * scale) / 2),
        Inches(top),
        Inches(wide * scale),
        Inches(high * scale),
    )
    native.described(made, picture.title, picture.alt)
