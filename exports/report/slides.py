"""The report as a presentation: real text, native charts and tables, alt text, speaker's notes with the sources."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pptx.util import Inches

from charts.theme import FOCUS, MUTED
from exports.office import fitting, native
from exports.office.deck import FOOT, TOP, About, Deck, grouped, lines
from exports.office.fitting import SMALLEST
from exports.office.layout import FULL, MARGIN
from exports.office.parts import Said, Section
from exports.report.parts import Report

CHART: Final = 8.0  # width of a chart beside sentences
TABLE: Final = 2.6  # height of a table above sentences
LISTED: Final = (3.2, 2.2, 2.2, 1.5, 1.3)  # widths of the columns of partnerships


def document(report: Report) -> bytes:
    """The report as the bytes of a PPTX file."""
    make = _Report(report)
    make.cover()
    for section in report.sections:
        match section.key:
            case "summary":
                make.two_lists(section)
            case "others" | "coverage":
                make.chart_beside(section, [*section.lead, *grouped(section)])
            case "changes":
                make.changes(section)
            case "partnerships":
                make.partnerships(section)
            case "methods":
                make.closing(section, report.section("sources"))
            case "sources":
                pass
            case "definitions":
                for table in section.tables:
                    make.definitions(section.heading, table.frame)
            case _:
                make.chart_beside(section, [*section.lead, *grouped(section)])
    return make.saved()


class _Report(Deck):
    """Adds the slides of one report."""

    def __init__(self, report: Report):
        self.report = report
        super().__init__(
            About(
                title=report.title,
                subject=report.shown,
                keywords=f"{report.area}, {report.period_label}",
                running=(report.area, report.period_label),
                illustrative=report.illustrative,
                kind_words=report.kind_words,
                source=f"{report.source}{' · Illustrative data' if report.illustrative else ''}",
                rest="The workbook has the rest.",
                links=report.links,
            )
        )

    def cover(self) -> None:
        """Name, period, and what is on track by priority."""
        summary = self.report.section("summary")
        glance = [] if summary.glance is None else lines(summary.glance.frame)
        slide = self.slide("Report", self.report.title, [*summary.lead, *glance])
        self.text(slide, [Said(self.report.shown)], MARGIN, TOP - 0.05, FULL, 0.4, 18, name="What is shown")
        self.text(slide, [Said("", summary.finding)], MARGIN, TOP + 0.5, FULL, 0.4, 20, colour=FOCUS, name="Finding")
        widths = (3.9, 1.5, 2.9, 2.2, 2.9)
        below = TOP + 1.25 + self.table(slide, summary.tables[0], MARGIN, TOP + 1.1, FULL, 2.2, widths, largest=16)
        version = f"Data version {self.report.version}. Report made on {self.report.made_on}."
        said = [*summary.lead, Said(version), Said(self.report.kind_words)]
        self.fitted(slide, said, MARGIN, below, FULL, FOOT - 0.35 - below)
        self.links(slide, MARGIN, FULL)

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
        tables = [row for table in section.tables for row in lines(table.frame)]
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
        tables = [row for table in section.tables for row in lines(table.frame)]
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
        listed = [*section.lead, *grouped(section)]
        if not moved:
            self.fitted(slide, listed, MARGIN, top, FULL, FOOT - top)
            return
        self.fitted(slide, listed, MARGIN, top, width, FOOT - top)
        named = [Said("", section.tables[0].title), *moved]
        self.fitted(slide, named, MARGIN + width + 0.4, top, width, FOOT - top)

    def partnerships(self, section: Section) -> None:
        """Those that go on, as far as a third of the slide holds them; what is to be said of them, and warnings."""
        tables = [row for table in section.tables for row in lines(table.frame)]
        notes = [*section.lead, *grouped(section), *tables]
        slide = self.slide(section.heading, section.finding, notes, f"Source: {section.lead[-1]}")
        top = TOP
        for table in section.tables:
            shares = [FULL * part / sum(LISTED) for part in LISTED]
            heights = fitting.heights(table.frame, shares, SMALLEST)
            most = next((at for at in range(len(heights), 1, -1) if sum(heights[:at]) <= TABLE), 2)
            shown = replace(table, frame=table.frame.head(most - 1))
            top += 0.2 + self.table(slide, shown, MARGIN, TOP, FULL, TABLE, LISTED, largest=14)
            if most < len(heights):
                said = f"The first {most - 1} of {len(table.frame)}. {self.about.rest}"
                self.text(slide, [Said(said)], MARGIN, top - 0.15, FULL, 0.25, SMALLEST, colour=MUTED, name="Notes")
                top += 0.2
        half = (FULL - 0.6) / 2
        self.fitted(slide, section.lead[:-1], MARGIN, top, half, FOOT - top)
        self.fitted(slide, grouped(section), MARGIN + half + 0.6, top, half, FOOT - top)

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
        self.links(slide, left, half)


def _two_sides(section: Section) -> str:
    """The title of what needs attention and what goes well."""
    return f"{' and '.join([name if at == 0 else name.lower() for at, name in enumerate(section.groups)])}"
