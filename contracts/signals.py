"""What the layers above may listen to."""

from django.dispatch import Signal

# Sent after commit with ``contract``.
contract_accepted = Signal()
