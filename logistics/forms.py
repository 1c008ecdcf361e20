"""What people at the station, in the store room and at the hand-over type."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from contracts.models import Contract
from core.errors import PlatformError
from core.templatetags.shanhuo import day_full, kg
from core.units import GRAMS_PER_KG
from core.words import local
from growers.models import Cooperative, Hub
from harvest_calendar.models import Grade, ProductForm
from logistics.models import Lot, LotBalance, Place, PlaceKind, ProcessKind
from shop.models import PaymentMeans

MOST_KG = 20_000


class KgField(forms.DecimalField):
    """Kilograms as read off the scale, to the gram; cleaned to whole grams."""

    default_error_messages = {
        "required": _("写上多少公斤。"),
        "invalid": _("只写数字，比如 22.5。"),
        "min_value": _("不能小于 0。"),
        "max_value": _("一次最多 20000 公斤，看看小数点。"),
        "max_decimal_places": _("最多写到克，小数点后三位。"),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", 0)
        super().__init__(max_value=MOST_KG, decimal_places=3, **kwargs)
        self.widget.attrs.update({"inputmode": "decimal", "step": "0.001"})

    def clean(self, value: Any) -> Any:
        if "_" in str(value):  # Python would read 1_0 as ten
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        cleaned = super().clean(value)
        return None if cleaned is None else int(cleaned * GRAMS_PER_KG)


class RefusableForm(forms.Form):
    """Shows a service's error beside the field it belongs to."""

    def refuse(self, error: PlatformError) -> None:
        """Put the error beside its field, or at the top when it has none."""
        field = getattr(error, "field", "")
        self.add_error(field if field in self.fields else None, str(error))


class OnceForm(RefusableForm):
    """Carries a key made with the page, so that sending it twice does it once."""

    key = forms.CharField(max_length=60, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid4().hex


class WeighForm(OnceForm):
    gross = KgField(label=_("毛重（公斤）"), help_text=_("连筐带袋一起称"))
    tare = KgField(label=_("皮重（公斤）"), help_text=_("空筐、空袋的重量"))
    grade = forms.ChoiceField(label=_("等级"), required=False)
    regrade_reason = forms.CharField(
        label=_("为什么不是合同的等级"), required=False, max_length=120
    )
    harvested_on = forms.DateField(
        label=_("哪天采的"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = list(
            Grade.objects.filter(crop=contract.form.crop).values_list("name_zh", flat=True)
        )
        if not names:
            del self.fields["grade"], self.fields["regrade_reason"]
            return
        listed = [(name, local(name)) for name in names]
        blank = [] if contract.grade else [("", _("不分级"))]
        self.fields["grade"].required = bool(contract.grade)
        self.fields["grade"].choices = blank + listed  # type: ignore[attr-defined]
        self.fields["grade"].initial = contract.grade


class HandOverForm(RefusableForm):
    amount = forms.DecimalField(label=_("收到多少元"), min_value=0, decimal_places=2)
    means = forms.ChoiceField(
        label=_("怎么收的"), choices=PaymentMeans.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, is_paid: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_paid:  # through us: nothing is taken at the door
            del self.fields["amount"], self.fields["means"]


class ProcessForm(OnceForm):
    kind = forms.ChoiceField(
        label=_("做什么"), choices=ProcessKind.choices, widget=forms.RadioSelect
    )
    lots = forms.MultipleChoiceField(
        label=_("用哪些批次"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("整批投入，要放在同一个地方"),
    )
    output_form = forms.ModelChoiceField(
        label=_("做成什么"),
        queryset=ProductForm.objects.none(),
        to_field_name="key",
        empty_label=_("请选择"),
    )
    output_grade = forms.ChoiceField(label=_("做成的等级"), required=False)
    output = KgField(label=_("产出（公斤）"))
    loss = KgField(label=_("损耗（公斤）"), help_text=_("投入等于产出加损耗，差一克都不记"))

    def __init__(self, *args: Any, balances: Iterable[LotBalance], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = list(balances)
        self.balances = {f"{row.lot.code}@{row.place.code}": row for row in rows}
        self.fields["lots"].choices = [  # type: ignore[attr-defined]
            (value, _label(row)) for value, row in self.balances.items()
        ]
        kin = {crop for row in rows for crop in (row.lot.form.crop_id, row.lot.form.raw_crop_id)}
        made = ProductForm.objects.filter(crop__in=kin) | ProductForm.objects.filter(
            raw_crop__in=kin
        )
        made = made.distinct()
        self.fields["output_form"].queryset = made  # type: ignore[attr-defined]
        names = Grade.objects.filter(crop__in=made.values("crop")).order_by("rank", "name_zh")
        listed = dict.fromkeys(names.values_list("name_zh", flat=True))
        self.fields["output_grade"].choices = [  # type: ignore[attr-defined]
            ("", _("不分级")),
            *((name, local(name)) for name in listed),
        ]

    def clean_lots(self) -> list[LotBalance]:
        """The chosen batches, all at one place."""
        chosen = [self.balances[value] for value in self.cleaned_data["lots"]]
        if len({row.place_id for row in chosen}) > 1:
            raise forms.ValidationError(_("一次加工的批次要放在同一个地方。"))
        return chosen


class LotForm(OnceForm):
    """Grams of one lot at one of the places where it lies."""

    place = forms.ModelChoiceField(
        label=_("从哪儿"), queryset=Place.objects.none(), to_field_name="code", empty_label=None
    )
    weight = KgField(label=_("多少（公斤）"))

    def __init__(self, *args: Any, lot: Lot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Place.objects.filter(balances__lot=lot, balances__weight_g__gt=0)
        self.fields["place"].queryset = self.narrowed(  # type: ignore[attr-defined]
            places.select_related("station", "hub")
        )

    def narrowed(self, places: QuerySet[Place]) -> QuerySet[Place]:
        """The places this step may start from."""
        return places


class CarryForm(LotForm):
    hub = forms.ModelChoiceField(
        label=_("送到哪个仓"), queryset=Hub.objects.none(), to_field_name="code", empty_label=None
    )

    def __init__(self, *args: Any, lot: Lot, **kwargs: Any) -> None:
        super().__init__(*args, lot=lot, **kwargs)
        here = Place.objects.filter(balances__lot=lot, balances__weight_g__gt=0)
        linked = Hub.objects.filter(links__station__place__in=here).distinct()
        self.fields["hub"].queryset = linked  # type: ignore[attr-defined]

    def narrowed(self, places: QuerySet[Place]) -> QuerySet[Place]:
        return places.filter(kind=PlaceKind.STATION)


class BatchForm(RefusableForm):
    """Which cooperative pays, and slips due by which day."""

    cooperative = forms.ModelChoiceField(
        label=_("哪家合作社"), queryset=Cooperative.objects.none(), to_field_name="code"
    )
    until = forms.DateField(
        label=_("付到哪天到期的过秤单"),
        help_text=_("订单里已经卖掉的，不管哪天到期都付。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("选一天。"), "invalid": _("日子写成 2026-09-30 这样。")},
    )

    def __init__(self, *args: Any, cooperatives: QuerySet[Cooperative], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["cooperative"]
        field.queryset = cooperatives  # type: ignore[attr-defined]
        codes = list(cooperatives.values_list("code", flat=True)[:2])
        if len(codes) == 1:  # nothing to choose
            field.initial, field.widget = codes[0], forms.HiddenInput()


class SpoilForm(LotForm):
    why = forms.CharField(label=_("为什么报损"), max_length=60)


def _label(row: LotBalance) -> str:
    lot = row.lot
    parts = [lot.code, lot.form.name, local(lot.grade), kg(row.weight_g), row.place.name]
    return "·".join([*filter(None, parts), str(_("%s到期")) % day_full(row.lot.expires_on)])
