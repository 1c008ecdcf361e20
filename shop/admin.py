"""For looking and searching; only rate cards are edited here, every figure being an estimate."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from oscar.apps.catalogue.reviews import admin as oscars_reviews

from growers.admin import LookOnlyAdmin
from shop.forms.voucher import VoucherForm
from shop.models import (
    Campaign,
    CampaignQuestion,
    CampaignUpdate,
    Collection,
    Credit,
    Listing,
    ListingProof,
    Moderation,
    Pledge,
    PledgeTier,
    Purchase,
    Rate,
    RateCard,
    Review,
    ReviewReply,
    SeasonStateChange,
    Setback,
    StretchGoal,
    Voucher,
    WaitingEntry,
    Zone,
    ZoneProvince,
)


@admin.register(Listing)
class ListingAdmin(LookOnlyAdmin):
    list_display = ["code", "name", "shop", "price", "state", "season_state"]
    list_filter = ["state", "season_state", "form__crop__category"]
    list_select_related = ["product", "shop"]
    search_fields = ["code", "product__title", "shop__name_zh"]

    @admin.display(description=_("名称"))
    def name(self, listing: Listing) -> str:
        return str(listing.product.title)


@admin.register(ListingProof)
class ListingProofAdmin(LookOnlyAdmin):
    list_display = ["listing", "kind", "number", "issued_on", "valid_to"]
    list_filter = ["kind"]
    list_select_related = ["listing"]
    search_fields = ["listing__code", "number"]


@admin.register(SeasonStateChange)
class SeasonStateChangeAdmin(LookOnlyAdmin):
    list_display = ["listing", "old", "new", "on"]
    list_select_related = ["listing"]
    search_fields = ["listing__code"]


@admin.register(Purchase)
class PurchaseAdmin(LookOnlyAdmin):
    list_display = ["code", "shop", "state", "fulfilment", "total", "placed_at"]
    list_filter = ["state", "fulfilment"]
    list_select_related = ["order", "shop"]
    search_fields = ["code", "mobile"]

    @admin.display(description=_("合计"))
    def total(self, purchase: Purchase) -> str:
        return str(purchase.order.total_incl_tax)


@admin.register(Collection)
class CollectionAdmin(LookOnlyAdmin):
    list_display = ["purchase", "amount", "means", "received_by", "received_at"]
    list_select_related = ["purchase", "received_by"]
    search_fields = ["purchase__code"]


@admin.register(Campaign)
class CampaignAdmin(LookOnlyAdmin):
    list_display = ["code", "listing", "state", "goal_packs", "pledged_packs", "deadline_at"]
    list_filter = ["state"]
    list_select_related = ["listing"]
    search_fields = ["code", "listing__code"]


@admin.register(Pledge)
class PledgeAdmin(LookOnlyAdmin):
    list_display = ["code", "campaign", "state", "packs", "created_at"]
    list_filter = ["state"]
    list_select_related = ["campaign"]
    search_fields = ["code", "mobile"]


@admin.register(PledgeTier)
class PledgeTierAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Boxes are set by platform staff; how many are taken is only counted."""

    list_display = ["campaign", "number", "title", "price", "packs_per_unit", "cap_units"]
    list_select_related = ["campaign"]
    raw_id_fields = ["campaign"]
    readonly_fields = ["taken_units"]


@admin.register(StretchGoal)
class StretchGoalAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """What is added when more comes together; whether it did is judged at the closing."""

    list_display = ["campaign", "at_packs", "promise", "reached"]
    list_select_related = ["campaign"]
    raw_id_fields = ["campaign"]
    readonly_fields = ["reached"]


@admin.register(Setback)
class SetbackAdmin(LookOnlyAdmin):
    list_display = [
        *("code", "campaign", "kind", "percent", "declared_at", "is_from_calendar", "settled_at")
    ]
    list_filter = ["kind"]
    list_select_related = ["campaign"]
    search_fields = ["code", "campaign__code"]


@admin.register(Credit)
class CreditAdmin(LookOnlyAdmin):
    list_display = ["code", "pledge_code", "given_fen", "left_fen", "paid_out_fen", "given_at"]
    list_select_related = ["account", "choice__pledge"]
    search_fields = ["code", "choice__pledge__code"]
    exclude = ["mobile"]

    @admin.display(description=_("预约号"))
    def pledge_code(self, credit: Credit) -> str:
        return credit.choice.pledge.code

    @admin.display(description=_("剩多少分"))
    def left_fen(self, credit: Credit) -> int | None:
        return credit.account.balance


@admin.register(WaitingEntry)
class WaitingEntryAdmin(LookOnlyAdmin):
    list_display = ["code", "campaign", "state", "packs", "joined_at", "offered_until"]
    list_filter = ["state"]
    list_select_related = ["campaign"]
    search_fields = ["code", "campaign__code"]


class RateInline(admin.TabularInline):  # type: ignore[type-arg]  # rates of one card
    model = Rate
    extra = 0


class ZoneProvinceInline(admin.TabularInline):  # type: ignore[type-arg]  # provinces of one zone
    model = ZoneProvince
    extra = 0


@admin.register(RateCard)
class RateCardAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """A new price is a new card from a day on, so that old orders can be recomputed."""

    list_display = ["name_zh", "key", "valid_from", "valid_to", "confidence"]
    inlines = [RateInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[RateCard]:
        return super().get_queryset(request).prefetch_related("rates__zone")


@admin.register(Zone)
class ZoneAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    list_display = ["key", "name_zh"]
    inlines = [ZoneProvinceInline]


# Reviews are ours alone: Oscar's could be written, changed and deleted by hand.
admin.site.unregister([oscars_reviews.ProductReview, oscars_reviews.Vote])


@admin.register(Review)
class ReviewAdmin(LookOnlyAdmin):
    list_display = ["code", "listing", "score", "written_at", "withdrawn_at", "hidden_at"]
    list_filter = ["score"]
    list_select_related = ["listing"]
    search_fields = ["code", "listing__code", "text"]


@admin.register(ReviewReply)
class ReviewReplyAdmin(LookOnlyAdmin):
    list_display = ["code", "review", "at", "hidden_at"]
    list_select_related = ["review"]
    search_fields = ["code", "review__code", "text"]


@admin.register(CampaignUpdate)
class CampaignUpdateAdmin(LookOnlyAdmin):
    list_display = ["code", "campaign", "at", "told_at", "hidden_at"]
    list_select_related = ["campaign"]
    search_fields = ["code", "campaign__code", "text"]


@admin.register(CampaignQuestion)
class CampaignQuestionAdmin(LookOnlyAdmin):
    list_display = ["code", "campaign", "at", "answered_at", "hidden_at"]
    list_select_related = ["campaign"]
    search_fields = ["code", "campaign__code", "text"]


@admin.register(Moderation)
class ModerationAdmin(LookOnlyAdmin):
    list_display = ["code", "covered", "reason", "by", "at"]
    list_select_related = ["by"]
    search_fields = ["code"]


@admin.register(Voucher)
class VoucherAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # made here: no page gives vouchers out
    form = VoucherForm
    list_display = ["code", "amount", "least_goods", "valid_from", "valid_to", "used", "most_uses"]
    search_fields = ["code", "note"]
    readonly_fields = ["used"]

    def save_model(self, request: HttpRequest, obj: Voucher, form: object, change: bool) -> None:
        """Codes are typed by hand, so capital or small makes no difference."""
        obj.code = obj.code.strip().upper()
        super().save_model(request, obj, form, change)
