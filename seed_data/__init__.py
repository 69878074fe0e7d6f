"""The strategy, the geography and the illustrative data, and how they come into an empty database.

strategy/       the strategy restated: priorities, outcomes, actions, members, published facts, case studies, glossary
indicators/     one reviewed file per indicator
geography/      152 local authorities and nine regions, 2009 to 2013
log.yaml        declares every file here: published, reference or illustrative
fill            fills an empty database in one transaction
registers/      the illustrative content of what people edit: the plan
schools         the invented school register
context         invented context variables, from which statistical neighbours are computed
illustrative    the invented figures, as files in the layout that users have
later           which of them come in last, after the invented meeting
registers/      the invented content of what people edit
"""
