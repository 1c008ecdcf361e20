"""One small county, built once for all whole-site tests, with a row for every page."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.test import TestCase
from wagtail.models import Collection, Locale, Page

from contracts import services as contracts
from contracts.models import Contract
from core.clock import SHANGHAI, day_of
from core.uploads import clean_photo
from devtools.county.build import build
from devtools.county.size import SIZES
from devtools.county.world import World
from devtools.views import walk_code
from forecasting.selectors import latest_run
from growers.models import User
from growers.services import create_person, give_role, issue_card
from harvest_calendar.models import SeasonDate
from logistics.services.packing import deliver_order, pack_order, send_order
from logistics.services.payouts import make_batch
from logistics.services.weighing import weigh
from shop.campaign_terms import terms_now
from shop.contact import Contact, Fulfilment
from shop.models import (
    Campaign,
    CampaignQuestion,
    Listing,
    PaymentMeans,
    Purchase,
    ReturnKind,
    SavedAddress,
    SeasonAlert,
)
from shop.selectors.approvals import campaigns_to_approve
from shop.selectors.campaigns import listings_without_campaign
from shop.selectors.drafts import drafts_for
from shop.services.invoices import ask_invoice
from shop.services.pictures import add_picture
from shop.services.placing import Wanted, place_orders
from shop.services.pledges import reserve
from shop.services.returns import ask_return
from shop.services.reviews import write_review
from shop.services.terms_changes import propose_terms
from tests.factories.uploads import photo

NOW = datetime(2026, 8, 28, 10, tzinfo=SHANGHAI)
TODAY = day_of(NOW)
SEED = 7
CONSUMER = Contact("林小满", "19900000001")


def fixed_now() -> datetime:
    """The moment of the whole-site tests; used as ``settings.CLOCK``."""
    return NOW


@dataclass
class Site:
    """The world, who can visit it, and a sample of everything that has a page."""

    world: World
    people: dict[str, User] = field(default_factory=dict)
    samples: dict[str, str] = field(default_factory=dict)


def build_world(*, at: datetime = NOW, seed: int = SEED) -> World:
    """The ``small`` county around ``at``, with what waited for a commit done."""
    _wagtails_first_rows()
    with TestCase.captureOnCommitCallbacks(execute=True):
        return build(size=SIZES["small"], seed=seed, at=at, say=lambda line: None)


def _wagtails_first_rows() -> None:
    """Tables are made without migrations, and Wagtail writes its roots in one."""
    if not Page.objects.exists():
        Locale.objects.get_or_create(language_code="zh-hans")
        Page.add_root(title="Root", slug="root")
        Collection.add_root(name="Root")


def build_site() -> Site:
    """The county, a stranger for every role, and the loop's rows in every state."""
    site = Site(build_world())
    site.people = {**site.world.people}
    with TestCase.captureOnCommitCallbacks(execute=True):
        _strangers(site)
        _orders(site)
        _plan(site)
        _samples(site)
    return site


def _strangers(site: Site) -> None:
    """People with the same roles for other things."""
    world = site.world
    far = world.counties[1]
    roles = {
        "other_operator": ("shop_operator", world.shops[1]),
        "other_keeper": ("station_keeper", list(world.stations.values())[1]),
        "other_planner": ("planner", world.cooperatives[far.code]),
        "other_official": ("official", far),
        "helper": ("helper", world.townships[0]),
    }
    for n, (name, (role, thing)) in enumerate(roles.items()):
        person = create_person(mobile=f"1990000010{n}", password="secret", name="示例", at=NOW)
        give_role(user=person, role=role, thing=thing, on=TODAY, by=None, at=NOW)
        site.people[name] = person


def _orders(site: Site) -> None:
    """The consumer's orders: just placed, waiting at the station, and fetched; a reservation."""
    shop = site.world.shops[0]
    listing = _stocked_listing(site)
    collect = Fulfilment.collect_at(shop.station)
    post = Fulfilment.deliver_to(province_code="62", city="兰州市", address="示例路 1 号")
    placed, sent, fetched, posted = (
        _order(site, listing, way, key)
        for key, way in [("1", collect), ("2", collect), ("3", collect), ("4", post)]
    )
    _on_their_way(site, sent, fetched, posted)
    site.samples |= {
        "order": placed.code,
        "sent_order": sent.code,
        "fetched_order": fetched.code,
        "posted_order": posted.code,
        "checkout_key": placed.checkout_key,
    }
    _after_sale(site, fetched)
    kept = SavedAddress.objects.filter(user=site.people["consumer"])
    site.samples["address"] = kept[0].code
    _presale(site, collect)


def _stocked_listing(site: Site) -> Listing:
    """A listing of the walk's shop with packs on hand, and its photograph."""
    shop = site.world.shops[0]
    stocked = Listing.objects.filter(shop=shop, product__stockrecords__num_in_stock__gt=8)
    listing = stocked.select_related("product", "shop", "form__crop", "grade", "origin")[0]
    picture = add_picture(
        listing=listing, photo=clean_photo(photo()), caption="今天采的", by=None, at=NOW
    )
    site.samples |= {"listing": listing.code, "shop": shop.code, "picture": str(picture.pk)}
    return listing


def _on_their_way(site: Site, sent: Purchase, fetched: Purchase, posted: Purchase) -> None:
    """Three orders are packed and sent, and one of them is handed over."""
    for order in (sent, fetched, posted):
        pack_order(code=order.code, by=None, at=NOW)
        send_order(code=order.code, by=None, at=NOW)
    deliver_order(
        code=fetched.code,
        amount=fetched.order.total_incl_tax,
        means=PaymentMeans.CASH,
        by=site.people["station_keeper"],
        at=NOW,
    )


def _presale(site: Site, collect: Fulfilment) -> None:
    """The walk's campaign, one that waits for approval, a change of terms, a reservation."""
    campaign = Campaign.objects.get(code=walk_code())
    site.samples["campaign"] = campaign.code
    waits = campaigns_to_approve(site.people["approver"], on=TODAY)
    site.samples["waiting_campaign"] = waits[0].code
    site.samples["terms_change"] = propose_terms(
        code=campaign.code,
        terms=replace(terms_now(campaign), goal_packs=campaign.goal_packs + 1),
        reason="多约一份才够一车",
        by=site.people["shop_operator"],
        at=NOW,
    ).code
    site.samples["pledge"] = reserve(
        campaign_code=campaign.code,
        packs=2,
        contact=CONSUMER,
        fulfilment=collect,
        submit_key="site-pledge",
        user=site.people["consumer"],
        at=NOW,
    ).code


def _after_sale(site: Site, fetched: Purchase) -> None:
    """Something of the fetched order came broken; its invoice is asked for."""
    order = Purchase.objects.select_related("order", "shop", "collection").get(pk=fetched.pk)
    asked = ask_return(
        purchase=order,
        line_pk=order.order.lines.get().pk,
        packs=1,
        kind=ReturnKind.DAMAGED,
        words="袋子破了",
        photos=[clean_photo(photo())],
        at=NOW,
    )
    site.samples["return"] = asked.code
    facts = {"kind": "person", "title": "林小满", "tax_number": "", "email": "lin@example.com"}
    ask_invoice(purchase=order, **facts, at=NOW)


def _order(site: Site, listing: Listing, way: Fulfilment, key: str) -> Purchase:
    (purchase,) = place_orders(
        basket_lines=[Wanted(listing, 1)],
        contact=CONSUMER,
        fulfilment=way,
        checkout_key=f"site-order-{key}",
        user=site.people["consumer"],
        at=NOW - timedelta(hours=int(key)),
    )
    return purchase


def _plan(site: Site) -> None:
    """A plan that went all the way to offers, for the walk's county."""
    area = site.world.areas[site.world.walk.county_code]
    run = latest_run(area)
    assert run is not None
    planner, approver = site.people["planner"], site.people["approver"]
    plan = contracts.open_run(
        area=area,
        forecast_run=run,
        eligibility_on=TODAY,
        demand_quantile="p50",
        by=planner,
        at=NOW,
        on=TODAY,
    )
    contracts.solve_run(code=plan.code)
    contracts.propose_run(code=plan.code, by=planner, at=NOW, on=TODAY)
    contracts.approve_run(code=plan.code, by=approver, at=NOW, on=TODAY)
    contracts.offer_contracts(code=plan.code, by=planner, at=NOW, on=TODAY)
    site.samples["plan"] = plan.code


def _samples(site: Site) -> None:
    """A signed and a waiting contract, a slip, a lot, a season, a household, a draft."""
    signed = _contracts(site)
    _weighed(site, signed)
    _of_the_world(site)
    _voices(site)


def _contracts(site: Site) -> Contract:
    """One that the walk's household signs; another waits for another household."""
    household = site.world.households[0]
    offered = Contract.objects.filter(plan__code=site.samples["plan"], state="offered")
    signed = offered.get(household=household)
    waiting = offered.exclude(household=household).order_by("household__code")[0]
    site.people["other_household"] = issue_card(
        household=waiting.household, pin="135790", at=NOW, by=None
    )
    contracts.accept_contract(
        code=signed.code, by=site.people["household"], at=NOW, on=TODAY, consent_note=""
    )
    site.samples |= {
        "signed": signed.code,
        "offered": waiting.code,
        "household": household.code,
    }
    return signed


def _weighed(site: Site, signed: Contract) -> None:
    """A slip with its lot, and the batch that pays it."""
    ticket = weigh(
        contract_code=signed.code,
        gross_g=42_000,
        tare_g=2_000,
        grade=signed.grade,
        key="site-ticket",
        by=site.people["station_keeper"],
        at=NOW,
    )
    batch = make_batch(
        cooperative=signed.cooperative,
        until=TODAY + timedelta(days=7),
        by=site.people["planner"],
        at=NOW,
    )
    site.samples |= {
        "ticket": ticket.code,
        "lot": ticket.source.lot.code,
        "batch": batch.code,
        "payout": batch.payouts.get(household=signed.household).code,
    }


def _of_the_world(site: Site) -> None:
    """What the county has without us, and words that stand for themselves."""
    world = site.world
    site.samples |= {
        "crop": world.walk.form.crop.key,
        "wish": SeasonAlert.objects.earliest("pk").token,
        "form": drafts_for(world.shops[0], on=TODAY)[0].form.key,
        "season": SeasonDate.objects.filter(region=world.counties[0], year=TODAY.year)[0].code,
        "free_listing": listings_without_campaign([world.shops[0]])[0].code,
        "number": "1",
        "step": "close",
        "batch_step": "cancel",  # without a reason it is refused
        "person": "consumer",
        "page_key": "returns",
    }


def _voices(site: Site) -> None:
    """The consumer's review of what was fetched, and a question on the walk's campaign."""
    review = write_review(
        purchase=Purchase.objects.get(code=site.samples["fetched_order"]),
        listing=Listing.objects.get(code=site.samples["listing"]),
        score=4,
        text="东西好，路上慢了一天。",
        names_buyer=True,
        at=NOW,
    )
    asked = CampaignQuestion.objects.filter(campaign__code=site.samples["campaign"])
    site.samples |= {"review": review.code, "question": asked[0].code}
