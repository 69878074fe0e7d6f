"""What reports and packs share: parts of a document, and how each is set as slides and as an accessible PDF.

parts      sentences, tables, charts and pictures, whatever the format
deck       slides with title, source, number and notes; native, scatter, layout and fitting serve it
typeset    PDF/UA-1 by typst; common.typ holds what the templates share
accessible a workbook (XLSX) with cover, contents, notes and one table a sheet; ods the same sheets as OpenDocument
writing    files written whole or not at all
"""
