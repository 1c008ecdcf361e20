"""Every page that each kind of person can reach: whole, readable, and without a barrier."""

from collections import Counter
from collections.abc import Iterator

import pytest

from devtools.crawl import reachable
from devtools.guide import PEOPLE
from tests.e2e.axe import violations
from tests.e2e.visitor import Visitor
from tests.site.table import public_pages

PUBLIC = ["/", "/shop/", "/presale/", "/calendar/", "/styleguide/"]
NOWHERE = {"": "/shop/search/?q=菠萝", "/en": "/en/shop/search/?q=pineapple"}  # what is not grown
FOR_MAKERS = ("/styleguide/", "/en/styleguide/")  # names parts of the code among Chinese words
FIRST = {"editor": "/account/"}  # the editor's first page is Wagtail's own
ROLES = [person.key for person in PEOPLE]
LEAST_PUBLIC = 15


def _faults(visitor: Visitor, *starts: str, seen: Counter[str]) -> Iterator[str]:
    """Open what can be reached and say what is wrong with each page, one text a page."""
    for address in reachable(visitor.page, visitor.site, *starts, seen=seen):
        wide = visitor.sideways()
        words = [] if address.startswith(FOR_MAKERS) else visitor.foreign_words()
        faults = [
            *violations(visitor.page),
            *([f"scrolls sideways by {wide} px"] if wide > 0 else []),
            *([f"in the other language: {words[:12]}"] if words else []),
        ]
        if faults:
            yield f"{address}\n  " + "\n  ".join(faults)


def _walk_as_guest(visitor: Visitor, prefix: str) -> None:
    seen: Counter[str] = Counter()

    starts = [*[prefix + path for path in PUBLIC], NOWHERE[prefix]]
    faults = list(_faults(visitor, *starts, seen=seen))

    assert len(seen) >= LEAST_PUBLIC
    assert faults == [], "\n".join(faults)


def _walk_at_work(visitor: Visitor, role: str, prefix: str) -> None:
    """What only this person reaches; the public pages were walked by the guest."""
    seen = public_pages()
    public = len(seen)
    visitor.become(role)

    faults = list(_faults(visitor, prefix + FIRST.get(role, "/home/"), seen=seen))

    assert len(seen) > public, f"{role} reached no page of their own"
    assert faults == [], "\n".join(faults)


def test_a_guest_meets_no_barrier(visitor: Visitor) -> None:
    _walk_as_guest(visitor, "")


def test_a_guest_meets_no_barrier_in_english(phone: Visitor) -> None:
    _walk_as_guest(phone, "/en")


@pytest.mark.parametrize("role", ROLES)
def test_somebody_at_work_meets_no_barrier(visitor: Visitor, role: str) -> None:
    _walk_at_work(visitor, role, "")


@pytest.mark.parametrize("role", ROLES)
def test_somebody_at_work_meets_no_barrier_in_english(phone: Visitor, role: str) -> None:
    _walk_at_work(phone, role, "/en")
