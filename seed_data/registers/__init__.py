"""The registers that people edit, as they come with the program: invented, and flagged so."""
