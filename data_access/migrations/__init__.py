"""How the schema came to be, one step a file."""

HEAD = "0008"  # the revision that this version of the program needs; a test holds it to the newest migration
