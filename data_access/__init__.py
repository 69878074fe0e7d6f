"""The only room that speaks to the database: schema, migrations, queries, imports.

engine     the one engine; `reading` and `writing` transactions; drivers' errors as plain sentences
errors     every way this room can refuse, each with its remedy
migrate    bring a database up to date; `ready` says whether pages can use it
queries    what the strategy says, which places and periods there are, where figures come from
values     published figures: what every page, chart, file and command shows
imports    a file in the EES layout with its mapping, checked and loaded whole or not at all
areas      find an area by what a person types
settings   what a deployment may choose
"""
