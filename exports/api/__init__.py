"""The read-only HTTP API below /api/v1: figures, indicators, areas, periods and charts, for programs.

parameters  what each address takes, described once: read from a request, and written into the OpenAPI document
columns     what each table holds, described once, too
tables      the tables: figures from data_access.values, lists from the reference frames
formats     a table as JSON, CSV or Parquet; CSV and Parquet in pieces
charts      a chart as SVG or PNG from what a view's origin says
origin      where one figure comes from
openapi     the document that describes all of this
answers     the routes: data version, paging, headers, and every refusal as problem+json
"""
