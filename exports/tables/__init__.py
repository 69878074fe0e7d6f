"""Figures as files for spreadsheets and for programs, each holding all of the same: numbers in full, symbols kept.

files    the kinds of file, what each holds at most, and how each is made
sheets   the accessible workbook's sheets, for XLSX and ODS alike
parquet  typed columns, with source, licence and kind of data in the schema

What they are made from, data_access.publish gathers, after disclosure and rights; CSV in the EES layout is made there.
"""
