"""What each proof is, which one the law asks for, and how one stands on a day. Asks nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from harvest_calendar.models import Crop, SaleClass
from shop.models import ListingProof, ProofKind
from shop.products import proof_needed

SOON = timedelta(days=14)  # time to get a new paper before the old one ends

WHAT_IT_IS = {
    ProofKind.COMPLIANCE: _("种的人对这一批货的承诺：没用禁药，农药残留不超标，说了假话要担责。"),
    ProofKind.LICENCE: _("做油、灌蜜、加工分装的地方登记过、有人查，证号在市场监管部门能查到。"),
    ProofKind.QUARANTINE: _("官方兽医查过这一批，没有病才给开。"),
    ProofKind.SELF_GROWN: _("卖的人签字说明：是自己种、自己收的，出了问题由他担责。"),
}
WHO_NEEDS_IT = {
    ProofKind.COMPLIANCE: _("水果、蔬菜、菌菇、鲜茶叶和鸡蛋，上市要有它。"),
    ProofKind.LICENCE: _("油、蜂蜜、做好的茶和加工食品，要在登记过的地方做。"),
    ProofKind.QUARANTINE: _("鸡和肉，上市要有它。"),
    ProofKind.SELF_GROWN: _("自己种的、自己采的，没再加工过，卖的人要有它。"),
}

# A self-grown declaration bears the name of the person who signed it: its picture stays inside.
SHOWN_TO_ALL = frozenset({ProofKind.COMPLIANCE, ProofKind.LICENCE, ProofKind.QUARANTINE})


class Standing(models.TextChoices):
    """How a proof, or the lack of one, stands on a day."""

    VALID = "valid", _("有效")
    SOON = "soon", _("快到期")
    EARLY = "early", _("还没生效")
    EXPIRED = "expired", _("已过期")
    MISSING = "missing", _("没有")


@dataclass(frozen=True)
class ProofShown:
    """A proof on record as everybody sees it."""

    kind: ProofKind
    number: str
    issued_on: date
    valid_to: date | None
    standing: Standing
    asked: bool  # the law asks for this kind here
    scan_url: str
    scan_width: int
    scan_height: int

    @property
    def what(self) -> str:
        """What this kind of proof is, in one sentence."""
        return str(WHAT_IT_IS[self.kind])

    @property
    def holds(self) -> bool:
        """Whether it counts on the day."""
        return self.standing in {Standing.VALID, Standing.SOON}


@dataclass(frozen=True)
class Proofs:
    """What the law asks for a crop, and what is there."""

    asked: ProofKind
    standing: Standing  # of what the law asks for
    until: date | None  # the last day the asked proof counts, or counted; None without an end
    rows: tuple[ProofShown, ...]
    herb: bool  # food and medicine both: sold as food only

    @property
    def holds(self) -> bool:
        """Whether what the law asks for is there and counts."""
        return self.standing in {Standing.VALID, Standing.SOON}

    @property
    def why(self) -> str:
        """Why the law asks for it, in one sentence."""
        return str(WHO_NEEDS_IT[self.asked])


def standing_of(proof: ListingProof, *, on: date) -> Standing:
    """How one proof stands on a day; it still counts on its last day."""
    if proof.issued_on > on:
        return Standing.EARLY
    if proof.valid_to is None:
        return Standing.VALID
    if proof.valid_to < on:
        return Standing.EXPIRED
    return Standing.SOON if proof.valid_to - on < SOON else Standing.VALID


def proofs_of(crop: Crop, proofs: Iterable[ListingProof], *, on: date) -> Proofs:
    """A listing's proofs as everybody sees them: what is asked first, what counts first."""
    asked = proof_needed(crop)
    rows = sorted(
        (_shown(proof, asked=asked, on=on) for proof in proofs),
        key=lambda row: (not row.asked, not row.holds, -row.issued_on.toordinal()),
    )
    best = next((row for row in rows if row.asked), None)
    return Proofs(
        asked=asked,
        standing=best.standing if best else Standing.MISSING,
        until=_until(rows),
        rows=tuple(rows),
        herb=crop.sale_class == SaleClass.FOOD_AND_MEDICINE,
    )


def _until(rows: Iterable[ProofShown]) -> date | None:
    """The last day that any proof of the asked kind covers; None when one has no end."""
    asked = [row for row in rows if row.asked and row.standing != Standing.EARLY]
    ends = [row.valid_to for row in asked]
    return None if None in ends else max((end for end in ends if end), default=None)


def _shown(proof: ListingProof, *, asked: ProofKind, on: date) -> ProofShown:
    return ProofShown(
        kind=ProofKind(proof.kind),
        number=proof.number,
        issued_on=proof.issued_on,
        valid_to=proof.valid_to,
        standing=standing_of(proof, on=on),
        asked=proof.kind == asked,
        scan_url=proof.scan.url if proof.scan and proof.kind in SHOWN_TO_ALL else "",
        scan_width=proof.scan_width,
        scan_height=proof.scan_height,
    )
