"""Pages of growers."""

from growers.views.register import household, households
from growers.views.sign_in import home, sign_in, sign_out

__all__ = ["home", "household", "households", "sign_in", "sign_out"]
