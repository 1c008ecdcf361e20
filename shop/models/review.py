"""What buyers say of what they got: one review for each thing of each order handed over.

Nobody who sells can take one away. There is no permission, page or service that deletes a review,
and the database refuses too: every review has a version that holds on to it. A moderator may cover
words that break the law, with a reason that everybody reads; the score goes on counting.
"""

from typing import Any, cast

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.models.listing import Listing
from shop.models.purchase import Purchase

MOST_WORDS = 500
MOST_REASON = 100


class Score(models.IntegerChoices):
    """How it was, in words; the best first."""

    VERY_GOOD = 5, _("很好")
    GOOD = 4, _("好")
    FAIR = 3, _("一般")
    POOR = 2, _("不好")
    BAD = 1, _("很差")


class Hideable(models.Model):
    """Words that a moderator may cover; never without a reason, which is shown instead."""

    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_reason = models.CharField(max_length=MOST_REASON, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(hidden_at__isnull=True, hidden_reason="")
                | (models.Q(hidden_at__isnull=False) & ~models.Q(hidden_reason="")),
                name="%(class)s_hidden_has_reason",
            ),
        ]


class Review(Hideable):
    """A score from one to five and, if the buyer likes, some words."""

    code = models.CharField(max_length=16, unique=True)
    purchase = models.ForeignKey(Purchase, on_delete=models.PROTECT, related_name="reviews")
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="reviews")
    score = models.PositiveSmallIntegerField(choices=Score.choices)
    text = models.CharField(max_length=MOST_WORDS, blank=True)
    names_buyer = models.BooleanField(default=True)  # 张**; else nothing of the name
    written_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-written_at", "-pk"]
        default_permissions = ("view",)  # nobody can be given the right to change or delete one
        permissions = [("moderate_voices", "遮住违法的评价、问答和进展")]
        constraints = [
            *cast(list[Any], Hideable.Meta.constraints),
            models.UniqueConstraint(
                fields=["purchase", "listing"], name="review_one_for_each_thing_bought"
            ),
            models.CheckConstraint(
                condition=models.Q(score__gte=Score.BAD, score__lte=Score.VERY_GOOD),
                name="review_score_is_one_to_five",
            ),
        ]
        indexes = [models.Index(fields=["listing", "-written_at"])]

    def __str__(self) -> str:
        return self.code


class ReviewVersion(models.Model):
    """What a review said from a moment on; written with it and at every change. Append-only.

    PROTECT keeps the review: a row with a version cannot be deleted, not even by SQL.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="versions")
    score = models.PositiveSmallIntegerField(choices=Score.choices)
    text = models.CharField(max_length=MOST_WORDS, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["review", "at", "pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.review_id} {self.at:%Y-%m-%d}"


class ReviewReply(Hideable):
    """The shop's one answer to a review; it may be rewritten, and says so."""

    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="reply")
    code = models.CharField(max_length=16, unique=True)
    text = models.CharField(max_length=MOST_WORDS)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)
        constraints = [
            *cast(list[Any], Hideable.Meta.constraints),
            models.CheckConstraint(condition=~models.Q(text=""), name="reviewreply_has_words"),
        ]

    def __str__(self) -> str:
        return self.code


class Moderation(models.Model):
    """Something said was covered or uncovered: what, by whom and why. Append-only."""

    code = models.CharField(max_length=16)  # of the review, reply, question or update
    covered = models.BooleanField()
    reason = models.CharField(max_length=MOST_REASON)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)
        indexes = [models.Index(fields=["code"])]

    def __str__(self) -> str:
        return f"{self.code} {self.covered}"
