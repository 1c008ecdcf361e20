"""Where a parcel goes: province, city, county and street, picked, or read from a pasted lump."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from core.mobile import mask_mobile
from notices.forms import MobileField
from shop.contact import Contact, Fulfilment
from shop.divisions import divisions, parts_of, provinces, shown_name
from shop.forms.fields import NotedSelect, clean_line
from shop.models import SavedAddress
from shop.pasted import MOST_CHARACTERS, Pasted, read_pasted
from shop.place_search import full_place
from shop.selectors.basket import ProvinceCharge

PLACE_FIELDS = ("province_code", "city_code", "county_code", "address")


class ContactForm(forms.Form):
    """Who fetches it."""

    name = forms.CharField(
        label=lazy("收货人"),
        max_length=40,
        error_messages={
            "required": lazy("写上收货人的名字，取货时要核对。"),
            "max_length": lazy("名字最多 40 个字。"),
        },
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    mobile = MobileField(
        help_text=lazy("到货会打这个电话，查订单也用它。"),
        error_messages={
            "required": lazy("写上手机号，到货好通知你。"),
            "max_length": lazy("手机号是 11 位数字，1 开头。"),
        },
    )

    def clean_name(self) -> str:
        name = clean_line(self.cleaned_data["name"])
        if not any(one.isalnum() for one in name):
            raise forms.ValidationError(_("写上收货人的名字，取货时要核对。"))
        return name

    @property
    def contact(self) -> Contact:
        return Contact(name=self.cleaned_data["name"], mobile=self.cleaned_data["mobile"])


class PlaceForm(forms.Form):
    """Province, city, county and street; the lists below a province follow what is chosen.

    ``kept`` are addresses its owner may choose from, ``said`` what a helping button just did.
    """

    kept: Sequence[SavedAddress] = ()
    said = ""
    paste = forms.CharField(
        label=lazy("有现成的地址？整段粘进来"),
        required=False,
        max_length=MOST_CHARACTERS,
        help_text=lazy("姓名、手机号、地址粘在一起，顺序不论，点“认一认”就分好了。"),
        error_messages={"max_length": lazy("最多 400 个字，只留姓名、手机号和地址。")},
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    province_code = forms.ChoiceField(
        label=lazy("省份"),
        error_messages={
            "required": lazy("选一个省份，运费按省份算。"),
            "invalid_choice": lazy("这个省份现在寄不到，换一个或者自取。"),
        },
        widget=NotedSelect(attrs={"autocomplete": "address-level1"}),
    )
    city_code = forms.CharField(
        label=lazy("市、州"),
        required=False,
        widget=forms.Select(attrs={"autocomplete": "address-level2"}),
    )
    county_code = forms.ChoiceField(
        label=lazy("县、区"),
        error_messages={
            "required": lazy("选一下县区，快递要按县区送。"),
            "invalid_choice": lazy("这个县区不在选好的省市里，重新选一下。"),
        },
        widget=forms.Select(attrs={"autocomplete": "address-level3"}),
    )
    address = forms.CharField(
        label=lazy("详细地址"),
        max_length=160,
        error_messages={
            "required": lazy("写上街道、小区和门牌。"),
            "max_length": lazy("详细地址最多 160 个字，留街道、小区和门牌就够。"),
        },
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "street-address"}),
    )

    def offer_places(self, charges: Sequence[ProvinceCharge]) -> None:
        """Fill the three lists; a province without a charge is shown closed."""
        served = {one.code: one for one in charges}
        field = self.fields["province_code"]
        field.choices = [  # type: ignore[attr-defined]
            ("", _("选一个省份")),
            *((one.code, self._province_label(one.code, served)) for one in provinces()),
        ]
        field.widget.closed = {one.code for one in provinces() if one.code not in served}
        field.widget.notes = {
            code: {"data-name": one.name, "data-charge": str(one.charge)}
            for code, one in served.items()
        }
        self._served = served
        self._offer_below(self._now("province_code"), self._now("city_code"))

    def _now(self, name: str) -> str:
        return str(self[name].value() or "")

    def _province_label(self, code: str, served: Mapping[str, ProvinceCharge]) -> str:
        if code not in served:
            return _("%(name)s·现在寄不到") % {"name": shown_name(code)}
        return self.charge_label(served[code])

    def charge_label(self, one: ProvinceCharge) -> str:
        """A province in the list with what sending there costs."""
        return _("%(name)s·运费 ¥%(charge)s") % {"name": one.name, "charge": one.charge}

    def _offer_below(self, province: str, city: str) -> None:
        cities = parts_of(province) if len(province) == 2 else ()
        chosen = [one for one in cities if one.code == city]
        counties = [(one.shown, [(c.code, c.shown) for c in parts_of(one.code)]) for one in cities]
        if chosen:
            counties = [(chosen[0].shown, [(c.code, c.shown) for c in parts_of(city)])]
        self.fields["city_code"].widget.choices = [
            ("", _("选一个市、州") if cities else _("先选省份")),
            *((one.code, one.shown) for one in cities),
        ]
        self.fields["county_code"].choices = [  # type: ignore[attr-defined]
            ("", _("选一个县、区") if cities else _("先选省份")),
            *(counties[0][1] if len(counties) == 1 else counties),
        ]

    def clean_province_code(self) -> str:
        code: str = self.cleaned_data["province_code"]
        if code and code not in self._served:
            raise forms.ValidationError(
                self.fields["province_code"].error_messages["invalid_choice"]
            )
        return code

    def clean_address(self) -> str:
        return clean_line(self.cleaned_data["address"])

    @property
    def has_unread_paste(self) -> bool:
        """Something was pasted, and no county is chosen yet."""
        return bool(self._now("paste").strip()) and not self._now("county_code")

    @property
    def destination(self) -> Fulfilment:
        """What was picked."""
        data = self.cleaned_data
        return Fulfilment.deliver_to_county(
            county_code=data["county_code"], address=data["address"]
        )


def read_into(typed: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """What was typed, with the pasted lump read into its fields, and a sentence that says so."""
    found = read_pasted(str(typed.get("paste", "")))
    values = dict(typed)
    for name in ("name", "mobile", "address"):
        if getattr(found, name):
            values[name] = getattr(found, name)
    if found.province_code or found.could_be:
        values |= {name: getattr(found, name) for name in PLACE_FIELDS[:3]}
    if found != Pasted():
        values["paste"] = ""
    return values, said_of(found)


def said_of(found: Pasted) -> str:
    """What was understood and what is still to do, in a sentence or two."""
    if found == Pasted():
        return _("还没有粘地址，先把整段地址粘到上面。")
    place = full_place(found.county_code or found.city_code or found.province_code)
    mobile = mask_mobile(found.mobile) if found.mobile else ""
    known = [word for word in (found.name, mobile, place) if word]
    if found.could_be:
        county = divisions()[found.could_be[0]].name
        places = _("、").join(full_place(code) for code in found.could_be)
        return _("叫“%(county)s”的不止一个：%(places)s。在下面选一个。") % {
            "county": county,
            "places": places,
        }
    if not known:
        return _("没认出省、市、县区，请在下面选；写的字都放进了详细地址。")
    heard = _("认出来了：%(known)s。") % {"known": _("，").join(known)}
    if not found.county_code:
        return heard + _("没认出是哪个县区，请在下面选；别的字都放进了详细地址。")
    return heard + _("核对一下，没认出来的字都放进了详细地址。")
