"""What notices do by themselves: send what is due, wipe what is old."""

from datetime import datetime

from core import ticks


def register() -> None:
    """Sending is swept every minute, after whatever wrote messages; wiping once a day."""
    ticks.register("notices.send", every_minutes=1, run=_send, order=95)
    ticks.register("notices.wipe", every_minutes=24 * 60, run=_wipe, order=96)


def _send(at: datetime) -> object:
    from notices.services.delivering import deliver_due

    return deliver_due(at=at)


def _wipe(at: datetime) -> object:
    from notices.services.wiping import wipe_old

    return wipe_old(at=at)
