"""What leaves the house: chart files and what the server answers beside the pages."""
