"""Words that are obeyed wherever text is taken for something else, and how to tell that something was made of them."""

import json
import re
from typing import Any

from google.protobuf.message import Message
from markdown_it import MarkdownIt

HOST = "evil.example"
WORDS = {
    "SQL": "' OR 1=1; DROP TABLE school; --",
    "SQL union": '" UNION SELECT account FROM audit/*',
    "HTML": "<script>alert(1)</script>",
    "HTML picture": "<img src=//evil.example/x onerror=alert(1)>",
    "SVG": '"><svg/onload=alert(1)>',
    "Markdown link": "[x](https://evil.example/x)",
    "Markdown picture": "![x](//evil.example/x.png)",
    "an address": "https://evil.example www.evil.example",
    "Streamlit": ":red[x] :help :material/lock: $\\frac12$",
    "a heading": "# evil.example",
    "blocks": "x\n\n# evil\n\n- x\n\n    x\n\n1) x\nx\n---",
    "a formula": '=HYPERLINK("//evil.example","x")',
    "a command": "+cmd|' /C calc'!A0",
    "a path": "../../../../etc/passwd",
    "control characters": "a\x00\x1b[2J\x07evil\x7f",
    "a header": "a\r\nSet-Cookie: evil=1\r\n\r\n<b>",
    "a line of the log": "x\nERROR cpd: evil\u2028ERROR evil\x85ERROR evil",
    "Vega": "'] + datum.constructor('alert(1)')() + ['",
    "too much": "x" * 5000,
    "right to left": "\u202egnp.evil.exe",
    "emoji": "👩‍🏫🏴󠁧󠁢󠁥󠁮󠁧󠁿\U000e0001",
    "encoded twice": "%253Cscript%253E%2527",
    "JSON": '{"__proto__": {"evil": 1}}',
}
OURS = re.compile(r"evil|alert\(1\)|DROP TABLE|UNION SELECT|frac12|cmd\|")  # text that came from here
# Letters that are not seen: they turn what follows, move a cursor, or begin a line.
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
# What Streamlit makes of the text that Markdown leaves, escaped or not; and what only of text that is not escaped.
_OF_TEXT = re.compile(r"(?:https?://|www\.)[-.\w]*evil|:material/lock:")
_OF_MARKS = re.compile(r"(?<!\\)(?:\$\\frac|:red|:help)")
# Fields of Streamlit's messages that it shows as they are, or that are no words at all.
PLAIN = frozenset({"value", "default", "raw_value", "raw_values", "options", "placeholder", "query_string", "set_value",
                   "alt", "session_id", "id", "data", "string_value"})  # fmt: skip
EXPRESSIONS = frozenset({"expr", "calculate", "filter", "test", "signal", "href", "url", "update"})


def made(text: str) -> list[str]:
    """What a place that takes Markdown, and no HTML, would make of these words: links, pictures, formulas, icons."""
    found = [each.group() for each in (*_OF_MARKS.finditer(text), *UNSEEN.finditer(text))]
    for block in _MARKDOWN.parse(text):
        for token in [block, *(block.children or [])]:
            said = f"{token.content} {' '.join(map(str, token.attrs.values()))}"
            if token.type == "link_open" and re.match("/(?!/)", str(token.attrs["href"])):
                continue  # to a page of ours, which is told what the address says
            if token.type in ("image", "link_open", "fence", "code_block"):
                found += [f"{token.type}: {said[:80]}"] if OURS.search(said) else []
            elif token.type == "text":
                found += [each.group() for each in _OF_TEXT.finditer(token.content)]
    return found


def blocks(text: str) -> set[str]:
    """What kinds of things a text is made, where it stands alone: of plain words a paragraph of text."""
    tokens = [token for block in _MARKDOWN.parse(text) for token in [block, *(block.children or [])]]
    return {token.type for token in tokens}


def obeyed(message: Message) -> list[str]:
    """Where a message to the browser holds such words so that they would be obeyed."""
    return [
        f"{name}: {what}"
        for name, text in _texts(message, message.DESCRIPTOR.name)
        if OURS.search(text)
        for what in _in_field(name, text)
    ]


def _in_field(name: str, text: str) -> list[str]:
    field = name.rpartition(".")[2]
    if field in ("spec", "json"):
        return _in_spec(json.loads(text))
    if "html" in name.lower():
        return [text[:80]] if re.search(r"<(script|svg|img)|on\w+=", text.partition("</style>")[2]) else []
    return [] if field in PLAIN else made(text)


def _in_spec(value: Any, name: str = "") -> list[str]:
    """Of a chart: expressions and addresses with such words."""
    if isinstance(value, dict):
        return [each for key, inner in value.items() for each in _in_spec(inner, key)]
    if isinstance(value, list):
        return [each for inner in value for each in _in_spec(inner, name)]
    return [f"{name}: {value}"] if name in EXPRESSIONS and OURS.search(str(value)) else []


def _texts(message: Message, name: str) -> list[tuple[str, str]]:
    """Every text of a message with the names of the fields that lead to it."""
    found = []
    for field, value in message.ListFields():
        inner = f"{name}.{field.name}"
        for each in value if isinstance(value, (list, tuple)) or hasattr(value, "append") else [value]:
            if isinstance(each, Message):
                found += _texts(each, inner)
            elif isinstance(each, str):
                found.append((inner, each))
    return found
