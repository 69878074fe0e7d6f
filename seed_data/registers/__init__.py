"""The illustrative content of what people edit: plan, evidence and meetings, one file each and one that writes it."""
