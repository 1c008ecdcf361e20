"""What the calendar tells the apps above it.

season_revised
    A season's dates were moved. Sent inside the transaction of ``services.revise_season`` with
    ``season`` (SeasonDate, new dates saved) and ``revision`` (SeasonRevision: old and new dates,
    reason, who and when). Receivers write rows only; mail belongs after commit.
"""

from django.dispatch import Signal

season_revised = Signal()
