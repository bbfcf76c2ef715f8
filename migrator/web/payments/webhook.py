"""The provider's messages: proved, kept, answered; the worker looks at them a moment later (PAYMENTS, rule 3)."""

from __future__ import annotations

from flask import Response, request

from migrator.database.session import transaction
from migrator.journeys.receive_event import receive_event
from migrator.payments.gateway import BadSignature
from migrator.web.audience import open_to
from migrator.web.frame import csrf
from migrator.web.payments import pages
from migrator.web.request import now
from migrator.wiring import wiring

# Four times the largest message that Stripe describes.
LIMIT_BYTES = 256 * 1024


@pages.post("/webhooks/stripe")
@open_to()
@csrf.exempt  # type: ignore[untyped-decorator]
def stripe_event() -> Response:
    """This will keep a message that proves its origin by a signature over its raw body, and answer at once."""
    request.max_content_length = LIMIT_BYTES
    gateway = wiring().gateway
    try:
        event = gateway.verified_event(request.get_data(cache=False), request.headers.get("Stripe-Signature", ""))
    except BadSignature as refusal:
        return Response(f"{refusal}\n", 400, mimetype="text/plain")
    with transaction() as session:
        state = receive_event(session, event, livemode=gateway.livemode, now=now())
    return Response(f"{state}\n", mimetype="text/plain")
