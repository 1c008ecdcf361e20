"""The one form of checkout; also the parts that a reservation asks for."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from growers.models import Station
from shop.contact import Contact, Fulfilment
from shop.models import FulfilmentKind
from shop.selectors.basket import ProvinceCharge
from shop.services.baskets import MOST_PACKS

# Which fields belong to which way of getting it.
WAYS = {
    FulfilmentKind.COLLECT: ("station",),
    FulfilmentKind.DELIVERY: ("province_code", "city", "address"),
}
MOBILE = re.compile(r"1[3-9]\d{9}")


def clean_mobile(typed: str) -> str:
    """A mainland mobile number without spaces, dashes or country code.

    Raises
    ------
    forms.ValidationError
        When it is not one.
    """
    digits = re.sub(r"[\s\-—]", "", typed)
    digits = re.sub(r"^(\+86|0086|86)(?=1\d{10}$)", "", digits)
    if not MOBILE.fullmatch(digits):
        raise forms.ValidationError(_("手机号是 11 位数字，1 开头。"))
    return digits


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


class ContactForm(forms.Form):
    """Who fetches it."""

    name = forms.CharField(
        label=lazy("收货人"),
        max_length=40,
        error_messages={"required": lazy("写上收货人的名字，取货时要核对。")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    mobile = forms.CharField(
        label=lazy("手机号"),
        max_length=20,
        help_text=lazy("到货会打这个电话，查订单也用它。"),
        error_messages={"required": lazy("写上手机号，到货好通知你。")},
        widget=forms.TextInput(
            attrs={"autocomplete": "tel-national", "inputmode": "tel", "type": "tel"}
        ),
    )
    email = forms.EmailField(
        label=lazy("电子邮箱"),
        required=False,
        max_length=254,
        error_messages={"invalid": lazy("邮箱写成 name@example.com 这样，也可以空着。")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_mobile(self) -> str:
        return clean_mobile(self.cleaned_data["mobile"])

    @property
    def contact(self) -> Contact:
        data = self.cleaned_data
        return Contact(name=data["name"], mobile=data["mobile"], email=data["email"])


class FulfilmentForm(forms.Form):
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
    province_code = forms.ChoiceField(
        label=lazy("省份"),
        error_messages={
            "required": lazy("选一个省份，运费按省份算。"),
            "invalid_choice": lazy("这个省份现在寄不到，换一个或者自取。"),
        },
    )
    city = forms.CharField(
        label=lazy("市、县区"),
        max_length=40,
        error_messages={"required": lazy("写上市和县区。")},
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    address = forms.CharField(
        label=lazy("详细地址"),
        max_length=160,
        error_messages={"required": lazy("写上街道、小区和门牌。")},
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
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
        self._offer_provinces(provinces)

    def _offer_stations(self, stations: Mapping[str, Sequence[Station]]) -> None:
        field = self.fields["station"]
        keys = [station.pk for group in stations.values() for station in group]
        field.queryset = Station.objects.filter(pk__in=keys)  # type: ignore[attr-defined]
        groups: list[tuple[str, Any]] = [("", _("选一个站点"))]
        for county, group in stations.items():
            groups.append((county, [(one.pk, _station_label(one)) for one in group]))
        field.choices = groups  # type: ignore[attr-defined]

    def _offer_provinces(self, provinces: Sequence[ProvinceCharge]) -> None:
        rows = [(one.code, _province_label(one)) for one in provinces]
        self.fields["province_code"].choices = [  # type: ignore[attr-defined]
            ("", _("选一个省份")),
            *rows,
        ]

    def _clean_fields(self) -> None:
        """Only the chosen way's fields count; what stands in the other way's is left alone."""
        kind = self.data.get(self.add_prefix("fulfilment"))
        idle = [name for way, names in WAYS.items() if way != kind for name in names]
        for name in idle:
            self.fields[name].required = False
        super()._clean_fields()  # type: ignore[misc]
        for name in idle:
            self.fields[name].required = True
            self.errors.pop(name, None)

    @property
    def chosen(self) -> Fulfilment:
        """What was chosen; what belongs to the other way is left out."""
        data = self.cleaned_data
        if data["fulfilment"] == FulfilmentKind.COLLECT:
            return Fulfilment.collect_at(data["station"])
        return Fulfilment.deliver_to(
            province_code=data["province_code"], city=data["city"], address=data["address"]
        )


def _station_label(station: Station) -> str:
    return f"{station.name}（{station.address}）" if station.address else station.name


def _province_label(one: ProvinceCharge) -> str:
    text = _("%(name)s·运费 ¥%(charge)s")
    return text % {"name": one.name, "charge": one.charge}


class CheckoutForm(FulfilmentForm, ContactForm):
    """Checkout on one page."""

    field_order = ["name", "mobile", "email", "fulfilment"]

    accept_perishable = forms.BooleanField(
        label=lazy("鲜活易腐，签收后不能无理由退；坏了照赔，我知道了"),
        error_messages={"required": lazy("有鲜货，要先勾上这一条。")},
    )
    checkout_key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    seen_goods = forms.DecimalField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, perishable: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not perishable:
            del self.fields["accept_perishable"]
