"""The bars that are figures, measured within one run: ``make bench``."""
