"""The only room that speaks to the database: schema, migrations, queries, imports.

engine     the one engine; `reading` and `writing` transactions; drivers' errors as plain sentences
errors     every way this room can refuse, each with its remedy
migrate    bring a database up to date; `ready` says whether pages can use it
backup     the whole database as one file, and back
queries    what the strategy says, which places and periods there are, where figures come from
values     published figures: what every page, chart, file and command shows
pooled     the sums that these are measured from, of several levels in one read; school_sums those of single schools
schools    the register of an authority's schools, with their clusters
access     who asks and what they may, asked by every read and write
accounts   what a provider says of an account, its roles here, and until when its sign-in counts
audit      who signed in, loaded, edited, took schools away or was refused: only ever added to
happened   what went wrong and what became of imports, told to whoever counts
neighbours statistical neighbours, imported or computed
thresholds the limits behind judgements and suppression, and how they are set
versions   what counted when: data versions, every table as it stood at one of them
former     other names and codes of authorities, and what became of them
areas      find an area by what a person types

plan       the plan's actions as they stand or stood, what people promise, its yearly review; plan_history who changed
           what, in words

In:
files      (a room of its own) what a file says before the database is asked: opened, recognised, mapped, checked
places     codes and names of places, and what became of authorities; `known` reads them from the database
incoming   any file: looked at, then brought in the way that its layout needs
imports    observations, checked and loaded whole or not at all; reference_imports: registers, targets and the like
undo       take an import back
quality    what was odd in an import, kept with it
jobs       an import that runs beside the page, with progress and cancel

summaries  additive sums from observations; withholding decides with them which cells may be shown, withheld_schools
           which figures of schools, school_table those of one authority; shown_before what earlier versions showed

What people edit:
edits      each edit numbered, what it replaced kept, two editors at once told
evidence   the evidence register; evidence_files: the same as a table, out and in
partnerships  (a room of its own) the register of partnerships: entered, checked, out as files and in

Out:
history    what came in, when and by whom; saved mappings
revisions  what two data versions show differently
provenance where one figure comes from: its definition, imports and what it was before
coverage   who reported what, and who stopped
publish    figures in the layout in which they come in
commands   `python -m data_access …`; account_commands those on accounts
settings   what a deployment may choose
"""
