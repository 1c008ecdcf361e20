"""A listing ties an Oscar product to what grows: crop, form, grade, origin, shop and season."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.templatetags.shanhuo import kg
from core.units import yuan
from core.words import in_english
from growers.models import Region, VillageShop
from harvest_calendar.models import Grade, ProductForm, SaleClass, Variety

UNIT_PRICE_GRAMS = 500
MEDICINE = SaleClass.MEDICINAL_ONLY


class ShopPartner(models.Model):
    """The Oscar partner that stands for a village shop."""

    shop = models.OneToOneField(VillageShop, on_delete=models.PROTECT, related_name="partner_link")
    partner = models.OneToOneField(
        "partner.Partner", on_delete=models.PROTECT, related_name="shop_link"
    )

    class Meta:
        ordering = ["shop"]

    def __str__(self) -> str:
        return f"{self.shop_id}"


class ListingState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    PUBLISHED = "published", _("已上架")
    WITHDRAWN = "withdrawn", _("已下架")


class SeasonState(models.TextChoices):
    TEASER = "teaser", _("将熟")
    PRESALE = "presale", _("预售")
    IN_SEASON = "in_season", _("当季")
    LAST_WEEKS = "last_weeks", _("尾季")
    DORMANT = "dormant", _("休季")


def english_title(
    *, form: ProductForm, variety: Variety | None, grade: Grade | None, pack_weight_g: int
) -> str:
    """``Sichuan pepper (dried Dahongpao), special grade, 500 g``."""
    parts = [form.name]
    if variety is not None and variety.name.lower() not in form.name.lower():
        parts.append(variety.name)
    if grade is not None:
        parts.append(grade.name)
    return ", ".join([*parts, kg(pack_weight_g)])


class Listing(models.Model):
    """What a shop sells: one pack of one form, grade and origin."""

    code = models.CharField(max_length=16, unique=True)
    product = models.OneToOneField(
        "catalogue.Product", on_delete=models.PROTECT, related_name="listing"
    )
    shop = models.ForeignKey(VillageShop, on_delete=models.PROTECT, related_name="listings")
    form = models.ForeignKey(ProductForm, on_delete=models.PROTECT, related_name="listings")
    variety = models.ForeignKey(Variety, on_delete=models.PROTECT, null=True, blank=True)
    grade = models.ForeignKey(Grade, on_delete=models.PROTECT, null=True, blank=True)
    origin = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="listings")
    pack_weight_g = models.PositiveIntegerField()
    tare_g = models.PositiveIntegerField(default=0)
    price = models.DecimalField(max_digits=8, decimal_places=2)
    state = models.CharField(
        max_length=10, choices=ListingState.choices, default=ListingState.DRAFT
    )
    season_state = models.CharField(
        max_length=10, choices=SeasonState.choices, default=SeasonState.DORMANT
    )
    season_start_on = models.DateField(null=True, blank=True)  # of the current or next window
    season_peak_on = models.DateField(null=True, blank=True)
    season_end_on = models.DateField(null=True, blank=True)
    description = models.TextField(blank=True)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pack_weight_g__gt=0), name="listing_pack_has_weight"
            ),
            models.CheckConstraint(condition=models.Q(price__gt=0), name="listing_has_price"),
            models.CheckConstraint(
                condition=~models.Q(state="published") | models.Q(published_at__isnull=False),
                name="listing_published_has_time",
            ),
        ]
        indexes = [models.Index(fields=["state", "season_state"])]

    def __str__(self) -> str:
        return self.code

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse to show a crop that is medicine only, whoever saves the row.

        A CHECK constraint cannot look into the crop's table, so the guard stands here, below
        the service that gives the person a sentence.
        """
        if self.state == ListingState.PUBLISHED and self.form.crop.sale_class == MEDICINE:
            raise ValidationError({"form": _("仅作药材的，不能卖给消费者。")})
        super().save(*args, **kwargs)

    @property
    def title(self) -> str:
        """The product's title in the reader's language; English is put together from its parts.

        English reads ``form``, ``variety`` and ``grade``: lists select them with the listing.
        """
        if not in_english():
            return str(self.product.title)
        return english_title(
            form=self.form,
            variety=self.variety,
            grade=self.grade,
            pack_weight_g=self.pack_weight_g,
        )

    @property
    def unit_price(self) -> Decimal:
        """Yuan for 500 g; computed, never typed."""
        return yuan(self.price * UNIT_PRICE_GRAMS / self.pack_weight_g)


class SeasonStateChange(models.Model):
    """When a listing's season state moved, and because of which dates."""

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="season_changes")
    old = models.CharField(max_length=10, choices=SeasonState.choices)
    new = models.CharField(max_length=10, choices=SeasonState.choices)
    on = models.DateField()
    start_on = models.DateField(null=True)
    end_on = models.DateField(null=True)

    class Meta:
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return f"{self.listing_id} {self.old} → {self.new}"


class ProofKind(models.TextChoices):
    """What may stand behind a listing, by sale class (product.md E15)."""

    COMPLIANCE = "compliance", _("承诺达标合格证")
    LICENCE = "licence", _("食品生产许可或小作坊登记")
    QUARANTINE = "quarantine", _("动物检疫证明")
    SELF_GROWN = "self_grown", _("自产自销声明")


class ListingProof(models.Model):
    """A proof on record; a listing cannot be published without the one its crop needs."""

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="proofs")
    kind = models.CharField(max_length=12, choices=ProofKind.choices)
    number = models.CharField(max_length=60)
    issued_on = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    scan = models.FileField(upload_to="proofs/%Y/%m/", max_length=120, blank=True)
    scan_width = models.PositiveIntegerField(default=0)
    scan_height = models.PositiveIntegerField(default=0)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["listing", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["listing", "kind", "number"], name="proof_recorded_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
