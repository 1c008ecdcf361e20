"""Which hub an order is served from."""

from django.utils.translation import gettext as _

from core.errors import NotAllowed
from growers.models import Hub, HubKind, Station
from shop.contact import Fulfilment


def hub_for(fulfilment: Fulfilment) -> Hub:
    """Collection: the county hub of the station. Delivery: the metropolitan hub.

    Raises
    ------
    NotAllowed
        When no such hub is set up.
    """
    if fulfilment.is_collection and fulfilment.station is not None:
        return _county_hub(fulfilment.station)
    hub = Hub.objects.filter(kind=HubKind.METROPOLITAN).order_by("code").first()
    if hub is None:
        raise NotAllowed(_("快递还没有开通，请选到站点自取。"))
    return hub


def _county_hub(station: Station) -> Hub:
    linked = Hub.objects.filter(kind=HubKind.COUNTY, links__station=station)
    hub = linked.order_by("links__cost_fen_per_kg", "code").first()
    if hub is None:
        raise NotAllowed(_("“%s”还不能自取，请换一个站点。") % station.name)
    return hub
