"""Who finds what at which address: one row for each URL pattern, the answers as data.

A row says what somebody without the right gets (``stranger`` when signed in, ``anonymous`` when
not) and, for the roles that differ, what they get instead.
"""

from collections import Counter
from dataclasses import dataclass, field

SIGN_IN = 302
OPEN = 200
HIDDEN = 404
POST_ONLY = 405

OFFICES = ("official", "auditor", "helper")
COOPERATIVE = ("planner", "approver")
WATCHERS = ("official", "auditor")


@dataclass(frozen=True)
class Row:
    """What one address answers to a GET."""

    name: str
    samples: tuple[str, ...] = ()
    anonymous: int = SIGN_IN
    stranger: int = HIDDEN
    others: dict[str, int] = field(default_factory=dict)

    @property
    def is_public(self) -> bool:
        """The same for everybody, signed in or not."""
        return self.anonymous == self.stranger and not self.others

    def expected(self, role: str) -> int:
        """The status this role should get."""
        if role == "anonymous":
            return self.anonymous
        return self.others.get(role, self.stranger)


def public(name: str, *samples: str, status: int = OPEN) -> Row:
    """The same for everybody."""
    return Row(name, samples, anonymous=status, stranger=status)


def opens(name: str, *samples: str, to: tuple[str, ...], status: int = OPEN) -> Row:
    """Open to some roles; others find nothing; visitors are sent to sign in."""
    return Row(name, samples, others=dict.fromkeys(to, status))


def own(name: str, *samples: str, to: tuple[str, ...], status: int = OPEN) -> Row:
    """Open to those it belongs to; everybody else, signed in or not, finds nothing."""
    return Row(name, samples, anonymous=HIDDEN, others=dict.fromkeys(to, status))


def signed_in(name: str, *samples: str, status: int = OPEN) -> Row:
    """Open to everybody who is signed in."""
    return Row(name, samples, stranger=status)


PATHS = {
    "shop:shop/catalogue/": "/shop/catalogue/",
    "shop:shop/catalogue/<path:path>": "/shop/catalogue/category/hua-jiao_1/",
    r"shop:^shop/basket/.*$": "/shop/basket/add/1/x/",
    r"shop:^shop/checkout/.*$": "/shop/checkout/shipping-address/",
    r"shop:^shop/search/.*$": "/shop/search/default/",
    r"shop:^shop/accounts/(?:login|register)/.*$": "/shop/accounts/login/",
    r"shop:^shop/accounts/(?!logout/).*$": "/shop/accounts/profile/",
    r"shop:^shop/password-reset/.*$": "/shop/password-reset/",
    r"shop:^shop/(?:offers|wishlists)/.*$": "/shop/offers/",
    r"shop:^shop/dashboard/login/$": "/shop/dashboard/login/",
    r"shop:^shop/dashboard/reviews/.*$": "/shop/dashboard/reviews/1/delete/",
    "shop:places": "/shop/places/62/",
    **{
        f"page:{name}": path
        for name, path in {
            "home": "/",
            "guide": "/how-to-buy/",
            "policy": "/privacy/",
            "guides": "/guides/",
            "crop_guide": "/guides/sichuan-pepper/",
            "stories": "/stories/",
            "story": "/stories/high-slope/",
            "notices": "/notices/",
            "notice": "/notices/harvest-hours/",
            "help": "/help/",
            "help_consumer": "/help/consumer/",
            "help_household": "/help/household/",
        }.items()
    },
}
OPERATORS = ("shop_operator", "other_operator")
KEEPERS = ("station_keeper", "other_keeper")

GROWERS = [
    Row("growers:sign_in", anonymous=OPEN, stranger=302),
    public("growers:sign_out", status=POST_ONLY),
    signed_in("growers:home", status=302),
    opens("growers:households", to=(*OFFICES, "other_official")),
    opens("growers:household", "household", to=OFFICES),
    Row("growers:card", ("household",), anonymous=POST_ONLY, stranger=POST_ONLY),
]
CALENDAR = [
    public("harvest_calendar:calendar"),
    public("harvest_calendar:feed"),
    public("harvest_calendar:crop", "crop"),
    opens("harvest_calendar:revise", "season", to=(*COOPERATIVE, "official")),
]
SHOP = [
    public("shop:list"),
    public("shop:search"),
    public("shop:suggest"),
    public("shop:listing", "listing"),
    public("shop:shop", "shop"),
    *(public(name, status=302) for name in PATHS if name.startswith("shop:") and "/" in name),
    public("shop:places"),
    public("shop:read_address", status=POST_ONLY),
    public("shop:basket"),
    public("shop:basket_add", "listing", status=POST_ONLY),
    public("shop:basket_change", "number", status=POST_ONLY),
    public("shop:checkout", status=302),
    Row("shop:placed", ("checkout_key",), stranger=302, others={"consumer": OPEN}),
    own("shop:order", "order", to=("consumer",)),
    public("shop:order_cancel", "order", status=POST_ONLY),
    public("shop:order_pay", "order", status=POST_ONLY),
    own("shop:order_back", "order", to=("consumer",), status=302),
    own("shop:order_return", "order", to=("consumer",)),
    public("shop:return_withdraw", "fetched_order", "return", status=POST_ONLY),
    own("shop:return_photo", "return", "number", to=("consumer", "shop_operator", "auditor")),
    own("shop:order_invoice", "order", to=("consumer",)),
    public("shop:find_order"),
    own("shop:receipt", "order", to=("consumer",)),
    public("shop:order_again", "order", status=POST_ONLY),
    signed_in("shop:account"),
    signed_in("shop:orders_csv"),
    signed_in("shop:reservations"),
    public("shop:credit"),
    public("shop:credit_out", "pledge", status=POST_ONLY),
    signed_in("shop:addresses"),
    signed_in("shop:address_new"),
    opens("shop:address", "address", to=("consumer",)),
    signed_in("shop:address_first", "address", status=POST_ONLY),
    signed_in("shop:address_forget", "address", status=POST_ONLY),
    public("shop:campaigns"),
    public("shop:campaign", "campaign"),
    public("shop:find_pledge"),
    public("shop:tell_me", "crop"),
    public("shop:stop_telling", "wish"),
    own("shop:pledge", "pledge", to=("consumer",)),
    public("shop:pledge_change", "pledge", status=POST_ONLY),
    public("shop:pledge_cancel", "pledge", status=POST_ONLY),
    public("shop:pledge_pay", "pledge", status=POST_ONLY),
    public("shop:pledge_back", "pledge", status=HIDDEN),  # nothing is paid through us here
    public("shop:pledge_choose", "pledge", status=HIDDEN),
    public("shop:waiting", "pledge", status=HIDDEN),
    public("shop:campaign_queue", "campaign", status=POST_ONLY),
]
VOICES = [
    public("shop:listing_reviews", "listing"),
    own("shop:review", "fetched_order", "listing", to=("consumer",)),
    public("shop:review_withdraw", "fetched_order", "listing", status=POST_ONLY),
    public("shop:campaign_ask", "campaign", status=POST_ONLY),
    opens("shop:work_voices", to=OPERATORS),
    opens("shop:work_answer", "question", to=OPERATORS, status=POST_ONLY),
    opens("shop:work_reply", "review", to=OPERATORS, status=POST_ONLY),
    opens("shop:work_update", "campaign", to=("shop_operator",)),
    opens("shop:moderation", to=("editor",)),
    opens("shop:moderate", "review", to=("editor",)),
]
DESK = [
    opens("shop:workspace", to=OPERATORS),
    opens("shop:work_drafts", to=OPERATORS),
    opens("shop:work_draft", "form", to=OPERATORS),  # a draft is of a crop, not of a shop
    opens("shop:work_listings", to=OPERATORS),
    opens("shop:work_listing", "listing", to=("shop_operator",)),
    opens("shop:work_proof", "listing", to=OPERATORS, status=POST_ONLY),
    opens("shop:work_pictures", "listing", to=OPERATORS, status=POST_ONLY),
    opens("shop:work_picture", "listing", "picture", to=OPERATORS, status=POST_ONLY),
    opens("shop:work_split", "listing", to=OPERATORS, status=POST_ONLY),
    opens("shop:work_publish", "listing", to=OPERATORS, status=POST_ONLY),
    opens("shop:work_withdraw", "listing", to=OPERATORS, status=POST_ONLY),
    opens("shop:work_campaigns", to=OPERATORS),
    opens("shop:work_open", "free_listing", to=("shop_operator",)),
    opens("shop:work_cancel", "campaign", to=("shop_operator",)),
    opens("shop:work_campaign", "campaign", to=("shop_operator",)),
    opens("shop:work_edit", "campaign", to=("shop_operator",), status=302),  # it is live
    opens("shop:work_boxes", "campaign", to=("shop_operator",), status=302),  # it is live
    opens("shop:work_submit", "campaign", to=OPERATORS, status=POST_ONLY),
    opens("shop:work_take_back", "campaign", to=OPERATORS, status=POST_ONLY),
    opens("shop:approvals", to=("approver",)),
    opens("shop:work_terms", "campaign", to=("shop_operator",)),
    opens("shop:work_terms_withdraw", "campaign", "terms_change", to=OPERATORS, status=POST_ONLY),
    opens("shop:terms_change", "terms_change", to=("approver",)),
    opens("shop:approval", "waiting_campaign", to=("approver",)),
    opens("shop:work_pause", "campaign", to=OPERATORS, status=POST_ONLY),
    opens("shop:work_decide", "campaign", to=OPERATORS, status=POST_ONLY),
    opens("shop:work_harvested", "campaign", to=OPERATORS, status=POST_ONLY),
    opens("shop:work_setback", "campaign", to=OPERATORS, status=POST_ONLY),
    opens("shop:work_stuck", "campaign", "pledge", to=OPERATORS, status=POST_ONLY),
    opens("shop:double_deposits", to=("auditor",)),
    public("shop:double_deposit", "pledge", status=POST_ONLY),
    opens("shop:work_orders", to=OPERATORS),
    opens("shop:work_order_cancel", "order", to=("shop_operator",)),
    opens("shop:work_refund", "order", to=("shop_operator",)),
    opens("shop:work_returns", to=OPERATORS),
    opens("shop:work_return", "return", to=("shop_operator",)),
    opens("shop:work_invoices", to=OPERATORS),
    opens("shop:work_invoices_csv", to=OPERATORS),
    opens("shop:work_invoice", "fetched_order", to=OPERATORS, status=POST_ONLY),
    opens("shop:work_correction", "fetched_order", to=OPERATORS, status=POST_ONLY),
]
COOP = [
    opens(
        "forecasting:demand",
        to=(*COOPERATIVE, *WATCHERS, "other_planner", "other_official"),
    ),
    *(
        opens(name, to=(*COOPERATIVE, *WATCHERS, "other_planner", "other_official"))
        for name in ("forecasting:lines_csv", "forecasting:lines_xlsx", "forecasting:lines_json")
    ),
    signed_in("forecasting:run", status=POST_ONLY),
    opens("contracts:plans", to=(*COOPERATIVE, *WATCHERS, "other_planner", "other_official")),
    opens("contracts:new_plan", to=("planner", "other_planner")),
    opens("contracts:waiting", to=(*COOPERATIVE, *WATCHERS, "other_planner", "other_official")),
    opens("contracts:plan", "plan", to=(*COOPERATIVE, *WATCHERS)),
    opens("contracts:export", "plan", to=("auditor",)),
    signed_in("contracts:step", "plan", "step", status=POST_ONLY),
    opens("contracts:contracts", to=(*COOPERATIVE, *WATCHERS, "other_planner", "other_official")),
    opens(
        "contracts:print",
        "signed",
        to=("household", "shop_operator", "station_keeper", *COOPERATIVE, *OFFICES),
    ),
    public("contracts:runs"),
    public("contracts:run", "plan"),
    opens("contracts:own_rows", to=("household", "other_household")),
    opens("contracts:proof", "plan", to=("household", "other_household")),
    opens("contracts:household_contract", "signed", to=("household", "helper")),
    signed_in("contracts:answer", "signed", status=POST_ONLY),
]
LOGISTICS = [
    opens("logistics:station_home", to=KEEPERS),
    opens("logistics:weigh", "signed", to=("station_keeper",)),
    opens("logistics:ticket", "ticket", to=("station_keeper", "shop_operator", *COOPERATIVE)),
    opens("logistics:hand_over", "sent_order", to=("station_keeper",)),
    opens("logistics:pack", to=OPERATORS),
    signed_in("logistics:mark_packed", "order", status=POST_ONLY),
    signed_in("logistics:mark_sent", "order", status=POST_ONLY),
    opens("logistics:stock", to=(*COOPERATIVE, "other_planner")),
    opens("logistics:process", to=(*COOPERATIVE, "other_planner")),
    opens("logistics:lot", "lot", to=COOPERATIVE),
    opens("logistics:payments_due", to=(*COOPERATIVE, "other_planner", *OPERATORS)),
    opens("logistics:batches", to=(*COOPERATIVE, "other_planner")),
    opens("logistics:batch", "batch", to=COOPERATIVE),
    signed_in("logistics:batch_file", "batch", status=POST_ONLY),
    signed_in("logistics:batch_step", "batch", "batch_step", status=POST_ONLY),
    opens("logistics:payout", "payout", to=COOPERATIVE),
    opens("logistics:household_payout", "payout", to=("household",)),
    opens("logistics:household_slip", "ticket", to=("household",)),
    opens("logistics:household_home", to=("household", "other_household")),
]
# Nothing is paid through us here, so no link leads anywhere.
PAYMENTS = [
    public("payments:pay", "order", status=HIDDEN),
    public("payments:back", "order", status=HIDDEN),
    opens("payments:money", to=("auditor",)),
    public("payments:line", status=POST_ONLY),
    public("payments:message", "order", status=POST_ONLY),
    public("payments:by_bank", "order", status=POST_ONLY),
    public("payments:taken_back", "order", status=POST_ONLY),
    opens("payments:fund", to=("auditor",)),
    public("payments:deposit", "order", status=POST_ONLY),
]
REST = [
    public("core:styleguide"),
    public("core:themes"),
    public("devtools:walk", status=HIDDEN),
    public("devtools:jump", status=HIDDEN),
    public("devtools:sign_in_as", "person", status=HIDDEN),
    public("devtools:messages", status=HIDDEN),
    public("content:help", status=302),
    public("content:words", "page_key", status=302),
    *(public(name) for name in PATHS if name.startswith("page:")),
]
ROWS = [*GROWERS, *CALENDAR, *SHOP, *VOICES, *DESK, *COOP, *LOGISTICS, *PAYMENTS, *REST]

# What a form with nothing in it gives: the same people are let in, and are told what is missing
# (422 or 200) or sent on with a notice (302). Nothing of it is kept.
CHANGES = [
    Row("growers:sign_in", anonymous=OPEN, stranger=302),
    opens("growers:household", "household", to=OFFICES),
    opens("growers:card", "household", to=("official", "helper")),
    opens("harvest_calendar:revise", "season", to=(*COOPERATIVE, "official")),
    public("shop:basket_add", "listing", status=302),
    public("shop:basket_change", "number", status=302),
    public("shop:checkout", status=302),
    own("shop:order_pay", "order", to=("consumer",), status=302),  # on collection: nothing to pay
    own("shop:order_return", "order", to=("consumer",), status=422),
    own("shop:return_withdraw", "fetched_order", "return", to=("consumer",), status=302),
    own("shop:order_invoice", "order", to=("consumer",), status=422),
    opens("shop:work_order_cancel", "order", to=("shop_operator",), status=422),
    opens("shop:work_refund", "order", to=("shop_operator",), status=422),
    opens("shop:work_return", "return", to=("shop_operator",), status=422),
    opens("shop:work_invoice", "fetched_order", to=("shop_operator",), status=422),
    opens("shop:work_correction", "fetched_order", to=()),  # nothing is to be corrected
    own("shop:order_cancel", "order", to=("consumer",), status=302),
    own("shop:order_again", "order", to=("consumer",), status=302),
    public("shop:read_address"),
    signed_in("shop:address_new", status=422),
    opens("shop:address", "address", to=("consumer",), status=422),
    opens("shop:address_first", "address", to=("consumer",), status=302),
    opens("shop:address_forget", "address", to=("consumer",), status=302),
    public("shop:credit_out", "pledge", status=HIDDEN),
    public("shop:find_order", status=422),
    public("shop:campaign", "campaign", status=422),
    public("shop:find_pledge", status=422),
    public("shop:tell_me", "crop", status=302),
    public("shop:stop_telling", "wish"),
    own("shop:pledge_change", "pledge", to=("consumer",), status=422),
    own("shop:pledge_cancel", "pledge", to=("consumer",), status=302),
    public("shop:pledge_pay", "pledge", status=HIDDEN),
    public("shop:pledge_choose", "pledge", status=HIDDEN),
    public("shop:waiting", "pledge", status=HIDDEN),
    public("shop:campaign_queue", "campaign", status=302),
    opens("shop:work_draft", "form", to=OPERATORS, status=422),
    opens("shop:work_listing", "listing", to=("shop_operator",), status=422),
    opens("shop:work_proof", "listing", to=("shop_operator",), status=422),
    opens("shop:work_pictures", "listing", to=("shop_operator",), status=422),
    opens("shop:work_picture", "listing", "picture", to=("shop_operator",), status=302),
    opens("shop:work_split", "listing", to=("shop_operator",), status=422),
    opens("shop:work_publish", "listing", to=("shop_operator",), status=302),
    opens("shop:work_withdraw", "listing", to=("shop_operator",), status=302),
    opens("shop:work_open", "free_listing", to=("shop_operator",), status=422),
    opens("shop:work_cancel", "campaign", to=("shop_operator",), status=422),
    opens("shop:work_edit", "campaign", to=("shop_operator",), status=302),
    opens("shop:work_boxes", "campaign", to=("shop_operator",), status=302),
    opens("shop:work_submit", "campaign", to=("shop_operator",), status=302),
    opens("shop:work_take_back", "campaign", to=("shop_operator",), status=302),
    opens("shop:approval", "waiting_campaign", to=("approver",), status=422),
    opens("shop:work_terms", "campaign", to=("shop_operator",), status=422),
    opens("shop:terms_change", "terms_change", to=("approver",), status=422),
    opens("shop:work_pause", "campaign", to=("shop_operator",), status=302),
    opens("shop:work_decide", "campaign", to=("shop_operator",), status=422),
    opens("shop:work_harvested", "campaign", to=("shop_operator",), status=302),
    opens("shop:work_setback", "campaign", to=("shop_operator",), status=422),
    own("shop:review", "fetched_order", "listing", to=("consumer",), status=422),
    own("shop:review_withdraw", "fetched_order", "listing", to=("consumer",), status=302),
    public("shop:campaign_ask", "campaign", status=422),
    opens("shop:work_answer", "question", to=("shop_operator",), status=422),
    opens("shop:work_reply", "review", to=("shop_operator",), status=422),
    opens("shop:work_update", "campaign", to=("shop_operator",), status=422),
    opens("shop:moderate", "review", to=("editor",), status=422),
    signed_in("forecasting:run", status=HIDDEN),  # no area is named
    opens("contracts:new_plan", to=("planner", "other_planner")),
    opens("contracts:step", "plan", "step", to=(*COOPERATIVE, *WATCHERS), status=302),
    opens("contracts:export", "plan", to=("auditor",), status=422),
    opens("contracts:answer", "signed", to=("household", "helper"), status=422),
    opens("logistics:weigh", "signed", to=("station_keeper",)),
    opens("logistics:hand_over", "sent_order", to=("station_keeper",)),
    opens("logistics:mark_packed", "order", to=("shop_operator",), status=302),
    opens("logistics:mark_sent", "order", to=("shop_operator",), status=302),
    opens("logistics:process", to=(*COOPERATIVE, "other_planner")),
    opens("logistics:lot", "lot", to=COOPERATIVE),
    opens("logistics:batches", to=(*COOPERATIVE, "other_planner")),
    opens("logistics:batch_file", "batch", to=COOPERATIVE, status=302),  # not approved yet
    opens("logistics:batch_step", "batch", "batch_step", to=COOPERATIVE, status=302),
    public("payments:pay", "order", status=HIDDEN),
    opens("payments:line", to=()),
    opens("payments:message", "order", to=()),
    opens("payments:by_bank", "order", to=()),
    opens("payments:taken_back", "order", to=()),
    opens("payments:fund", to=()),
    opens("payments:deposit", "order", to=()),
    opens("shop:double_deposit", "pledge", to=()),
    opens("shop:work_stuck", "campaign", "pledge", to=("shop_operator",), status=302),
    opens(
        "shop:work_terms_withdraw", "campaign", "terms_change", to=("shop_operator",), status=302
    ),
    public("growers:sign_out", status=302),  # last: everybody is gone afterwards
]


def public_pages() -> Counter[str]:
    """The kinds of pages that are the same for everybody, as already seen."""
    return Counter({row.name: 1 for row in ROWS if row.is_public and row.stranger == OPEN})
