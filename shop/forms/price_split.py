"""Where the yuan of a price go, as the operator types it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from core.errors import BadInput
from core.templatetags.shanhuo import yuan_plain, yuan_words
from shop.models import Listing, ShareKind
from shop.price_rules import floor_price
from shop.services.price_split import UnevenSplit, check_split

ERRORS = {
    "required": lazy("写个数，没有就写 0。"),
    "invalid": lazy("写成 52 或 52.50 这样。"),
    "min_value": lazy("不能小于 0。"),
    "max_decimal_places": lazy("最多两位小数。"),
    "max_digits": lazy("这个数太大了。"),
    "max_whole_digits": lazy("这个数太大了。"),
}


class PriceSplitForm(forms.Form):
    """Five amounts that are the price together."""

    def __init__(
        self,
        data: Any = None,
        *,
        listing: Listing,
        amounts: Mapping[ShareKind, Decimal],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, prefix="split", **kwargs)
        self.listing = listing
        for kind in ShareKind:
            self.fields[kind.value] = _amount(kind, amounts.get(kind))
        floor = floor_price(listing.form, listing.pack_weight_g)
        if floor:
            text = _("不低于保底价 %(floor)s。") % {"floor": yuan_words(floor)}
            self.fields[ShareKind.GROWER.value].help_text = text

    def clean(self) -> dict[str, Any]:
        """Checked as the service will; the difference is said beside the last amount."""
        data = super().clean() or {}
        if self.errors:
            return data
        try:
            check_split(self.listing, self.amounts)
        except UnevenSplit as error:
            self.add_error(ShareKind.PLATFORM.value, self._said(error))
        except BadInput as error:
            self.add_error(error.field or None, str(error))
        return data

    def _said(self, error: UnevenSplit) -> str:
        total = self.listing.price - error.missing
        facts = {
            "total": yuan_plain(total),
            "price": yuan_plain(self.listing.price),
            "why": str(error),
        }
        return _("五份加起来 %(total)s 元，价格是 %(price)s 元，%(why)s") % facts

    @property
    def amounts(self) -> dict[ShareKind, Decimal]:
        """What was typed, by kind."""
        found = {kind: self.cleaned_data.get(kind.value) for kind in ShareKind}
        return {kind: amount for kind, amount in found.items() if amount is not None}


def _amount(kind: ShareKind, initial: Decimal | None) -> forms.DecimalField:
    return forms.DecimalField(
        label=kind.label,
        initial=initial,
        min_value=Decimal(0),
        max_digits=8,
        decimal_places=2,
        error_messages=ERRORS,
    )
