"""What leaves the house: chart files, workbooks, packs, the HTTP API."""
