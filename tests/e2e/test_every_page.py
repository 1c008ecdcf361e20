"""Every page that each kind of person can reach: whole, readable, and without a barrier.

A page is opened once, on a phone, and looked at again as wide as a desk.
"""

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
LANGUAGES = {"zh": "", "en": "/en"}
LEAST_PUBLIC = 15
PHONE, DESK, HEIGHT = 360, 1280, 800


def _faults(visitor: Visitor, *starts: str, seen: Counter[str]) -> Iterator[str]:
    """Open what can be reached and say what is wrong with each page, one text a page."""
    for address in reachable(visitor.page, visitor.site, *starts, seen=seen):
        words = [] if address.startswith(FOR_MAKERS) else visitor.foreign_words()
        faults = [f"in the other language: {words[:12]}"] if words else []
        for width in (DESK, PHONE):
            visitor.page.set_viewport_size({"width": width, "height": HEIGHT})
            faults += [f"{width} px: {fault}" for fault in _faults_as_wide(visitor)]
        if faults:
            yield f"{address}\n  " + "\n  ".join(faults)


def _faults_as_wide(visitor: Visitor) -> Iterator[str]:
    yield from violations(visitor.page)
    wide = visitor.sideways()
    if wide > 0:
        yield f"scrolls sideways by {wide} px"


@pytest.mark.parametrize("prefix", LANGUAGES.values(), ids=LANGUAGES)
def test_a_guest_meets_no_barrier(phone: Visitor, prefix: str) -> None:
    seen: Counter[str] = Counter()

    starts = [*[prefix + path for path in PUBLIC], NOWHERE[prefix]]
    faults = list(_faults(phone, *starts, seen=seen))

    assert len(seen) >= LEAST_PUBLIC
    assert faults == [], "\n".join(faults)


@pytest.mark.parametrize("prefix", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize("role", ROLES)
def test_somebody_at_work_meets_no_barrier(phone: Visitor, role: str, prefix: str) -> None:
    """What only this person reaches; the public pages were walked by the guest."""
    seen = public_pages()
    public = len(seen)
    phone.become(role)

    faults = list(_faults(phone, prefix + FIRST.get(role, "/home/"), seen=seen))

    assert len(seen) > public, f"{role} reached no page of their own"
    assert faults == [], "\n".join(faults)
