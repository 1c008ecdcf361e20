"""Who may edit: people with the editor's role today, and no more than pages need."""

from datetime import date

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from wagtail.images.models import Image
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from content.models import HomePage, StoryConsent
from growers.models import Role, User
from growers.models.scope import valid_on

GROUP = "编辑"
ON_PAGES = ("add_page", "change_page", "publish_page")


def editors_group() -> Group:
    """The editors' group with its rights; made or mended when asked for."""
    group, _made = Group.objects.get_or_create(name=GROUP)
    wanted = [
        _permission("access_admin", app="wagtailadmin", model="admin"),
        *(_permission(f"{verb}_storyconsent", model=StoryConsent) for verb in ("add", "change")),
        _permission("view_storyconsent", model=StoryConsent),
        _permission("submit_translation", app="simple_translation", model="simpletranslation"),
    ]
    group.permissions.set(wanted)
    pages = [_permission(name, model=Page) for name in ON_PAGES]
    for home in HomePage.objects.all():
        for permission in pages:
            GroupPagePermission.objects.get_or_create(group=group, page=home, permission=permission)
    root = Collection.get_first_root_node()
    for verb in ("add", "change", "choose") if root else ():  # Wagtail's own migration makes it
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=root, permission=_permission(f"{verb}_image", model=Image)
        )
    return group


def _permission(codename: str, *, app: str = "", model: object) -> Permission:
    """A permission by name, made where a database was written without migrations."""
    if isinstance(model, str):
        kind, _made = ContentType.objects.get_or_create(app_label=app, model=model)
    else:
        kind = ContentType.objects.get_for_model(model)  # type: ignore[arg-type]  # a model class
    found, _made = Permission.objects.get_or_create(
        codename=codename, content_type=kind, defaults={"name": codename}
    )
    return found


def let_editors_edit(*, on: date) -> int:
    """Put everybody with the role into the group and everybody else out of it; how many are in.

    Before ``load_content`` there is nothing to edit and no group.
    """
    group = Group.objects.filter(name=GROUP).first()
    if group is None:
        return 0
    wanted = set(
        User.objects.filter(
            valid_on(on, "memberships__"), memberships__role=Role.EDITOR
        ).values_list("pk", flat=True)
    )
    present = set(group.user_set.values_list("pk", flat=True))
    group.user_set.remove(*(present - wanted))
    group.user_set.add(*(wanted - present))
    return len(wanted)
