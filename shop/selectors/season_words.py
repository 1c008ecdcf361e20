"""What a listing's page says of its season and of keeping it."""

from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from harvest_calendar.models import Crop
from shop.models import Listing, SeasonState
from shop.selectors.storefront import near_day

YEAR_ROUND = timedelta(days=340)  # what lays or is kept all year has no season to wait for


def is_year_round(listing: Listing) -> bool:
    """Whether the season never ends."""
    start, end = listing.season_start_on, listing.season_end_on
    return start is not None and end is not None and end - start >= YEAR_ROUND


def season_headline(listing: Listing, *, on: date) -> str:
    """The finding above the season strip."""
    start, end = listing.season_start_on, listing.season_end_on
    if start is None or end is None:
        return _("还没有往年的采收记录")
    if is_year_round(listing):
        return _("全年都有")
    if start <= on <= end:
        return _("这一茬采到%(day)s") % {"day": near_day(end, on=on)}
    if on < start:
        return _("%(day)s前后开采") % {"day": near_day(start, on=on)}
    return _("这一茬%(day)s采完了") % {"day": near_day(end, on=on)}


def season_note(listing: Listing, *, on: date) -> str:
    """One sentence under the headline."""
    start, end = listing.season_start_on, listing.season_end_on
    if start is None or end is None:
        return _("日子定了就画在这里。")
    if is_year_round(listing):
        return _("不分季节，一年到头都在收。")
    if start <= on <= end:
        return _days_left((end - on).days + 1)
    if on < start:
        return _days_to_go((start - on).days)
    if listing.season_state == SeasonState.DORMANT:
        return _("等下一茬，日子定了就画在这里。")
    return _("现在卖的是采收后存下的，卖完要等下一季。")


def _days_left(days: int) -> str:
    said = ngettext(
        "还剩 %(days)d 天，再往后要等下一季。", "还剩 %(days)d 天，再往后要等下一季。", days
    )
    return said % {"days": days}


def _days_to_go(days: int) -> str:
    said = ngettext(
        "还有 %(days)d 天。日子跟着天气走，挪了会写明原因。",
        "还有 %(days)d 天。日子跟着天气走，挪了会写明原因。",
        days,
    )
    return said % {"days": days}


def storage_line(crop: Crop) -> str:
    """How to keep it and for how long: ``0—4℃，约 5 天``."""
    parts = []
    low, high = crop.store_temp_min_c, crop.store_temp_max_c
    if low is not None and high is not None:
        parts.append(_("%(low)g—%(high)g℃ 存放") % {"low": low, "high": high})
    if crop.shelf_life_days:
        parts.append(_shelf_life(crop.shelf_life_days))
    return _("，").join(parts)


def _shelf_life(days: int) -> str:
    if days >= 60:
        return _("约 %(months)d 个月") % {"months": round(days / 30)}
    return ngettext("约 %(days)d 天", "约 %(days)d 天", days) % {"days": days}
