"""Errors of forecasting.

PlatformError
└── NotAllowed
    └── NothingToForecast   an area has no campaign, order or sale yet
"""

from django.utils.translation import gettext as _

from core.errors import NotAllowed


class NothingToForecast(NotAllowed):
    """An area has no campaign, order or sale to forecast from."""

    def __init__(self, *, area: str) -> None:
        super().__init__(_("%(area)s还没有预售、订单或销售，没有什么可以预测。") % {"area": area})
        self.area = area
