"""Who grows, who buys, who helps, and who may see what."""

from growers.models.access import AccessEvent, AccessKind, Membership, Role, User
from growers.models.household import (
    Household,
    HouseholdIdentity,
    HouseholdMember,
    HouseholdStatus,
    PovertyLine,
    StatusCategory,
    StatusScheme,
    TierRule,
)
from growers.models.land import LandPlot
from growers.models.network import (
    Binding,
    BindingKind,
    Cooperative,
    Hub,
    HubKind,
    PlanningArea,
    Station,
    StationHub,
    VillageShop,
)
from growers.models.region import Region, RegionLevel
from growers.models.registry import RegistryCode

__all__ = [
    "AccessEvent",
    "AccessKind",
    "Binding",
    "BindingKind",
    "Cooperative",
    "Household",
    "HouseholdIdentity",
    "HouseholdMember",
    "HouseholdStatus",
    "Hub",
    "HubKind",
    "LandPlot",
    "Membership",
    "PlanningArea",
    "PovertyLine",
    "Region",
    "RegionLevel",
    "RegistryCode",
    "Role",
    "Station",
    "StationHub",
    "StatusCategory",
    "StatusScheme",
    "TierRule",
    "User",
    "VillageShop",
]
