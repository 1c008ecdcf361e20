"""The files of a plan, for whoever checks it: asked why, and written down."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from contracts import services
from contracts.forms import ExportForm
from contracts.selectors import plan_for
from contracts.selectors.roles import may_export
from core import clock
from core.errors import PlatformError
from core.http import MemberRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: MemberRequest, code: str) -> HttpResponse:
    """Ask for the purpose, then hand out the instance folder as a zip."""
    on = clock.today()
    plan = plan_for(request.user, code, on)
    if not may_export(request.user, plan, on):
        raise Http404
    form = ExportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            content = services.export_run(
                plan=plan,
                purpose=form.cleaned_data["purpose"],
                by=request.user,
                at=clock.now(),
                on=on,
            )
        except PlatformError as error:
            form.add_error(None, str(error))
        else:
            response = HttpResponse(content, content_type="application/zip")
            response["Content-Disposition"] = f'attachment; filename="{plan.code}.zip"'
            return response
    status = 422 if request.method == "POST" else 200
    return render(request, "contracts/export.html", {"plan": plan, "form": form}, status=status)
