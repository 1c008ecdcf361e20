"""More of everything that stands in a list: rows like those there are, under new codes."""

from datetime import timedelta
from typing import Any

from django.db.models import Model

from contracts.models import Contract, Plan
from core.codes import new_code
from growers.models import HouseholdIdentity, HouseholdMember, HouseholdStatus
from growers.services import issue_card
from logistics.services.packing import pack_order, send_order
from logistics.services.weighing import weigh
from shop.contact import Fulfilment, Wanted
from shop.models import (
    Campaign,
    CampaignQuestion,
    CampaignUpdate,
    Listing,
    Pledge,
    Purchase,
    Review,
    ReviewReply,
)
from shop.products import proof_needed
from shop.services.drafts import publish_draft
from shop.services.listings import create_listing, record_proof
from shop.services.placing import place_orders
from tests.site.world import CONSUMER, NOW, TODAY, Site


def copy(row: Model, **changes: Any) -> Any:
    """A new row with the same values but these; saved."""
    again = type(row)(**{f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields})
    again.pk = None
    for name, value in changes.items():
        setattr(again, name, value)
    again.save(force_insert=True)
    return again


def grow(site: Site, numbers: range) -> None:
    """Write one more of what each list page shows for every number."""
    for n in numbers:
        _household(site, n)
        _listing(site, n)
        _order(site, n)
        _load(site, n)
        _plan(site)
        _voices(site, n)


def _household(site: Site, n: int) -> None:
    first = site.world.households[0]
    again = copy(first, code=f"HH-90000{n}")
    for row in (
        *HouseholdMember.objects.filter(household=first),
        *HouseholdStatus.objects.filter(household=first),
        HouseholdIdentity.objects.get(household=first),
    ):
        copy(row, household=again)
    for contract in Contract.objects.filter(household=first):
        lines = list(contract.lines.all())
        signed = copy(contract, household=again, code=new_code("CT"))
        for line in lines:
            copy(line, contract=signed)
    issue_card(household=again, pin="135790", at=NOW, by=None)


def _listing(site: Site, n: int) -> None:
    shown = Listing.objects.get(code=site.samples["listing"])
    listing = create_listing(
        shop=shown.shop,
        form=shown.form,
        variety=shown.variety,
        grade=shown.grade,
        origin=shown.origin,
        pack_weight_g=shown.pack_weight_g + 250 * (n + 1),
        price=shown.price * (n + 2),
        description="",
        by=None,
        at=NOW,
    )
    record_proof(
        listing=listing, kind=proof_needed(shown.form.crop), number=f"示例-{n}", issued_on=TODAY
    )
    publish_draft(code=listing.code, by=None, at=NOW)
    campaign = copy(
        Campaign.objects.get(code=site.samples["campaign"]),
        listing=listing,
        code=new_code("PS"),
        deadline_at=NOW + timedelta(days=n + 2),
    )
    pledge = Pledge.objects.get(code=site.samples["pledge"])
    copy(pledge, campaign=campaign, code=new_code("PL"), submit_key=f"grow-{n}")


def _order(site: Site, n: int) -> None:
    """A placed order and one that waits at the station."""
    for step in ("placed", "sent"):
        (purchase,) = place_orders(
            basket_lines=[Wanted(_shown(site), 1)],
            contact=CONSUMER,
            fulfilment=Fulfilment.collect_at(site.world.shops[0].station),
            checkout_key=f"grow-{step}-{n}",
            user=site.people["consumer"],
            at=NOW,
        )
        if step == "sent":
            pack_order(code=purchase.code, by=None, at=NOW)
            send_order(code=purchase.code, by=None, at=NOW)


def _voices(site: Site, n: int) -> None:
    """A review of the shown listing by somebody of the past, and a question on the campaign."""
    past = Purchase.objects.filter(state="delivered", reviews=None).order_by("pk")[0]
    said = copy(Review.objects.get(code=site.samples["review"]), purchase=past, code=new_code("RV"))
    copy(CampaignQuestion.objects.get(code=site.samples["question"]), code=new_code("QA"))
    campaign = Campaign.objects.get(code=site.samples["campaign"])
    CampaignUpdate.objects.create(code=new_code("UP"), campaign=campaign, text=f"第{n}条", at=NOW)
    ReviewReply.objects.create(review=said, code=new_code("RE"), text=f"第{n}条", at=NOW)


def _shown(site: Site) -> Listing:
    rows = Listing.objects.select_related("product", "shop", "form__crop", "grade", "origin")
    return rows.get(code=site.samples["listing"])


def _load(site: Site, n: int) -> None:
    contract = Contract.objects.get(code=site.samples["signed"])
    weigh(
        contract_code=contract.code,
        gross_g=12_000,
        tare_g=2_000,
        grade=contract.grade,
        key=f"grow-{n}",
        by=site.people["station_keeper"],
        at=NOW,
    )


def _plan(site: Site) -> None:
    plan = Plan.objects.filter(area__lead=site.world.shops[0].cooperative, state="closed")[0]
    copy(plan, code=new_code("PN"))
    copy(plan, code=new_code("PN"), state="proposed", is_open=True)
