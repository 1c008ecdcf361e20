"""What buyers and shops type after an order is paid: returns, refunds, invoices."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from core.uploads import Photo, PhotoField
from shop.forms.fields import clean_line
from shop.models import Invoice, InvoiceKind, ReturnKind
from shop.selectors.returns import LineRight

PHOTOS = ("photo_1", "photo_2", "photo_3")


class ReturnForm(forms.Form):
    """Which line, how many packs and why."""

    line = forms.ChoiceField(
        label=lazy("退哪一样"),
        widget=forms.RadioSelect,
        error_messages={
            "required": lazy("选一样要退的。"),
            "invalid_choice": lazy("选一样要退的。"),
        },
    )
    packs = forms.IntegerField(
        label=lazy("退几份"),
        min_value=1,
        initial=1,
        error_messages={
            "required": lazy("写上退几份。"),
            "invalid": lazy("份数写一个整数。"),
            "min_value": lazy("至少退 1 份。"),
        },
    )
    kind = forms.ChoiceField(
        label=lazy("为什么退"), choices=ReturnKind.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=lazy("说两句"),
        required=False,
        max_length=300,
        help_text=lazy("坏了的写哪里坏、几份，下面放照片。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    photo_1 = PhotoField(label=lazy("第一张照片"), required=False)
    photo_2 = PhotoField(label=lazy("第二张照片"), required=False, help_text="")
    photo_3 = PhotoField(label=lazy("第三张照片"), required=False, help_text="")

    def __init__(self, *args: Any, rights: Sequence[LineRight], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"].choices = [  # type: ignore[attr-defined]
            (str(one.line.pk), _line_title(one.line, one.packs)) for one in rights if one.is_open
        ]

    @property
    def photo_fields(self) -> list[forms.BoundField]:
        """The fields for photographs, as the page shows them."""
        return [self[name] for name in PHOTOS]

    @property
    def photos(self) -> list[Photo]:
        """Those that were sent."""
        return [photo for name in PHOTOS if (photo := self.cleaned_data.get(name))]


def _line_title(line: Any, packs: int) -> str:
    title = line.product.listing.title if line.product else line.title
    return _("%(title)s，%(packs)d 份") % {"title": title, "packs": packs}


class CancelLinesForm(forms.Form):
    """Which lines of an order the shop cannot send, and why."""

    lines = forms.MultipleChoiceField(
        label=lazy("取消哪几样"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": lazy("勾上要取消的货。"),
            "invalid_choice": lazy("勾上要取消的货。"),
        },
    )
    reason = forms.CharField(
        label=lazy("为什么取消"),
        max_length=200,
        help_text=lazy("买家看得到。"),
        error_messages={
            "required": lazy("写上为什么取消，买家看得到。"),
            "max_length": lazy("最多 200 个字。"),
        },
    )

    def __init__(self, *args: Any, lines: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["lines"]
        field.choices = [(str(line.pk), _line_title(line, line.quantity)) for line in lines]  # type: ignore[attr-defined]
        field.initial = [str(line.pk) for line in lines]

    def clean_reason(self) -> str:
        return clean_line(self.cleaned_data["reason"])


class AnswerForm(forms.Form):
    """What the shop says to a return."""

    accept = forms.ChoiceField(
        label=lazy("收不收"),
        choices=(("yes", lazy("同意退")), ("no", lazy("不同意"))),
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=lazy("怎么退，或者为什么不退"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RefundForm(forms.Form):
    """How much goes back to the buyer, and why."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    amount = forms.DecimalField(
        label=lazy("退多少元"),
        min_value=Decimal("0.01"),
        decimal_places=2,
        max_digits=10,
        error_messages={
            "required": lazy("写上退多少元。"),
            "invalid": lazy("只写数字，比如 58.00。"),
            "min_value": lazy("至少退 0.01 元。"),
            "max_decimal_places": lazy("最多写到分。"),
        },
    )
    reason = forms.CharField(
        label=lazy("为什么退"),
        max_length=200,
        help_text=lazy("买家看得到。"),
        error_messages={"required": lazy("退款要写原因，买家看得到。")},
    )


class InvoiceForm(forms.ModelForm):  # type: ignore[type-arg]
    """To whom the invoice is made out, and where it is sent."""

    class Meta:
        model = Invoice
        fields = ["kind", "title", "tax_number", "email"]
        labels = {
            "kind": lazy("开给谁"),
            "title": lazy("抬头"),
            "tax_number": lazy("税号"),
            "email": lazy("发到哪个邮箱"),
        }
        help_texts = {"tax_number": lazy("单位才要填：18 位统一社会信用代码。")}
        widgets = {"kind": forms.RadioSelect}
        error_messages = {
            "title": {"required": lazy("写上抬头。")},
            "email": {
                "required": lazy("写上邮箱，发票发到那里。"),
                "invalid": lazy("邮箱看着不对，像 name@example.com 这样。"),
            },
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = InvoiceKind.choices  # type: ignore[attr-defined]  # without a blank
        self.fields["kind"].initial = InvoiceKind.PERSON

    def clean_title(self) -> str:
        return clean_line(self.cleaned_data["title"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("kind") == InvoiceKind.COMPANY and not data.get("tax_number"):
            self.add_error("tax_number", _("开给单位要填税号。"))
        return data

    def _post_clean(self) -> None:
        """The service writes the row, and the database holds its rules."""


class IssueForm(forms.Form):
    """The number of an invoice that was issued."""

    number = forms.CharField(
        label=lazy("发票号码"),
        max_length=30,
        error_messages={"required": lazy("写上发票号码。")},
    )


class CorrectionForm(IssueForm):
    """The number of a correcting invoice, and the amount as its writer read it."""

    amount = forms.IntegerField(required=False)  # the page writes it anew each time

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["number"]
        field.label = _("红字发票号码")
        field.error_messages["required"] = _("写上红字发票号码。")
