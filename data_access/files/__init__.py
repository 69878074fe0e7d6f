"""What a file says before the database is asked to take it: opened safely, recognised, mapped, checked.

Pure: bytes and text in, checked frames and `Problem`s out; nothing here speaks to the database.
"""
