"""A meeting's slides as one HTML page that holds everything: charts, type, style, script."""

import base64
import hashlib
import re
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

from data_access import access
from exports.deck.content import Deck, Slide
from exports.lettering import FONTS

HERE: Final = Path(__file__).parent
SHORT: Final = 45  # characters of a part of the foot that stays on one line
NO_BREAK: Final = "\u00a0"
WEIGHTS: Final = {400: "Regular", 700: "Bold"}
_BOLD: Final = re.compile(r"\*\*(.+?)\*\*")


def html(deck: Deck) -> str:
    """The page."""
    slides = "\n".join(section(slide) for slide in deck.slides)
    regions = "".join(f'<button type="button" value="{escape(name)}">{escape(name)}</button>' for name in deck.regions)
    names = "".join(f'<option value="{escape(name)}"></option>' for name in deck.names)
    places = "".join(f'<option value="{escape(code)}">{escape(title)}</option>' for code, title in deck.places.items())
    around = _read("around.html").replace("<!--regions-->", regions)
    account = access.viewer().account
    signed_in = ' data-signed-in="yes"' if account else ""
    if account:
        around = around.replace('autocomplete="name"', f'value="{escape(account)}" readonly')
    return (
        '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(deck.title)}</title><style>{_style()}</style></head>\n"
        f'<body data-meeting="{deck.number}" data-open="{"yes" if deck.open else "no"}"{signed_in}>\n'
        f'<main id="deck">\n<h1 class="unseen">{escape(deck.title)}</h1>\n{slides}\n</main>\n'
        f"{around.replace('<!--names-->', names).replace('<!--places-->', places)}"
        f"<script>{_script()}</script>\n</body></html>\n"
    )


@cache
def hashes() -> tuple[str, str]:
    """What a content security policy says of the page's script and style: 'sha256-…' of each."""
    return _hash(_script()), _hash(_style())


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def section(slide: Slide) -> str:
    """One slide; hidden, since the script shows the one that is wanted."""
    about = f' data-item="{slide.item}" data-part="{slide.part}"' if slide.item is not None else ""
    about += ' data-regions="yes"' if slide.open_to_regions else ""
    foot = f'<footer><p>{_unbroken(slide.foot)}</p><p class="number"></p></footer>'
    of = f'<span class="unseen">, {slide.part + 1} of {slide.parts}</span>' if slide.parts > 1 else ""
    head = f"<h2>{escape(slide.heading)}{of}</h2>"
    body = _view(slide) if slide.view is not None and slide.view.svg else _text(slide)
    return f'<section class="slide {slide.kind}" hidden{about}>{head}{body}{foot}{_for_presenter(slide)}</section>'


def _view(slide: Slide) -> str:
    assert slide.view is not None
    said = "".join(f"<li>{_bold(line)}</li>" for line in slide.lines)
    return (
        f'<p class="shows">{escape(slide.view.shows)}</p><div class="both">'
        f'<div class="chart" role="img" aria-label="{escape(slide.view.read_out)}">{slide.view.svg}</div>'
        f'<ul class="said">{said}</ul></div>'
    )


def _text(slide: Slide) -> str:
    if slide.kind in ("cover", "view"):
        return '<div class="text">' + "".join(f"<p>{_bold(line)}</p>" for line in slide.lines) + "</div>"
    lines = "".join(f"<li>{_bold(line)}</li>" for line in slide.lines)
    if slide.numbered_from is not None:
        return f'<ol class="text" start="{slide.numbered_from}">{lines}</ol>'
    return f'<ul class="text">{lines}</ul>'


def _for_presenter(slide: Slide) -> str:
    """What only the presenter's view shows."""
    parts = [f"<p>Presented by {escape(slide.presenter)}.</p>"] if slide.presenter else []
    parts += [f"<p>{escape(line)}</p>" for line in slide.note.splitlines() if line.strip()]
    return f"<template>{''.join(parts)}</template>" if parts else ""


def _unbroken(foot: str) -> str:
    """The foot, which breaks between its parts rather than within a short one."""
    parts = foot.split(" · ")
    return escape(f"{NO_BREAK}· ".join(part.replace(" ", NO_BREAK) if len(part) < SHORT else part for part in parts))


def _bold(text: str) -> str:
    return _BOLD.sub(r"<strong>\1</strong>", escape(text))


@cache
def _read(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


@cache
def _script() -> str:
    return _read("deck.js")


@cache
def _style() -> str:
    faces = "".join(
        f"@font-face{{font-family:'Source Sans 3';font-weight:{weight};font-display:block;src:url(data:font/ttf;base64,"
        f"{base64.b64encode((FONTS / f'SourceSans3-{name}.ttf').read_bytes()).decode()}) format('truetype')}}"
        for weight, name in WEIGHTS.items()
    )
    return faces + _read("deck.css")
