"""Pure calculations: what every figure on a page means.

Frames of additive sums in, frames of figures out; no I/O, no Streamlit, no SQLAlchemy.

intervals   value and clustered interval of a ratio from six sums
trajectory  the value expected at the end of a period
status      status, reason, progress, and how a priority is summed up
comparison  against a benchmark; rank and quartile
checks      what is odd in figures that came in
gaps        spread between areas, funnel limits
disclosure  the one way from a measured frame to a published one
words       numbers, symbols and sentences, said the same way everywhere
"""
