"""A local authority's report: the same content as PDF, PowerPoint and workbook.

material   the frames that the reports of all authorities are made from, read once
parts      what a report consists of: sections with sentences, tables and charts
content    the report of one authority
sections   its sections, one function each
pdf, slides, workbook   the same content in three formats
files      file names, and written whole or not at all
"""
