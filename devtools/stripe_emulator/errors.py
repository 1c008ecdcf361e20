"""What the emulator answers when it refuses."""

from typing import Any

Body = dict[str, Any]


class ApiError(Exception):
    """A refusal. ``saved``: an idempotency key keeps it; ``kept``: what was written stays."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        saved: bool = True,
        kept: bool = False,
        **facts: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.saved = saved
        self.kept = kept
        told = {name: fact for name, fact in facts.items() if fact is not None}
        self.error: Body = {"message": message, "type": kind, **told}

    @property
    def body(self) -> Body:
        """The answer's JSON."""
        return {"error": self.error}


def invalid(message: str, *, param: str | None = None, code: str | None = None) -> ApiError:
    """A parameter that cannot be right; like Stripe, no idempotency key keeps it."""
    return ApiError(message, param=param, code=code, saved=False)


def absent(kind: str, id: str, *, param: str = "id", status: int = 404) -> ApiError:
    """No object of that kind has that id."""
    return ApiError(f"No such {kind}: '{id}'", status=status, param=param, code="resource_missing")


def wrong_state(message: str, *, code: str | None = None, **facts: Any) -> ApiError:
    """The object cannot do this now."""
    return ApiError(message, code=code, **facts)
