"""An address to be kept."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from shop.forms.address import ContactForm, PlaceForm
from shop.selectors.basket import ProvinceCharge


class SavedAddressForm(PlaceForm, ContactForm):
    """Who receives it, where, and whether it is chosen by itself."""

    use_required_attribute = False
    field_order = ["paste", "name", "mobile"]

    is_default = forms.BooleanField(label=lazy("下单时先用这个地址"), required=False)

    def __init__(self, *args: Any, provinces: Sequence[ProvinceCharge], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_places(provinces)

    def charge_label(self, one: ProvinceCharge) -> str:
        """Nothing is bought yet, so no charge."""
        return one.name
