"""Question sets: what a case is, and the forms of files that sets come in."""
