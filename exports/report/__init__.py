"""A local authority's report: the same content as PDF, PowerPoint and workbook.

material   the frames that the reports of all authorities are made from, read once; works: the partnership register
subject    one authority in them
parts      what a report consists of: sections with sentences, tables and charts
content    the report of one authority; sections, partnerships, drawings and sheets make its parts
pdf, slides, workbook   the same content in three formats, made with exports.office
files      a report's files
"""
