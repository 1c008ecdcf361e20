"""Loading the project's own files of facts.

files  what each file must look like, row by row
load   all files in one transaction; what a person changed stays
"""

from harvest_calendar.services.facts.load import FACTS, Loaded, load_facts

__all__ = ["FACTS", "Loaded", "load_facts"]
