"""What an operator says of a listing: a draft's facts, price and words, and its proof."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from core.templatetags.shanhuo import kg, yuan
from core.uploads import PhotoField
from harvest_calendar.models import Grade, ProductForm, Variety
from shop.forms.fields import WordsField, clean_line, for_everybody
from shop.models import ProofKind
from shop.price_rules import floor_price

MOST_DESCRIPTION = 1000  # characters
FIRST_YEAR = 2000  # no proof on paper is older; a slip of the key makes the year 26 or 206
LONGEST = timedelta(days=36_525)  # nor is one good for longer than a hundred years
PRICE_ERRORS = {
    "required": lazy("写上每份的价格。"),
    "invalid": lazy("价格写成 88 或 88.50 这样。"),
    "min_value": lazy("价格要大于 0。"),
    "max_decimal_places": lazy("价格最多两位小数。"),
    "max_digits": lazy("价格太大了。"),
    "max_whole_digits": lazy("价格太大了。"),
}


class PriceForm(forms.Form):
    """Price and words; never below the floor."""

    price = forms.DecimalField(
        label=lazy("每份价格"),
        min_value=Decimal("0.01"),
        max_digits=8,
        decimal_places=2,
        error_messages=PRICE_ERRORS,
    )
    description = WordsField(
        most=MOST_DESCRIPTION, label=lazy("怎么种、怎么收、怎么吃"), required=False
    )

    def __init__(self, *args: Any, form: ProductForm, pack_weight_g: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.product_form = form
        self.usual_pack_g = pack_weight_g
        floor = floor_price(form, pack_weight_g)
        if floor:
            self.fields["price"].help_text = _("保底价 %(floor)s，%(pack)s。") % {
                "floor": yuan(floor),
                "pack": kg(pack_weight_g),
            }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        price = data.get("price")
        floor = floor_price(self.product_form, data.get("pack_weight_g") or self.usual_pack_g)
        if price is not None and price < floor:
            self.add_error("price", _("低于保底价 %(floor)s。") % {"floor": yuan(floor)})
        return data


class DraftForm(PriceForm):
    """A draft from the calendar: grade, variety, pack, price and words."""

    field_order = ["grade", "variety", "pack_weight_g", "price", "description"]

    grade = forms.ModelChoiceField(
        label=lazy("等级"),
        queryset=Grade.objects.none(),
        required=False,
        empty_label=lazy("不分等级"),
        error_messages={"invalid_choice": lazy("选一个这种货有的等级。")},
    )
    variety = forms.ModelChoiceField(
        label=lazy("品种"),
        queryset=Variety.objects.none(),
        required=False,
        empty_label=lazy("不写品种"),
        error_messages={"invalid_choice": lazy("选一个这种货有的品种。")},
    )
    pack_weight_g = forms.TypedChoiceField(
        label=lazy("每份多重"),
        coerce=int,
        error_messages={
            "required": lazy("选一个规格。"),
            "invalid_choice": lazy("选一个列出来的规格。"),
        },
    )

    def __init__(self, *args: Any, form: ProductForm, pack_weight_g: int, **kwargs: Any) -> None:
        super().__init__(*args, form=form, pack_weight_g=pack_weight_g, **kwargs)
        self.fields["grade"].queryset = form.crop.grades.order_by("rank")  # type: ignore[attr-defined]
        self.fields["variety"].queryset = form.crop.varieties.all()  # type: ignore[attr-defined]
        sizes = sorted({*form.crop.pack_sizes_g, pack_weight_g})
        self.fields["pack_weight_g"].choices = [  # type: ignore[attr-defined]
            (size, _pack_label(form, size)) for size in sizes
        ]


def _pack_label(form: ProductForm, size: int) -> str:
    floor = floor_price(form, size)
    if not floor:
        return kg(size)
    return _("%(pack)s·保底价 %(floor)s") % {"pack": kg(size), "floor": yuan(floor)}


class ProofForm(forms.Form):
    """A proof on paper, put on record by its number."""

    number = forms.CharField(
        label=lazy("编号"),
        max_length=60,
        help_text=lazy("照着纸上抄。自产自销声明没有编号的，写村里登记的号。"),
        error_messages={
            "required": lazy("写上证明的编号。"),
            "max_length": lazy("编号最多 60 个字。"),
        },
    )
    issued_on = forms.DateField(
        label=lazy("哪天开的"),
        error_messages={
            "required": lazy("选开证明的日子。"),
            "invalid": lazy("日期写成 2026-08-01 这样。"),
        },
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    valid_to = forms.DateField(
        label=lazy("有效到"),
        required=False,
        help_text=lazy("证明上没写就空着。"),
        error_messages={"invalid": lazy("日期写成 2027-08-01 这样。")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    scan = PhotoField(
        label=lazy("证明的照片"),
        error_messages={"required": lazy("把证明拍下来，选那张照片。")},
    )

    def __init__(self, *args: Any, kind: ProofKind, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.on = on

    def clean_number(self) -> str:
        number = clean_line(self.cleaned_data["number"])
        if not number:
            raise forms.ValidationError(_("写上证明的编号。"), code="required")
        return number

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        issued, valid_to = data.get("issued_on"), data.get("valid_to")
        if issued and issued > self.on:
            self.add_error("issued_on", _("开证明的日子还没到。"))
        if issued and issued.year < FIRST_YEAR:
            self.add_error("issued_on", _("年份太早了，对着证明再看一眼。"))
        if valid_to and valid_to - self.on > LONGEST:
            self.add_error("valid_to", _("年份太远了，对着证明再看一眼；长期有效就空着。"))
        elif issued and valid_to and valid_to < issued:
            self.add_error("valid_to", _("有效期早于开证明的日子。"))
        elif valid_to and valid_to < self.on:
            self.add_error("valid_to", _("这份证明已经过期，换一份新的。"))
        return data


class PictureForm(forms.Form):
    """A photograph of the goods."""

    photo = PhotoField(label=lazy("照片"))
    caption = forms.CharField(
        label=lazy("写一句"),
        required=False,
        max_length=60,
        help_text=lazy("比如“高坡上今天采的”。别写人名和电话。"),
        error_messages={"max_length": lazy("最多 60 个字。")},
    )

    def clean_caption(self) -> str:
        return for_everybody(" ".join(self.cleaned_data["caption"].split()))
