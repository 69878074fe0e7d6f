"""The register of partnerships, networks and university programmes: who works with whom, entered and imported alike.

tables     its tables, each in a pair with what its rows said before
fields     what each table holds, declared once: forms, checks and files follow from it
checks     what an entry, and a partnership as a whole, may not say
entries    read, add, change and take away, each as one edit
complete   where somebody says that the register holds all clusters or networks
computed   indicators computed from it there, and brought in as any other figures
files      the register as tables of text, out and in again

The register holds roles and organisations, never the name of a person.
"""
