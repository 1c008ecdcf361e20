"""The editors' desk: choosers, consents and a way to help."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet

from content.blocks.choosers import campaign_chooser, listing_chooser
from content.forms import ConsentForm
from content.models import StoryConsent

STATE = Column("state", label=_("有没有效"), accessor="state")


class ConsentViewSet(ModelViewSet):
    """Consents: by code, never by name. They are withdrawn, not deleted."""

    model = StoryConsent
    icon = "key"
    menu_label = _("故事同意书")
    menu_name = "consents"
    menu_order = 250
    add_to_admin_menu = True
    list_display = ["code", "scope", "given_on", "expires_on", STATE]
    list_filter = ["scope"]
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("given_by"),
            FieldPanel("scope"),
            FieldPanel("paper"),
            FieldPanel("given_on"),
            FieldPanel("expires_on"),
            FieldPanel("withdrawn_on"),
        ],
        base_form_class=ConsentForm,
    )


@hooks.register("register_admin_viewset")
def viewsets() -> list[Any]:
    """Choosers of listings and pre-sales, and the consents."""
    return [listing_chooser, campaign_chooser, ConsentViewSet("consents", url_prefix="consents")]


@hooks.register("construct_help_menu")
def no_foreign_help(request: Any, items: list[MenuItem]) -> None:
    """Leave out what leads to other sites."""
    items[:] = [item for item in items if item.name == "own-help"]


@hooks.register("register_help_menu_item")
def own_help() -> MenuItem:
    """The editors' page of the site's help."""
    return MenuItem(_("怎么编辑"), reverse("content:help"), name="own-help", icon_name="help")
