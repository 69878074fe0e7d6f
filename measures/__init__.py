"""Pure calculations: what every figure on a page means.

Frames of additive sums in, frames of figures out; no I/O, no Streamlit, no SQLAlchemy.

sums        the six sums, and totals over staff groups
intervals   value and clustered interval of a ratio from six sums
trajectory  the value expected at the end of a period
status      status, reason, progress, and how a priority is summed up
lateness    which actions of the plan are late on a day
response    which returns of schools are in, and how each school stands
comparison  against a benchmark, the neighbours and a year ago; rank and quartile
trends      the marker of a series
gaps        between areas and between groups; funnel limits; what chance alone would do
differences between two areas, of which one may contain the other
neighbours  the authorities most alike
association how far two measures of the same areas go together
cautions    what would mislead about a chart, in sentences
strength    how strong a piece of evidence is, by one rule a kind
evidence    which evidence bears on an area and an outcome
thresholds  the limits behind all of these, and which apply to an indicator

disclosure  the one way from a measured frame to a published one
university_programmes  what they save, who completes, and what a completion costs
telling     which counts of a programme tell of a few people
boxes       the cheapest cells that make a hidden one safe
protection  which cells of the published tables to leave out
recovery    what an intruder could work out of several versions

checks      what is odd in figures that came in
changes     what each edit of a row changed, in words
findings    what needs attention, in order
words       numbers, symbols and phrases, said the same way everywhere
sentences   a measured row as a sentence
examples    the methods worked through with published figures
"""
