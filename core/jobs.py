"""Which job goes first when several wait: 100 before 0 before -100.

A code to sign in is worth nothing after five minutes, so messages pass even five thousand charges
of a campaign; nobody's payment waits for a computation.
"""

MESSAGES = 80
MONEY = 60
COMPUTING = -60
