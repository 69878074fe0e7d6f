"""What a report says of partnership work: what the pages say, in all three formats, however much there is of it."""

import io
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest
from pptx import Presentation

from exports.report import content, files, partnerships
from exports.report.material import Material
from exports.report.parts import Report
from measures.partnership_words import KINDS
from measures.stall_rules import rules
from tests.exports.report_reading import pdf_text, sheet

HOSTILE = "<b>*Bold*</b> #let x = 1 [c] =1+1"


def changed(materials: Callable[..., Material], code: str, **values: object) -> Report:
    """The report of an authority whose register has these values in each of its rows, or in a frame of their own."""
    m = materials("2011/12")
    works = replace(m.works, **values)  # type: ignore[arg-type]
    return content.report(replace(m, works=works), code)


def slide_text(made: bytes) -> str:
    """All text of the slide about partnerships, its table included."""
    for slide in Presentation(io.BytesIO(made)).slides:
        shapes = list(slide.shapes)
        if any(shape.has_text_frame and shape.text_frame.text.endswith(" · Partnerships") for shape in shapes):
            cells = [cell.text for s in shapes if s.has_table for row in s.table.rows for cell in row.cells]
            return " ".join([*(s.text_frame.text for s in shapes if s.has_text_frame), *cells]).replace("\n", " ")
    raise AssertionError("no slide about partnerships")


@pytest.mark.parametrize("code", ["202", "382"])
def test_every_format_lists_those_that_go_on_and_their_warnings(materials, reports, made, code: str) -> None:
    works, report = materials("2011/12").works, reports(code)
    mine = [row for row in works.of(code).to_dict("records") if row["going"]]
    warned = works.warnings[works.warnings["partnership"].isin([row["code"] for row in mine])]
    section = report.section("partnerships")
    assert section.finding.startswith(f"{len(mine)} partnerships go on, {warned['partnership'].nunique() or 'none'} wi")
    assert [row["name"] for row in mine] == section.tables[0].frame["Partnership"].to_list()
    text, slide = pdf_text(made(code, "pdf")), slide_text(made(code, "pptx"))
    titles = {rule.code: rule for rule in rules()}
    for said in (text, slide):
        for row in mine:
            assert row["name"] in said
            assert KINDS[row["kind"]] in said
        for fact in warned["said"]:
            assert fact in said
    book = made(code, "xlsx")
    table = sheet(book, "Partnerships")
    assert table["Partnership"].to_list() == works.of(code)["name"].to_list()
    assert table["Stall warnings"].sum() == len(warned)
    assert set(table["Kind of entry"]) == {"Illustrative"}
    if code == "382":
        assert len(warned) == 2
        rows = sheet(book, "Stall warnings")
        assert rows["Facts"].to_list() == warned["said"].to_list()
        assert rows["A warning is given where"].to_list() == [titles[rule].said() for rule in warned["rule"]]
    alone = works.alone.set_index("la_code").loc[code]
    assert f"{alone['alone']} of {alone['schools']} schools (" in text
    assert "Illustrative, which is invented: " in text


def test_of_many_the_nearest_are_listed_and_the_workbook_has_all(materials) -> None:
    works = materials("2011/12").works
    many = pd.concat([works.of("382")] * 30, ignore_index=True)
    many = many.assign(code=[f"P{at:04}" for at in range(len(many))], name=HOSTILE, going=True)
    rule = rules()[0].code
    warnings = pd.DataFrame({"partnership": many["code"], "rule": rule, "said": "Open.", "facts": [{}] * len(many)})
    report = changed(materials, "382", partnerships=many, warnings=warnings)
    section = report.section("partnerships")
    assert len(section.tables[0].frame) == partnerships.MOST
    assert section.tables[0].note == f"The nearest {partnerships.MOST} of {len(many)}: the workbook has all."
    told = section.groups[partnerships.WARNINGS]
    assert (
        str(told[-1])
        == f"{len(many) - partnerships.MOST_WARNED} more partnerships with warnings: the workbook has all."
    )
    assert HOSTILE in pdf_text(files.make(report, "pdf"))
    deck = Presentation(io.BytesIO(files.make(report, "pptx")))
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.top + shape.height <= deck.slide_height
    assert len(sheet(files.make(report, "xlsx"), "Partnerships")) == len(many)


def test_where_there_is_none_it_says_so(materials) -> None:
    works = materials("2011/12").works
    report = changed(materials, "202", partnerships=works.partnerships.iloc[:0])
    section = report.section("partnerships")
    assert section.finding == "No partnership goes on"
    assert str(section.lead[0]) == "No partnership that bears on Camden goes on at the end of 2011/12."
    assert (section.tables, section.groups) == ([], {})
    assert section.finding in slide_text(files.make(report, "pptx"))
    assert "Partnerships" not in {table.title for table in report.sheets}
