"""The pack of a meeting: its pinned views, what changed, the plan, what was decided; as PowerPoint and as PDF.

told       the figure of a pinned view, and the numbers that its table says
natives    how each kind of view is shown natively, by the functions of native_lines and its like
parts      what a pack consists of
content    the pack of one meeting; chapters makes its parts that are not views
slides, pdf   the same content in two formats
files      a pack's files
"""
