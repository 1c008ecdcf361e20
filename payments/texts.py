"""The messages payments itself sends; what a payment was for is told by its owner."""

import json
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from notices import texts
from notices.services import send_notice
from payments.models import Payment

SURPLUS = "payments.surplus"


def register() -> None:
    """Add them to the registry."""
    texts.register(
        SURPLUS,
        _("【山货】“%(what)s”的付款 ¥%(amount)s 到得晚了，已经原路退回，不用做什么。"),
        sample={"what": "高坡花椒 3 袋", "amount": "128.00"},
    )


def tell_of_surplus(payment: Payment, *, at: datetime) -> None:
    """Money came that was not wanted any more, and is on its way back."""
    mobile = json.loads(payment.payer_contact)["mobile"]
    if not mobile:
        return
    n = payment.refunds.filter(part__isnull=True).count()
    send_notice(
        key=f"payments:surplus:{payment.code}:{n}",
        mobile=mobile,
        template=SURPLUS,
        context={"what": payment.description, "amount": f"{payment.amount / 100:.2f}"},
        language=payment.language,
        at=at,
    )
