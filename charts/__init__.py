"""Pure functions from a frame to a figure: charts as Vega-Lite specs, maps as pydeck decks; one theme.

Neither Streamlit nor SQLAlchemy, no data access: a page brings the frames and shows the figure.

figure   Figure, Context and the words every chart needs
theme    palettes, the Vega-Lite config, dark mode
room     a chart for a screen that is read from afar
marks    status symbols as Vega shapes and as inline SVG
tables   the table twin of a chart
labels   scales, and labels that keep apart
rows     the layout of charts with one labelled row per area or indicator
heat     status_table: areas x indicators
coverage over_time and by_indicator: who reported
trend    trajectory: one area over time against its expected path
dots     ranked: areas in order with intervals
bars     bars: the same as bars, and bars or dots of several series
lines    over_time: several series over time on one scale
scatter  two indicators of the same areas
spine    spine: every indicator of one area against England
outcome  outcome_rows: the indicators of an outcome over time and among areas; outcome_layers: what is drawn of it
series   the small lines of both
strips   trend_strips: every indicator of a priority over time, each on a scale of its own
two_groups   two staff groups in one area, indicator by indicator
standardised   the figures behind a spine
funnel   funnel: areas against their sample size with control limits
gap      gap_over_time: best and worst area over time
group_gap   between_groups: teachers minus support staff, by region
panels   layout: many small charts in one drawing
small_multiples   by_area and by_indicator: panels over time
ranked_areas   ranked_areas: a few areas of any level against one of them
matrix   matrix: indicators x areas against one of the areas
differences   a difference in the words and marks of both
chance   what would stand out by chance alone, in a note
classes, geometry   a map's classes and its places
map_names       names of regions on a map
map_words       what every map says: headline, alt text, legend, table twin
maps     deck and map_figure: the same map on a page and in a file
school_map      an authority's schools as points, by what they answered
school_sheet    one school beside its authority, its phase and England
timeline the plan's actions from start to due day, by action line
evidence_matrix   evidence by outcome and kind
case_map   case studies as points, by priority
points   the discs of both kinds of points
tiles    tile_map: each local authority one equal square
"""
