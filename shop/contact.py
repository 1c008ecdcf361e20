"""Who an order is for and how it reaches that person, as typed once at checkout."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from growers.models import Station
from notices.texts import language_now
from shop.divisions import county_text
from shop.models import FulfilmentKind, Listing, PurchaseState


@dataclass(frozen=True)
class Contact:
    """A mobile number is enough; the e-mail address is optional."""

    name: str
    mobile: str
    email: str = ""
    language: str = field(default_factory=language_now)  # to write to that person in


def known_contact(user: Any) -> dict[str, str]:
    """What a form for a buyer starts with.

    Empty for a visitor and for a household's card, whose only name is the household's code.
    """
    if not user.is_authenticated or not user.mobile:
        return {}
    return {"name": user.display_name, "mobile": user.mobile}


@dataclass(frozen=True)
class Fulfilment:
    """Collection at a station, or delivery to an address in a county (GB/T 2260).

    ``city`` is city and county in words, ``陇南市 武都区``; old rows have words without a code.
    """

    kind: FulfilmentKind | str
    station: Station | None = None
    province_code: str = ""
    city: str = ""
    address: str = ""
    county_code: str = ""

    @property
    def is_collection(self) -> bool:
        return self.kind == FulfilmentKind.COLLECT

    @classmethod
    def collect_at(cls, station: Station) -> "Fulfilment":
        return cls(kind=FulfilmentKind.COLLECT, station=station)

    @classmethod
    def deliver_to(
        cls, *, province_code: str, city: str, address: str, county_code: str = ""
    ) -> "Fulfilment":
        return cls(
            kind=FulfilmentKind.DELIVERY,
            province_code=province_code,
            city=city,
            address=address,
            county_code=county_code,
        )

    @classmethod
    def deliver_to_county(cls, *, county_code: str, address: str) -> "Fulfilment":
        """To a street in a county of the table, whose names are kept beside the code."""
        return cls.deliver_to(
            province_code=county_code[:2],
            city=county_text(county_code),
            address=address,
            county_code=county_code,
        )


@dataclass(frozen=True)
class OrderTerms:
    """What is agreed with an order beside goods and place: how it is paid, what was confirmed.

    With ``hold_until`` it waits for its payment, and its packs are free again after that moment.
    """

    hold_until: datetime | None = None
    paid_at: datetime | None = None
    payment_code: str = ""
    perishable_confirmed: bool = False
    perishable_confirmed_at: datetime | None = None  # where that was before the order
    gift_note: str = ""

    @property
    def state(self) -> PurchaseState:
        """Where an order with these terms begins."""
        return PurchaseState.AWAITING if self.hold_until else PurchaseState.PLACED


ON_COLLECTION = OrderTerms()  # paid at the handing over, nothing confirmed


@dataclass(frozen=True)
class Wanted:
    """So many packs of a listing."""

    listing: Listing
    packs: int
