"""What growers tells the apps above it."""

from django.dispatch import Signal

# user: User, mobile: str, at: datetime. Somebody signed in with a code sent to this number; sent
# inside the transaction, so that what receivers write stands or falls with it.
number_proved = Signal()
