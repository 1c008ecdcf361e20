"""People who sign in, what they may do where, and the record of who looked."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.mobile import mask_mobile
from growers.models.household import Household
from growers.models.network import Cooperative, Station, VillageShop
from growers.models.region import Region


class User(AbstractUser):  # type: ignore[django-manager-missing]  # Oscar types its basket manager late
    """Signs in with a mobile number, or a household's card code, and a password or PIN."""

    mobile = models.CharField(max_length=20, unique=True, null=True, blank=True)
    display_name = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["username"]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        """The name a person is greeted by."""
        if not self.display_name and self.username == self.mobile:
            return mask_mobile(self.username)
        return self.display_name or self.username


class Role(models.TextChoices):
    HOUSEHOLD = "household", _("种植户")
    SHOP_OPERATOR = "shop_operator", _("店主")
    STATION_KEEPER = "station_keeper", _("站点管理员")
    PLANNER = "planner", _("合作社计划员")
    APPROVER = "approver", _("合作社审批人")
    HELPER = "helper", _("帮扶联系人")
    OFFICIAL = "official", _("主管干部")
    EDITOR = "editor", _("编辑")
    AUDITOR = "auditor", _("审计")


def _scope_rule(role: str, *, field: str) -> models.Q:
    others = {"household", "shop", "station", "cooperative", "region"} - {field}
    empty = {f"{other}__isnull": True for other in others}
    return models.Q(role=role, **{f"{field}__isnull": False}, **empty)


class Membership(models.Model):
    """A person has a role for exactly one thing: a household, shop, station, … or region."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices)
    household = models.ForeignKey(
        Household, on_delete=models.CASCADE, null=True, blank=True, related_name="memberships"
    )
    shop = models.ForeignKey(
        VillageShop, on_delete=models.CASCADE, null=True, blank=True, related_name="memberships"
    )
    station = models.ForeignKey(
        Station, on_delete=models.CASCADE, null=True, blank=True, related_name="memberships"
    )
    cooperative = models.ForeignKey(
        Cooperative, on_delete=models.CASCADE, null=True, blank=True, related_name="memberships"
    )
    region = models.ForeignKey(
        Region, on_delete=models.CASCADE, null=True, blank=True, related_name="memberships"
    )
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["user", "role"]
        constraints = [
            models.CheckConstraint(
                condition=_scope_rule("household", field="household")
                | _scope_rule("shop_operator", field="shop")
                | _scope_rule("station_keeper", field="station")
                | _scope_rule("planner", field="cooperative")
                | _scope_rule("approver", field="cooperative")
                | _scope_rule("helper", field="region")
                | _scope_rule("official", field="region")
                | _scope_rule("editor", field="region")
                | _scope_rule("auditor", field="region"),
                name="membership_scope_fits_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"

    @property
    def thing(self) -> Household | VillageShop | Station | Cooperative | Region | None:
        """What the role is for."""
        return self.household or self.shop or self.station or self.cooperative or self.region


class AccessKind(models.TextChoices):
    LIST = "list", _("名单（姓名打码）")
    RECORD = "record", _("登记档案")
    IDENTITY = "identity", _("姓名、电话和地址")
    CARD = "card", _("发卡或换密码")
    EXPORT = "export", _("导出")


class AccessEvent(models.Model):
    """Somebody read or exported a household's data; the household can see it."""

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="access_events")
    # Null is the platform itself, for instance a card printed by an import.
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    what = models.CharField(max_length=10, choices=AccessKind.choices)
    purpose = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["household", "-at"])]

    def __str__(self) -> str:
        return f"{self.household_id} {self.what}"
