"""Amounts in pounds: bars, pairs of fees, and costs with an interval that may have no end."""

from math import inf

from charts.figure import Figure
from charts.pounds import Amount, amounts
from tests.charts.chart_frames import CONTEXT
from tests.charts.test_evidence_charts import drawn

NAMES = ("Partner fee", "Standard fee")


def figure(*rows: Amount, names: tuple[str, str] | None = NAMES) -> Figure:
    return amounts(rows, CONTEXT, finding="It costs less", measure="Fees", what="fees", names=names)


def test_a_fee_stands_beside_the_other_and_says_both() -> None:
    made = figure(Amount("Masters", "Mean of 3 programmes", 2400, 5995), Amount("Masters", "Another", None))
    for svg in drawn(made):
        assert ">Not said<" in svg
        assert ">Standard fee<" in svg
    assert made.table.to_numpy().tolist() == [
        ["Masters", "Mean of 3 programmes", "£2,400", "£5,995"],
        ["Masters", "Another", "Not said", "–"],
    ]
    assert "Mean of 3 programmes £2,400 of £5,995; Another Not said." in made.alt


def test_an_interval_without_an_end_is_an_arrow_and_says_so() -> None:
    open_ended = Amount("Masters", "Stopped", None, interval=(2600, inf), why="Nobody completed")
    made = figure(Amount("Masters", "One", 3200, 7993, interval=(2900, 3600)), open_ended)
    assert made.table["95% interval"].tolist() == ["£2,900 to £3,600", "from £2,600: no upper limit"]
    arrows = [layer for layer in made.spec["layer"] if layer["mark"].get("shape") == "triangle-right"]
    assert len(arrows[0]["data"]["values"]) == 1
    for svg in drawn(made):
        assert "inf" not in svg.lower().replace("info", "")
        assert ">Nobody completed<" in svg
    assert all(layer["data"]["values"] for layer in made.spec["layer"]), "no mark of nothing"
    closed = figure(Amount("Masters", "One", 3200, interval=(2900, 3600)))
    assert not any(layer["mark"].get("shape") == "triangle-right" for layer in closed.spec["layer"])


def test_bars_go_below_nothing_where_more_was_paid() -> None:
    made = figure(Amount("Whose", "Public", 3_400_000), Amount("Whose", "Teachers", -1200), names=None)
    (scale,) = {str(layer["encoding"]["x"]["scale"]["domain"]) for layer in made.spec["layer"][:1]}
    assert scale.startswith("[-")
    assert made.table.columns.tolist() == ["About", "What", "Amount"]
    assert made.table["Amount"].tolist() == ["£3,400,000", "−£1,200"]
    for svg in drawn(made):
        assert ">£2m<" in svg
