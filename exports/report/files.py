"""A report's files, made by their format."""

from typing import Final

from exports.report.parts import Report

KINDS: Final = {
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def make(report: Report, kind: str) -> bytes:
    """The report as a file of a kind (KINDS); what only this kind needs is loaded here."""
    if kind == "pdf":
        from exports.report import pdf

        return pdf.document(report)
    if kind == "pptx":
        from exports.report import slides

        return slides.document(report)
    from exports.report import workbook

    return workbook.document(report)


def file_name(report: Report, kind: str) -> str:
    """'report_camden_2011-12.pdf'."""
    return f"{report.stem}.{kind}"
