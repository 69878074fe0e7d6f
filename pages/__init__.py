"""One file a page, one folder per navigation section; layout only.

parts      what pages share: filters, the data they ask for, showing a figure, navigation, serving
monitor    where the strategy stands
places     regions, local authorities and their schools
manage     data in, their history, and out again; who may what
reference  what figures mean

No page stands directly in this folder: Streamlit would serve it past the front door.
"""
