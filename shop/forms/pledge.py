"""Reserving in a campaign, changing a reservation, and finding one without an account."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shop.forms.address import ContactForm
from shop.forms.checkout import FulfilmentForm
from shop.forms.fields import perishable_field
from shop.forms.order_lookup import OrderLookupForm
from shop.models import PledgeTier, PledgeWay
from shop.selectors.basket import ProvinceCharge

PACKS_ERRORS = {
    "required": lazy("写上要约几份。"),
    "invalid": lazy("份数写一个整数。"),
    "min_value": lazy("至少约 1 份。"),
    "max_value": lazy("一个手机号在这场预售里最多约 %(limit_value)s 份。"),
}


def _packs_field(most: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=lazy("份数"),
        min_value=1,
        max_value=most,
        initial=1,
        error_messages=PACKS_ERRORS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


def _way_field(ways: Sequence[PledgeWay]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=lazy("怎么付"),
        choices=[(way.value, way.label) for way in ways],
        initial=ways[0].value,
        error_messages={
            "required": lazy("选一种付法。"),
            "invalid_choice": lazy("这种付法现在不能选，换一种。"),
        },
        widget=forms.RadioSelect,
    )


def _tier_field(boxes: Sequence[PledgeTier]) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=lazy("哪一种"),
        choices=[(box.number, f"{box.title} ¥{box.price}") for box in boxes],
        initial=boxes[0].number,
        coerce=int,
        error_messages={
            "required": lazy("选一种。"),
            "invalid_choice": lazy("这一种卖完了，换一种。"),
        },
        widget=forms.RadioSelect,
    )


class PledgeForm(FulfilmentForm, ContactForm):
    """Packs, who, and how it is fetched."""

    field_order = ["packs", "name", "mobile", "fulfilment"]

    submit_key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    seen = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        most: int,
        ways: Sequence[PledgeWay] = (),
        boxes: Sequence[PledgeTier] = (),
        perishable: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["packs"] = _packs_field(most)
        if boxes:
            self.fields["tier"] = _tier_field(boxes)
        if ways:
            self.fields["way"] = _way_field(ways)
        if perishable:
            self.fields["accept_perishable"] = perishable_field()
        self.order_fields(self.field_order)

    @property
    def chosen_way(self) -> str:
        """How it is paid; empty where everything is paid on collection."""
        return str(self.cleaned_data.get("way", ""))

    @property
    def chosen_tier(self) -> int | None:
        """The number of the box, where the campaign has boxes."""
        return self.cleaned_data.get("tier")

    @property
    def perishable_confirmed(self) -> bool:
        """Whether what cannot be sent back was confirmed."""
        return bool(self.cleaned_data.get("accept_perishable"))

    def charge_label(self, one: ProvinceCharge) -> str:
        return _("%(name)s·寄 1 份 ¥%(charge)s") % {"name": one.name, "charge": one.charge}


class QueueForm(forms.Form):
    """How many packs one waits for."""

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["packs"] = _packs_field(most)


class PledgePacksForm(forms.Form):
    """Another number of packs."""

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["packs"] = _packs_field(most)


class PledgeLookupForm(OrderLookupForm):
    """The reservation's code and the mobile number it was made with."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("预约号")
        self.fields["code"].help_text = _("约好后给你的号，像 PL-7K3F9Q2X。")
        self.fields["code"].error_messages["required"] = _("写上预约号。")
        self.fields["mobile"].label = _("预约时的手机号")
        self.fields["mobile"].error_messages["required"] = _("写上预约时的手机号。")
