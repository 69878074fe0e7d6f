"""The ratios that the dashboard must keep, measured side by side: `python -m tests.benchmarks` (make bench).

client     a browser's half of Streamlit's protocol
servers    start the dashboard, and the pages it is compared with, on free ports of 127.0.0.1
databases  the default data set, the national size, and one without observations
held_app   the overview's elements drawn from memory: what a rerun cannot be faster than
plain/naive_app.py  the overview with its charts rebuilt on each run
empty_app  a page with one line, served as the dashboard is; plain/empty_page.py the same under streamlit run
links      links to pages from a script that is not the dashboard's
overview   rerun, size and throughput of the overview
reading    the overview's data from the database
load       many people at once, by itself: `python -m tests.benchmarks.load` (make load)
visitor    one of these people
importing  rows a second of an import
starting   time to the first page
"""
