"""What leaves the house: chart files, lists for others to work with, and what the server answers beside the pages."""
