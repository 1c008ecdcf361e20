"""The shop's desk: invoices to be issued, and corrections of those whose money went back."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from core import clock
from core.clock import SHANGHAI
from core.errors import PlatformError
from core.http import page_of
from core.tables import csv_answer
from core.units import from_fen
from shop.forms.after_sale import CorrectionForm, IssueForm
from shop.models import Invoice, InvoiceCorrection
from shop.services.invoices import issue_correction, issue_invoice
from shop.views.desk import DeskRequest, desk


def _rows(request: DeskRequest) -> QuerySet[Invoice]:
    """Those that want something first: not issued, or not corrected yet."""
    waiting = InvoiceCorrection.objects.filter(invoice=OuterRef("pk"), issued_at__isnull=True)
    rows = Invoice.objects.filter(purchase__shop=request.shop).annotate(wants=Exists(waiting))
    rows = rows.select_related("purchase").prefetch_related("corrections")
    return rows.order_by("-wants", "issued_at", "asked_at", "pk")


@desk
@never_cache
@require_GET
def invoices(request: DeskRequest) -> HttpResponse:
    """Invoices to be issued, and those that were."""
    return _answer(request)


def _answer(request: DeskRequest, wrong: IssueForm | None = None) -> HttpResponse:
    """The page, with what is wrong beside the field it was typed in."""
    page = page_of(request, _rows(request))
    for row in page.object_list:
        _give_forms(row, wrong)
    context = {"shop": request.shop, "page": page, "wrong": wrong}
    status = 422 if wrong else 200
    return render(request, "shop/workspace/invoices.html", context, status=status)


def _give_forms(row: Any, wrong: IssueForm | None) -> None:
    """A form for its number, and one for each correction's; the wrong one where it belongs."""
    forms = [(row, IssueForm), *((one, CorrectionForm) for one in row.corrections.all())]
    for one, kind in forms:
        ids = _ids(one)
        one.form = wrong if wrong and wrong.auto_id == ids else kind(auto_id=ids)


def _ids(row: Invoice | InvoiceCorrection) -> str:
    word = "correction" if isinstance(row, InvoiceCorrection) else "invoice"
    return f"id_{word}_{row.pk}_%s"


@desk
@require_POST
def issue(request: DeskRequest, code: str) -> HttpResponse:
    """Write down the number of an invoice that was issued."""
    row = get_object_or_404(_rows(request), purchase__code=code)
    form = IssueForm(request.POST, auto_id=_ids(row))
    if not form.is_valid():
        return _answer(request, form)
    number = form.cleaned_data["number"]
    try:
        issue_invoice(
            purchase_code=row.purchase.code, number=number, by=request.user, at=clock.now()
        )
    except PlatformError as error:
        form.add_error(getattr(error, "field", "") or None, str(error))
        return _answer(request, form)
    messages.success(request, _("%s 的发票记好了。") % code)
    return redirect("shop:work_invoices")


@desk
@require_POST
def correct(request: DeskRequest, code: str) -> HttpResponse:
    """Write down the number of a correcting invoice."""
    mine = InvoiceCorrection.objects.filter(invoice__in=_rows(request), issued_at__isnull=True)
    row = get_object_or_404(mine, invoice__purchase__code=code)
    form = CorrectionForm(request.POST, auto_id=_ids(row))
    if not form.is_valid():
        return _answer(request, form)
    number, amount = form.cleaned_data["number"], form.cleaned_data["amount"]
    try:
        issue_correction(
            pk=row.pk, number=number, amount_fen=amount, by=request.user, at=clock.now()
        )
    except PlatformError as error:
        form.add_error(getattr(error, "field", "") or None, str(error))
        return _answer(request, form)
    messages.success(request, _("%s 的红字发票记好了。") % code)
    return redirect("shop:work_invoices")


@desk
@never_cache
@require_GET
def invoices_csv(request: DeskRequest) -> Any:  # a streamed answer, no HttpResponse
    """The table for the shop's bookkeeper."""
    head = [
        _("订单"), _("申请"), _("开给谁"), _("抬头"), _("税号"), _("邮箱"), _("金额（元）"),
        _("发票号码"), _("开票"),
    ]  # fmt: skip
    rows = (cells for one in _rows(request).iterator(chunk_size=500) for cells in _cells(one))
    return csv_answer(f"invoices-{request.shop.code}.csv", head, rows)


def _cells(one: Invoice) -> Iterator[list[object]]:
    """A row for the invoice, and one below nought for each correction of it."""
    who = [one.get_kind_display(), one.title, one.tax_number, one.email]
    told = [(one.asked_at, one.amount_fen, one.number, one.issued_at)]
    told += [(x.asked_at, -x.amount_fen, x.number, x.issued_at) for x in one.corrections.all()]
    for asked, amount, number, issued in told:
        yield [one.purchase.code, _day(asked), *who, from_fen(amount), number, _day(issued)]


def _day(moment: datetime | None) -> str:
    return moment.astimezone(SHANGHAI).date().isoformat() if moment else ""
