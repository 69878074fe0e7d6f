"""A chart as a file: PNG, SVG, PDF, CSV, XLSX, Vega-Lite; each says inside what it shows, and none needs a network.

What each says of itself comes from exports.facts. The chart is drawn once as SVG; headline, subtitle and source are set
around it as SVG text, wrapped by the font's own widths, so that nothing is clipped however long the words are.
"""

import json
import struct
import zlib
from collections.abc import Mapping
from html import escape
from io import BytesIO
from typing import Final

import vl_convert

from charts.figure import Figure, slugify
from charts.theme import PAPER
from exports.facts import facts
from exports.sheet import laid_out

# Each kind of file is the ending of its name; with its media type.
KINDS: Final = {
    "png": "image/png",
    "1x.png": "image/png",
    "print.png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "vl.json": "application/json",
}
CSS_DPI: Final = 96  # pixels of an inch at scale 1
PRINT: Final = 300 / CSS_DPI
Told = Mapping[str, str]


def file_name(figure: Figure, kind: str, *, earlier: bool = False) -> str:
    """'inclusive-policy_london_2011-12.png'; with the staff and phase, and of an earlier state '…_v7', where chosen."""
    version = f"_v{figure.context.data_version}" if earlier and figure.context else ""
    staff = slugify(figure.context.staff_label) if figure.context else ""
    staff = "" if staff in ("all-staff", "chart") or staff in figure.slug else f"_{staff}"
    return f"{figure.slug}{staff}{version}.{kind}"


def make(figure: Figure, kind: str, told: Told) -> bytes:
    """The figure as the bytes of a file of one of KINDS; told: what it says of itself (exports.facts).

    Single schools leave only for those who may see them now, and into the audit: else it raises NotAllowed,
    NotSignedIn or DatabaseProblem.
    """
    if figure.schools_of is not None:
        _let_out(*figure.schools_of, kind)
    if kind.endswith("png"):
        return png(figure, {"1x.png": 1, "print.png": PRINT}.get(kind, 2), told)
    if kind == "svg":
        return svg(figure, told).encode()
    if kind == "xlsx":
        from exports import chart_workbook  # loads what only workbooks need

        return chart_workbook.xlsx(figure, told)
    return {"pdf": pdf, "csv": csv, "vl.json": vega_lite}[kind](figure, told)


def _let_out(la_code: str, name: str, kind: str) -> None:
    from data_access import access, audit  # drawing needs no database

    access.viewer().check(la_code, name)
    audit.schools_left(f"schools of {la_code}, chart as {kind}")


def svg(figure: Figure, told: Told | None = None) -> str:
    """The chart with its words as one SVG document: <title>, <desc>, and <metadata> with the facts."""
    width, height, body = laid_out(figure)
    return _xml(
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" role="img" '
        f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}">'
        f"<title>{escape(figure.headline)}</title><desc>{escape(figure.alt)}</desc>"
        f"<metadata>{_rdf(told or facts(figure))}</metadata>"
        f'<rect width="100%" height="100%" fill="{PAPER}"/>{body}</svg>'
    )


def png(figure: Figure, scale: float = 2, told: Told | None = None) -> bytes:
    """The SVG as a PNG of its width (900) x `scale` pixels, with its facts and description as text inside the file.

    It says its resolution, so that at every scale it is printed at the same size.
    """
    # The scale of the library counts points of 72 to the inch; it writes its ppi into the file.
    image: bytes = vl_convert.svg_to_png(svg(figure, told), scale=72 / CSS_DPI, ppi=CSS_DPI * scale)
    texts = {**(told or facts(figure)), "Description": figure.alt}
    chunks = b"".join(_png_text(key, text) for key, text in texts.items() if text)
    head = 8 + 25  # the signature and IHDR, always the first chunk; text goes right after it
    return image[:head] + chunks + image[head:]


def pdf(figure: Figure, told: Told | None = None) -> bytes:
    """The SVG as a one-page PDF with embedded fonts; its facts as XMP, some as properties."""
    import pypdf  # loads what only this needs
    from pypdf.generic import NameObject, StreamObject, TextStringObject

    told = told or facts(figure)
    writer = pypdf.PdfWriter(clone_from=BytesIO(vl_convert.svg_to_pdf(svg(figure, told))))
    writer.add_metadata(
        {
            "/Title": figure.headline,
            "/Author": "CPD strategy dashboard",
            "/Subject": figure.subtitle,
            "/Keywords": figure.source,
        }
    )
    packet = StreamObject()
    packet.update({NameObject("/Type"): NameObject("/Metadata"), NameObject("/Subtype"): NameObject("/XML")})
    packet.set_data(
        f'<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{_rdf(told)}</x:xmpmeta><?xpacket end="w"?>'.encode()
    )
    writer.root_object[NameObject("/Metadata")] = writer._add_object(packet)
    writer.root_object[NameObject("/Lang")] = TextStringObject("en-GB")
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def csv(figure: Figure, told: Told | None = None) -> bytes:
    """The table twin with its facts on each row. Text that a spreadsheet would compute leaves as text.

    A fact that is called as a column of the table is, keeps apart from it: 'Staff group (of the chart)'.
    """
    from data_access.files.spreadsheets import csv_bytes  # loads what only files need

    named = {
        f"{name} (of the chart)" if name in figure.table else name: text
        for name, text in (told or facts(figure)).items()
    }
    return csv_bytes(figure.table.assign(**named))


def vega_lite(figure: Figure, told: Told | None = None) -> bytes:
    """The spec as JSON: headline, subtitle and source as its title, alt text as its description, facts as usermeta."""
    spec = {
        **figure.spec,
        "title": {"text": figure.headline, "subtitle": [figure.subtitle, figure.source]},
        "description": figure.alt,
        "usermeta": dict(told or facts(figure)),
    }
    return json.dumps(spec, ensure_ascii=False, indent=1).encode()


_NAMESPACES: Final = (
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:cpd="urn:cpd-strategy-dashboard:facts"'
)


def _xml(text: str) -> str:
    from data_access.files.spreadsheets import xml_text  # loads what only files need

    return xml_text(text)


def _rdf(told: Told) -> str:
    """The facts as RDF, for the metadata of an SVG and the XMP of a PDF: <cpd:shown_for>London</cpd:shown_for>.

    Title and description, whose own names many programs know, stand as Dublin Core, too.
    """

    def said(text: str) -> str:
        return escape(_xml(text), quote=False)

    known = [
        f'<dc:{name}><rdf:Alt><rdf:li xml:lang="x-default">{said(told[of])}</rdf:li></rdf:Alt></dc:{name}>'
        for name, of in (("title", "Title"), ("description", "Measure"))
    ]
    every = [
        f"<cpd:{tag}>{said(text)}</cpd:{tag}>"
        for name, text in told.items()
        if text and (tag := name.lower().replace(" ", "_"))
    ]
    return f'<rdf:RDF {_NAMESPACES}><rdf:Description rdf:about="">{"".join(known + every)}</rdf:Description></rdf:RDF>'


def _png_text(key: str, text: str) -> bytes:
    """One iTXt chunk (UTF-8 text): written by hand, because re-encoding the image for it would take longer."""
    body = b"iTXt" + key.encode("latin-1") + b"\0\0\0\0\0" + text.encode()
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
