"""The figures that pages, slides, packs and files show, each made by one function from what is asked for.

data         the frames behind them, kept by data version
registry     every figure that can be pinned, linked to and made again, by name
priorities   outcomes: their indicators, the action lines that serve them and the evidence on them
plan         the plan: its state, its timeline, what each line shows
evidence     the evidence by outcome and kind, case studies on a map
built        the chart that somebody builds: exports.chart_choice says what can be asked, built_kinds makes each kind
figures, comparisons, compared, tiles, against
             the figures themselves and the words beside them, by the pages that show them first
"""
