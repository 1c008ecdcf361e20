"""What the ledger refuses."""

from core.errors import NotAllowed


class KeyUsedOtherwise(NotAllowed):
    """The same key was used for another transfer: somebody's effect is not what they believe."""


class Overdrawn(NotAllowed):
    """The account has less than was to be taken from it."""
