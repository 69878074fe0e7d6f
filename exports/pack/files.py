"""A pack's files, each made when it is asked for."""

from typing import Final, Literal

from data_access.errors import UnknownCode
from exports.pack import content
from exports.pack.parts import Pack
from measures import words

KINDS: Final = {
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "pdf": "application/pdf",
}


def make(meeting_id: int, kind: Literal["pptx", "pdf"], *, address: str = "") -> tuple[str, bytes]:
    """The name and the content of a meeting's pack. Raises UnknownCode, content.PackRefused.

    address: where the dashboard is served, for links to it.
    """
    if kind not in KINDS:
        raise UnknownCode(f"“{kind}” is not a format of a pack.", f"Choose from {words.joined(list(KINDS))}.")
    made = content.pack(meeting_id, address=address)
    return file_name(made, kind), document(made, kind)


def file_name(pack: Pack, kind: str) -> str:
    """'national-advisory-group_2012-03-07.pptx'."""
    return f"{pack.stem}.{kind}"


def document(pack: Pack, kind: str) -> bytes:
    """The pack as a file of a kind (KINDS); what only this kind needs is loaded here."""
    if kind == "pdf":
        from exports.pack import pdf

        return pdf.document(pack)
    from exports.pack import slides

    return slides.document(pack)
