"""Oscar's availability policy, answered by season state and free packs."""

from django.utils.translation import gettext as _
from oscar.apps.partner.availability import Base

from shop.availability import Availability


class InSeason(Base):
    """Can be bought when the listing is published, in season and has free packs."""

    def __init__(self, answer: Availability) -> None:
        self.answer = answer
        self.code = "instock" if answer.can_buy else "outofstock"
        self.message = answer.reason or _("现在有货")

    def is_purchase_permitted(self, quantity: int) -> tuple[bool, str]:
        """Whether so many packs may be bought, and the sentence that says why not."""
        if not self.answer.can_buy:
            return False, self.answer.reason
        if quantity > self.answer.free_packs:
            text = _("只剩 %(left)d 份，请改一下份数。")
            return False, text % {"left": self.answer.free_packs}
        return True, ""
