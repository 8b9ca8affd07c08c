"""The report of a run: a page to look at and to print, or the same as text in the terminal."""
