"""Where the provider reports: proven by its signature, kept, answered at once."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core import clock
from payments import enabled
from payments.errors import NotAMessage
from payments.gateway import BadSignature, gateway
from payments.services.inbox import receive as keep

LONGEST = 1_000_000
# Signed, and yet no message: it would only come again.
NOT_A_MESSAGE = (ValueError, KeyError, TypeError, AttributeError, OverflowError)


@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Keep a message; 400 when the provider did not sign it."""
    if not enabled():
        raise Http404
    signature = request.headers.get("Stripe-Signature", "")
    if len(request.body) > LONGEST:
        return HttpResponse(status=413)
    try:
        told = gateway().read_message(request.body, signature)
    except (BadSignature, *NOT_A_MESSAGE):
        return HttpResponse(status=400)
    try:
        keep(told=told, at=clock.now())
    except NotAMessage:
        return HttpResponse(status=400)
    return HttpResponse(status=200)
