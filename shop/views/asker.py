"""Who asks a question before everybody: somebody signed in, or with a proved number."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from core import clock
from growers.models import User
from notices.http import proven_number


@dataclass(frozen=True)
class Asker:
    """An account or a mobile number, and the name whose first character is shown."""

    user: User | None
    mobile: str
    name: str

    @property
    def facts(self) -> dict[str, Any]:
        return {"user": self.user, "mobile": self.mobile, "name": self.name}


def asker_of(request: HttpRequest) -> Asker | None:
    """The person of this request, or the number it proved lately; None for a stranger.

    A household's card has no name but the household's code, which is nobody's business.
    """
    person = request.user
    if person.is_authenticated:
        mobile = person.mobile or ""
        return Asker(person, mobile, person.display_name if mobile else "")
    proved = proven_number(request, at=clock.now())
    return Asker(None, proved, "") if proved else None
