"""Pages of growers."""

from growers.views.register import card, household, households
from growers.views.sign_in import home, sign_in, sign_out

__all__ = ["card", "home", "household", "households", "sign_in", "sign_out"]
