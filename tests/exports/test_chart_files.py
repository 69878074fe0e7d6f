"""Chart files: what is inside them, in words and in pixels."""

import io
import json
from dataclasses import replace

import pandas as pd
import pytest
from PIL import Image

from charts.dots import ranked
from exports import chart_files
from tests.charts.chart_frames import CONTEXT, england, indicator, regions


@pytest.fixture(scope="module")
def figure():
    return ranked(regions(), indicator(), CONTEXT, england=england().iloc[0], focus="E12000007")


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


def test_long_words_wrap_and_are_never_clipped(figure):
    long = replace(figure, subtitle="A very long subtitle about many things " * 8, headline='Less < more & "quoted"')
    svg = chart_files.svg(long)
    assert svg.count("A very long subtitle") >= 3
    assert "Less &lt; more &amp; &quot;quoted&quot;" in svg
    lines = chart_files._wrapped("A very long subtitle about many things " * 8, 852, 16, False)
    assert all(chart_files._font(16, False).getlength(line) <= 852 for line in lines)


def test_png_has_the_size_asked_for_and_words_inside(figure):
    image = Image.open(io.BytesIO(chart_files.png(figure, scale=2)))
    image.load()
    assert image.width == 1800
    assert image.height > 600
    assert image.info["Title"] == figure.headline
    assert image.info["Source"] == figure.source
    assert image.info["Description"] == figure.alt
    assert image.convert("RGB").getpixel((1, 1)) == (255, 255, 255)
    assert len(set(image.convert("L").crop((48, 48, 900, 130)).tobytes())) > 10, "the headline is drawn"


def test_nothing_touches_the_edge(figure):
    image = Image.open(io.BytesIO(chart_files.png(figure, scale=1))).convert("L")
    rim = 8
    for box in ((0, 0, image.width, rim), (0, image.height - rim, image.width, image.height),
                (0, 0, rim, image.height), (image.width - rim, 0, image.width, image.height)):  # fmt: skip
        assert image.crop(box).getextrema() == (255, 255)


def test_csv_opens_in_excel_and_carries_its_source(figure):
    data = chart_files.csv(figure, "3 March 2012")
    assert data.startswith(b"\xef\xbb\xbf")
    table = pd.read_csv(io.BytesIO(data))
    assert table.loc[0, "Area"] == "South West"
    assert table["Value (number)"].tolist() == sorted(table["Value (number)"], reverse=True)
    assert set(table["Title"]) == {figure.headline}
    assert figure.context is not None
    assert set(table["Shown for"]) == {figure.context.place}
    assert set(table["Source"]) == {figure.context.source}
    assert set(table["Kind of data"]) == {"Illustrative data"}
    assert set(table["Exported"]) == {"3 March 2012"}


def test_pdf_and_vega_lite(figure):
    assert chart_files.pdf(figure).startswith(b"%PDF")
    spec = json.loads(chart_files.vega_lite(figure))
    assert spec["title"]["text"] == figure.headline
    assert spec["usermeta"]["source"] == figure.source
