"""Choosing a listing or a pre-sale from a searchable list in the editor."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView
from wagtail.admin.viewsets.chooser import ChooserViewSet

from shop.models import Campaign, CampaignState, Listing, ListingState


class ByTitleForm(BaseFilterForm):
    """Finds rows by code or title."""

    q = forms.CharField(label=_("找"), required=False)
    title = "product__title"

    def filter(self, objects: QuerySet[Any]) -> QuerySet[Any]:
        typed = self.cleaned_data.get("q")
        if not typed:
            return objects
        self.is_searching, self.search_query = True, typed
        return objects.filter(Q(code__icontains=typed) | Q(**{f"{self.title}__icontains": typed}))


class CampaignForm(ByTitleForm):
    """The title is that of the listing."""

    title = "listing__product__title"


class ListingRows:
    """Published listings by title."""

    filter_form_class = ByTitleForm

    def get_object_list(self) -> QuerySet[Listing]:
        rows = Listing.objects.filter(state=ListingState.PUBLISHED)
        return rows.select_related("product", "shop").order_by("product__title", "code")

    @property
    def columns(self) -> list[Any]:
        return [
            *super().columns,  # type: ignore[misc]  # the view follows in the order of bases
            Column("title", label=_("名称"), accessor="product.title"),
            Column("shop", label=_("村店"), accessor="shop.name_zh"),
            Column("season", label=_("季节"), accessor="get_season_state_display"),
        ]


class CampaignRows:
    """Running pre-sales, the first to close first."""

    filter_form_class = CampaignForm

    def get_object_list(self) -> QuerySet[Campaign]:
        rows = Campaign.objects.filter(state=CampaignState.LIVE)
        return rows.select_related("listing__product").order_by("deadline_at", "code")

    @property
    def columns(self) -> list[Any]:
        return [
            *super().columns,  # type: ignore[misc]  # the view follows in the order of bases
            Column("title", label=_("名称"), accessor="listing.product.title"),
            Column("deadline", label=_("截止"), accessor="deadline_at"),
        ]


class ListingChoose(ListingRows, ChooseView):
    """The window of listings."""


class ListingResults(ListingRows, ChooseResultsView):
    """Its rows after a search."""


class CampaignChoose(CampaignRows, ChooseView):
    """The window of pre-sales."""


class CampaignResults(CampaignRows, ChooseResultsView):
    """Its rows after a search."""


class ListingChooserViewSet(ChooserViewSet):
    """``listing_chooser`` in the editor."""

    model = Listing
    icon = "pick"
    per_page = 20
    choose_one_text = _("挑一样货")
    choose_another_text = _("换一样")
    choose_view_class = ListingChoose
    choose_results_view_class = ListingResults


class CampaignChooserViewSet(ChooserViewSet):
    """``campaign_chooser`` in the editor."""

    model = Campaign
    icon = "time"
    per_page = 20
    choose_one_text = _("挑一个预售")
    choose_another_text = _("换一个")
    choose_view_class = CampaignChoose
    choose_results_view_class = CampaignResults


listing_chooser = ListingChooserViewSet("listing_chooser")
campaign_chooser = CampaignChooserViewSet("campaign_chooser")
ListingChooserBlock: Any = listing_chooser.get_block_class(
    name="ListingChooserBlock", module_path="content.blocks.choosers"
)
CampaignChooserBlock: Any = campaign_chooser.get_block_class(
    name="CampaignChooserBlock", module_path="content.blocks.choosers"
)
