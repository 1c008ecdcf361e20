"""Making a voucher: what does not fit is said beside its field."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from shop.models import Voucher


class VoucherForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """What platform staff type; the database holds the same rules."""

    class Meta:
        model = Voucher
        fields = ["code", "amount", "least_goods", "valid_from", "valid_to", "most_uses", "note"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        amount, least = data.get("amount"), data.get("least_goods")
        first, last = data.get("valid_from"), data.get("valid_to")
        most = data.get("most_uses")
        if amount is not None and amount <= 0:
            self.add_error("amount", _("券面要大于零。"))
        elif amount is not None and least is not None and least <= amount:
            self.add_error("least_goods", _("山货满多少才能用，要比券面多。"))
        if first and last and last < first:
            self.add_error("valid_to", _("结束的日子不能早于开始的。"))
        if most is not None and most < self.instance.used:
            used = _("已经用了 %(n)d 次，次数不能比这少。") % {"n": self.instance.used}
            self.add_error("most_uses", used)
        return data
