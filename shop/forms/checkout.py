"""The one form of checkout; also the parts that a reservation asks for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from core.words import in_english
from growers.models import Station
from notices.forms import MobileField
from shop.contact import Fulfilment, OrderTerms
from shop.forms.address import PLACE_FIELDS, ContactForm, PlaceForm
from shop.forms.fields import perishable_field
from shop.models import FulfilmentKind
from shop.order_rules import hold_until
from shop.selectors.basket import ProvinceCharge
from shop.services.baskets import MOST_PACKS

# Which fields belong to which way of getting it.
WAYS = {
    FulfilmentKind.COLLECT: ("station",),
    FulfilmentKind.DELIVERY: ("paste", *PLACE_FIELDS),
}


def clean_mobile(typed: str) -> str:
    """Eleven digits, for forms whose field is not a ``MobileField`` yet.

    Raises
    ------
    forms.ValidationError
        When it is no mobile number.
    """
    cleaned: str = MobileField().clean(typed)
    return cleaned


class PacksForm(forms.Form):
    """How many packs."""

    packs = forms.IntegerField(
        label=lazy("份数"),
        min_value=0,
        max_value=MOST_PACKS,
        initial=1,
        error_messages={
            "required": lazy("写上要几份。"),
            "invalid": lazy("份数写一个整数。"),
            "min_value": lazy("份数不能小于零。"),
            "max_value": lazy("一次最多 99 份。"),
        },
    )


class FulfilmentForm(PlaceForm):
    """How it reaches that person: a station, or an address."""

    use_required_attribute = False

    fulfilment = forms.ChoiceField(
        label=lazy("自取还是快递"),
        choices=FulfilmentKind.choices,
        initial=FulfilmentKind.COLLECT,
        widget=forms.RadioSelect,
        error_messages={
            "required": lazy("选一种拿货的办法。"),
            "invalid_choice": lazy("选一种拿货的办法。"),
        },
    )
    station = forms.ModelChoiceField(
        label=lazy("取货站点"),
        queryset=Station.objects.none(),
        error_messages={
            "required": lazy("选一个取货的站点。"),
            "invalid_choice": lazy("这个站点现在不能取货，换一个。"),
        },
    )

    def __init__(
        self,
        *args: Any,
        stations: Mapping[str, Sequence[Station]],
        provinces: Sequence[ProvinceCharge],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._offer_stations(stations)
        self.offer_places(provinces)

    def _offer_stations(self, stations: Mapping[str, Sequence[Station]]) -> None:
        field = self.fields["station"]
        keys = [station.pk for group in stations.values() for station in group]
        field.queryset = Station.objects.filter(pk__in=keys)  # type: ignore[attr-defined]
        groups: list[tuple[str, Any]] = [("", _("选一个站点"))]
        for county, group in stations.items():
            groups.append((county, [(one.pk, _station_label(one)) for one in group]))
        field.choices = groups  # type: ignore[attr-defined]

    def _clean_fields(self) -> None:
        """Only the chosen way's fields count; what stands in the other way's is left alone."""
        kind = self.data.get(self.add_prefix("fulfilment"))
        idle = {
            name: self.fields[name].required
            for way, names in WAYS.items()
            if way != kind
            for name in names
        }
        for name in idle:
            self.fields[name].required = False
        super()._clean_fields()  # type: ignore[misc]
        for name, required in idle.items():
            self.fields[name].required = required
            self.errors.pop(name, None)

    @property
    def chosen(self) -> Fulfilment:
        """What was chosen; what belongs to the other way is left out."""
        data = self.cleaned_data
        if data["fulfilment"] == FulfilmentKind.COLLECT:
            return Fulfilment.collect_at(data["station"])
        return self.destination


def _station_label(station: Station) -> str:
    if not station.address or in_english():  # the address is Chinese; the order's page says it
        return station.name
    return _("%(name)s（%(address)s）") % {"name": station.name, "address": station.address}


PAY_NOW, PAY_LATER = "now", "later"
PAY_CHOICES = (
    (PAY_NOW, lazy("现在付：银行卡、支付宝、微信")),
    (PAY_LATER, lazy("拿到货再付")),
)


class CheckoutForm(FulfilmentForm, ContactForm):
    """Checkout on one page."""

    field_order = ["name", "mobile", "fulfilment"]

    accept_perishable = perishable_field()
    pay = forms.ChoiceField(
        label=lazy("怎么付"),
        choices=PAY_CHOICES,
        initial=PAY_NOW,
        widget=forms.RadioSelect,
        error_messages={
            "required": lazy("选一种付钱的办法。"),
            "invalid_choice": lazy("选一种付钱的办法。"),
        },
    )
    voucher = forms.CharField(
        label=lazy("券号"),
        required=False,
        max_length=20,
        help_text=lazy("现在付才能用；钱由平台补，种植户一分不少。"),
    )
    use_credit = forms.BooleanField(
        label=lazy("用购物金抵"),
        required=False,
        initial=True,
        help_text=lazy("选“现在付”才抵；抵完还差的再付，够了就不用再付。"),
    )
    gift_note = forms.CharField(
        label=lazy("放一张字条"),
        required=False,
        max_length=120,
        help_text=lazy("送人的话写上，村店抄在纸上放进箱子，最多 120 个字。"),
        error_messages={"max_length": lazy("字条最多 120 个字。")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    keep_address = forms.BooleanField(label=lazy("记住这个地址，下次直接选"), required=False)
    checkout_key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    seen_goods = forms.DecimalField(widget=forms.HiddenInput)
    seen_charges = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)
    seen_credit = forms.IntegerField(required=False, widget=forms.HiddenInput)  # fen

    def __init__(
        self,
        *args: Any,
        perishable: bool,
        may_keep: bool = False,
        may_pay: bool = False,
        credit_fen: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if not may_pay:
            del self.fields["pay"], self.fields["voucher"]
        if not may_pay or not credit_fen:
            del self.fields["use_credit"]
        if not perishable:
            del self.fields["accept_perishable"]
        if not may_keep:
            del self.fields["keep_address"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("voucher") and data.get("pay") == PAY_LATER:
            self.add_error("voucher", _("拿到货再付用不了券；要用就选现在付。"))
        return data

    @property
    def pays_now(self) -> bool:
        """Whether the buyer goes to the provider's page after this one."""
        return bool(self.cleaned_data.get("pay") == PAY_NOW)

    @property
    def shows_payment_now(self) -> bool:
        """Whether paying at once is chosen in the form as it is shown, checked or not."""
        return "pay" in self.fields and self["pay"].value() == PAY_NOW

    @property
    def credit_fen(self) -> int:
        """Fen of credit the buyer saw and wants to put in first; nought for none."""
        wants = self.pays_now and self.cleaned_data.get("use_credit")
        return self.cleaned_data.get("seen_credit") or 0 if wants else 0

    def terms(self, *, at: datetime) -> OrderTerms:
        """What is agreed with the order beside goods and place."""
        data = self.cleaned_data
        return OrderTerms(
            hold_until=hold_until(at) if self.pays_now else None,
            perishable_confirmed=bool(data.get("accept_perishable")),
            gift_note=data.get("gift_note", ""),
        )
