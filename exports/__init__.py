"""What leaves the house: chart files, reports, lists, and what the server answers beside the pages.

chart_files  a chart as PNG, SVG, PDF, CSV, XLSX, Vega-Lite
chart_choice what somebody asks of the chart builder, and how an address says it
sheet        what a picture of a chart is set on: its words around it, for a page, a slide or a web page
facts        what each of them says of itself, the same in all
evidence     the evidence register as a table and a workbook
chase        the schools whose returns are missing, as a workbook
plan         the plan of actions as CSV and workbook
outlines     the outlines on the maps
http         routes and headers of the server
service      (a room of its own) health, logs, metrics and limits of the server
report       (a room of its own) a local authority's report as PDF, PowerPoint and workbook
pack         (a room of its own) what members take away from a meeting, as PowerPoint and PDF
tables       (a room of its own) figures as accessible workbooks and Parquet
bundle       (a room of its own) one chart for many areas or indicators, as one zip
api          (a room of its own) the HTTP API: figures and charts for programs
deck         (a room of its own) a meeting on the big screen: slides as one page, by keyboard, without a network
office       (a room of its own) what both share: parts of a document, slides, accessible PDF

What pages and reports are both made from, without Streamlit:
frames       reference frames, figures with what they are set against, the words around a figure
benchmarks   an area against its benchmarks, in words
definitions  what indicators, methods and marks mean, in words

`python -m exports` lists the commands that write files.
"""
