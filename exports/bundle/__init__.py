"""The same chart many times: for each authority, each region or each indicator, as one zip with a contents file.

planned   what is varied in a chart that can be made again (exports.views.registry), and the list of what that makes
making    the zip, written as each chart is drawn; what could not be drawn is listed with the reason
contents  the contents file for people (HTML) and for programs (CSV)
workers   processes that draw, since drawing lets nothing else run in its own
worker    what runs in each of them
"""
