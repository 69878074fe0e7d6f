"""The report as a presentation: real text, native charts and tables, alt text, speaker's notes with the sources."""

from collections.abc import Sequence
from copy import deepcopy
from io import BytesIO
from typing import Any, Final

import pandas as pd
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml.ns import qn
from pptx.slide import Slide, SlideLayout
from pptx.util import Inches, Pt

from charts.theme import FOCUS, LINK, MUTED, TEXT
from exports.report import fitting, native
from exports.report.fitting import SMALLEST
from exports.report.layout import FULL, HEIGHT, MARGIN, WIDTH, bullet, filled, prepared, styled
from exports.report.parts import Report, Said, Section, Table

TOP, FOOT = 1.5, 6.85  # where the content begins and ends
CHART: Final = 8.0  # width of a chart beside sentences
LONGEST: Final = 255  # characters of a property of a file
MORE: Final = "The workbook has the rest."


def document(report: Report) -> bytes:
    """The report as the bytes of a PPTX file."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    layout = prepared(deck)
    about = deck.core_properties
    about.title, about.author, about.language = report.title[:LONGEST], "CPD strategy dashboard", "en-GB"
    about.subject, about.comments = report.shown[:LONGEST], report.kind_words
    about.keywords = f"{report.area}, {report.period_label}"[:LONGEST]
    make = _Deck(deck, layout, report)
    make.cover()
    for section in report.sections:
        match section.key:
            case "summary":
                make.two_lists(section)
            case "others" | "coverage":
                make.chart_beside(section, [*section.lead, *_grouped(section)])
            case "changes":
                make.changes(section)
            case "methods":
                make.closing(section, report.section("sources"))
            case "sources":
                pass
            case "definitions":
                make.definitions(section)
            case _:
                make.chart_beside(section, [*section.lead, *_grouped(section)])
    file = BytesIO()
    deck.save(file)
    return file.getvalue()


def _grouped(section: Section) -> list[Said]:
    """The groups of a section as one list: a heading in bold before the first of each."""
    made = []
    for heading, items in section.groups.items():
        made.append(Said("", heading))
        made += items
    return made


class _Deck:
    """Adds the slides of one report."""

    def __init__(self, deck: Any, layout: SlideLayout, report: Report):
        self.deck, self.layout, self.report = deck, layout, report

    def slide(self, heading: str, finding: str, notes: Sequence[object] = ()) -> Slide:
        """A slide with its title, a line above it, source and number at the foot, and notes."""
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
        above = [self.report.area, self.report.period_label, *([heading] if finding else [])]
        self.text(made, [Said(" · ".join(above))], MARGIN, 0.3, FULL - 2.2, 0.32, 12, colour=MUTED, name="Section")
        if self.report.illustrative:
            box = self.text(
                made, [Said("", "Illustrative data")], WIDTH - MARGIN - 2.2, 0.3, 2.2, 0.32, 12, name="Kind of data"
            )
            box.text_frame.paragraphs[0].alignment = 3
        foot = f"{self.report.source}{' · Illustrative data' if self.report.illustrative else ''}"
        self.text(made, [Said(foot)], MARGIN, 7.0, FULL - 1, 0.3, 12, colour=MUTED, name="Source")
        self._number(made)
        said = "\n".join(str(note) for note in notes)
        made.notes_slide.notes_text_frame.text = f"{foot}\n{self.report.kind_words}\n{said}".strip()
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
        """A list of sentences as large as fits, 16 points at most; what does not fit at 12 is left to the workbook."""
        shown = list(items)
        while True:
            size = fitting.largest(
                [str(item) for item in shown], width - 0.2, height, (16, 15, 14, 13, 12), spaced=True
            )
            if size or len(shown) < 2:
                break
            shown = [*[item for item in shown if item.text != MORE][:-1], Said(MORE)]
        self.text(slide, shown, left, top, width, height, size or SMALLEST, bullets=True, name="Sentences")

    def cover(self) -> None:
        """Name, period, and what is on track by priority."""
        summary = self.report.section("summary")
        glance = [] if summary.glance is None else _lines(summary.glance.frame)
        slide = self.slide("Report", self.report.title, [*summary.lead, *glance])
        self.text(slide, [Said(self.report.shown)], MARGIN, TOP - 0.05, FULL, 0.4, 18, name="What is shown")
        self.text(slide, [Said("", summary.finding)], MARGIN, TOP + 0.5, FULL, 0.4, 20, colour=FOCUS, name="Finding")
        widths = (3.9, 1.5, 2.9, 2.2, 2.9)
        below = TOP + 1.25 + self.table(slide, summary.tables[0], MARGIN, TOP + 1.1, FULL, 2.2, widths, largest=16)
        version = f"Data version {self.report.version}. Report made on {self.report.made_on}."
        said = [*summary.lead, Said(version), Said(self.report.kind_words)]
        self.fitted(slide, said, MARGIN, below, FULL, FOOT - 0.35 - below)
        self._links(slide, MARGIN, FULL)

    def _links(self, slide: Slide, left: float, width: float) -> None:
        if not self.report.links:
            return
        box = self.text(slide, [], left, FOOT - 0.25, width, 0.3, SMALLEST, name="Links")
        paragraph = box.text_frame.paragraphs[0]
        for at, (name, address) in enumerate(self.report.links.items()):
            if at:
                styled(paragraph.add_run(), 14, text=" · ")
            run = paragraph.add_run()
            styled(run, 14, text=name, colour=LINK)
            run.hyperlink.address = address

    def two_lists(self, section: Section) -> None:
        """Two groups of sentences side by side."""
        slide = self.slide(section.heading, _two_sides(section), section.lead)
        half = (FULL - 0.6) / 2
        for at, (heading, items) in enumerate(section.groups.items()):
            left = MARGIN + at * (half + 0.6)
            self.text(slide, [Said("", heading)], left, TOP, half, 0.4, 18, colour=FOCUS, name=heading)
            self.fitted(slide, items, left, TOP + 0.5, half, FOOT - TOP - 0.5)

    def chart_beside(self, section: Section, items: Sequence[Said]) -> None:
        """A chart at the left, sentences at the right, how to read the chart below it."""
        tables = [row for table in section.tables for row in _lines(table.frame)]
        slide = self.slide(section.heading, section.finding, section.detail or tables)
        if not section.charts:
            self.fitted(slide, items, MARGIN, TOP, FULL, FOOT - TOP)
            return
        chart = section.charts[0]
        notes = fitting.room([chart.notes], CHART, SMALLEST)
        self.text(slide, [Said("", chart.subtitle)], MARGIN, TOP - 0.1, CHART, 0.5, SMALLEST, name="Chart's subtitle")
        below = fitting.room([chart.subtitle], CHART, SMALLEST * 1.05)
        top = TOP - 0.05 + below
        native.add(slide, chart, Inches(MARGIN), Inches(top), Inches(CHART), Inches(FOOT - notes - 0.1 - top))
        self.text(slide, [Said(chart.notes)], MARGIN, FOOT - notes, CHART, notes, SMALLEST, colour=MUTED, name="Notes")
        self.fitted(slide, items, MARGIN + CHART + 0.4, TOP, FULL - CHART - 0.4, FOOT - TOP)

    def changes(self, section: Section) -> None:
        """Two charts over time, and what changed."""
        tables = [row for table in section.tables for row in _lines(table.frame)]
        slide = self.slide(section.heading, section.finding, [*(chart.alt for chart in section.charts), *tables])
        width = (FULL - 0.4) / 2
        top = TOP
        for at, chart in enumerate(section.charts):
            left = MARGIN + at * (width + 0.4)
            self.text(slide, [Said("", chart.title)], left, TOP - 0.1, width, 0.3, 14, name="Chart's title")
            native.add(slide, chart, Inches(left), Inches(TOP + 0.25), Inches(width), Inches(2.75))
            top = TOP + 3.1
        if section.charts:
            notes = "Lines up and down show 95% intervals; dashes where each was expected."
            self.text(slide, [Said(notes)], MARGIN, top, FULL, 0.25, SMALLEST, colour=MUTED, name="Notes")
            top += 0.35
        moved = [
            Said(f"{row['Judgement then'][2:].lower()} then, {row['Judgement'][2:].lower()} now.", row["Indicator"])
            for table in section.tables
            for row in table.frame.to_dict("records")
        ]
        listed = [*section.lead, *_grouped(section)]
        if not moved:
            self.fitted(slide, listed, MARGIN, top, FULL, FOOT - top)
            return
        self.fitted(slide, listed, MARGIN, top, width, FOOT - top)
        named = [Said("", section.tables[0].title), *moved]
        self.fitted(slide, named, MARGIN + width + 0.4, top, width, FOOT - top)

    def definitions(self, section: Section) -> None:
        """A slide a priority: what each of its indicators counts, and of what; the rest is in the notes."""
        if not section.tables:
            return
        for priority, rows in section.tables[0].frame.groupby("Priority", sort=False):
            notes = [
                f"{row['Indicator']}: {row['What it says']} Collected: {row['Collected']}. Mind: {row['Mind']}"
                for row in rows.to_dict("records")
            ]
            shown = rows[["Indicator", "Numerator", "Denominator"]].reset_index(drop=True)
            for page in fitting.pages(shown, (2.9, 5.6, 3.7), FULL, FOOT - TOP):
                slide = self.slide(section.heading, f"{section.heading}: {priority}", notes)
                table = Table(f"Definitions: {priority}", page)
                self.table(slide, table, MARGIN, TOP - 0.1, FULL, FOOT - TOP, (2.9, 5.6, 3.7), largest=13)

    def closing(self, methods: Section, sources: Section) -> None:
        """How to read the figures, and where they come from."""
        notes = [str(item) for items in methods.groups.values() for item in items]
        slide = self.slide("Methods and sources", f"{methods.heading}, and their sources", notes)
        half = (FULL - 0.6) / 2
        self.table(slide, methods.tables[0], MARGIN, TOP, half, 2.6, (0.6, 1.4, 4.0), largest=13)
        stand_in = next(iter(methods.groups.items()))
        said = "; ".join(f"{item.about} {item.text.rstrip('.').lower()}" for item in stand_in[1])
        items = [Said(f"{said}.", stand_in[0])]
        items += [*methods.groups["How sure a figure is"], *methods.groups["Coverage"]]
        self.fitted(slide, items, MARGIN, TOP + 2.95, half, FOOT - TOP - 2.95)
        listed = [
            Said(
                f"{row['Kind']}; {row['Licence']}; {row['Indicators']} indicators; taken in on {row['Taken in']}.",
                row["Source"],
            )
            for table in sources.tables
            for row in table.frame.to_dict("records")
        ]
        left = MARGIN + half + 0.6
        more = [Said("Indicators, methods and limits in full: the report as PDF and the workbook.")]
        self.fitted(slide, [Said("", "Sources"), *listed, *sources.lead, *more], left, TOP, half, FOOT - TOP - 0.4)
        self._links(slide, left, half)

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


def _two_sides(section: Section) -> str:
    """The title of what needs attention and what goes well."""
    return f"{' and '.join([name if at == 0 else name.lower() for at, name in enumerate(section.groups)])}"


def _lines(frame: pd.DataFrame) -> list[str]:
    """A table's rows as lines of a speaker's notes."""
    return [
        "; ".join([str(row[frame.columns[0]]), *(f"{name}: {row[name]}" for name in frame.columns[1:])])
        for row in frame.to_dict("records")
    ]
