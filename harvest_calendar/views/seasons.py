"""Moving a season's dates."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import clock
from core.errors import BadInput
from core.http import MemberRequest
from harvest_calendar.forms import RevisionForm
from harvest_calendar.selectors.access import season_for_revision
from harvest_calendar.services import revise_season


@login_required
@require_http_methods(["GET", "POST"])
def revise(request: MemberRequest, code: str) -> HttpResponse:
    """Move a season's dates with a reason; cooperatives and officials of its county only."""
    season = season_for_revision(request.user, code, clock.today())
    form = (
        RevisionForm(request.POST) if request.method == "POST" else RevisionForm.for_season(season)
    )
    if request.method == "POST" and form.is_valid():
        try:
            revise_season(season=season, by=request.user, at=clock.now(), **form.cleaned_data)
        except BadInput as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(request, _("日子改好了，已经告诉上架的山货。"))
            return redirect(reverse("harvest_calendar:crop", args=[season.crop.key]))
    context = {"season": season, "form": form, "revisions": season.revisions.select_related("by")}
    return render(request, "harvest_calendar/revise.html", context)
