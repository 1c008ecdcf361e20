"""The walk round the loop: which step is next, and that pressing a name never leads elsewhere."""

from datetime import date

import pytest
from django.test import override_settings
from django.urls import reverse

from devtools.walk import steps
from tests.factories.growers import UserFactory
from tests.factories.presale import NOON, CampaignFactory, pledged

pytestmark = pytest.mark.django_db

TODAY = date(2026, 8, 28)


def here(campaign, today=TODAY):
    return next(step.title for step in steps(campaign, today=today) if step.state == "here")


def test_walk_begins_with_the_reservation():
    campaign = CampaignFactory()
    pledged(campaign, 2)  # somebody else's does not count

    assert here(campaign) == "约几份"


def test_own_reservation_leads_to_the_forecast():
    campaign = CampaignFactory()
    pledged(campaign, 2, user=UserFactory(username="consumer"))

    assert here(campaign) == "看需求预测"


def test_closed_campaign_leads_to_the_plan():
    campaign = CampaignFactory(state="succeeded", closed_at=NOON)

    assert here(campaign) == "排收购方案"


@override_settings(DEMO=True)
@pytest.mark.parametrize("target", ["//evil.example", "/\\evil.example", "https://evil.example"])
def test_signing_in_never_leads_off_the_site(client, target):
    UserFactory(username="consumer")

    answer = client.post(reverse("devtools:sign_in_as", args=["consumer"]), {"next": target})

    assert answer["Location"] == reverse("growers:home")
