"""The account's balance: one transaction for each movement, with Stripe's fee."""

from devtools.stripe_emulator import lists, params
from devtools.stripe_emulator.errors import Body
from devtools.stripe_emulator.world import Call, World

# Share in ten-thousandths and a fixed part in fen, as an account in Hong Kong pays them.
FEES = {"card": (340, 235), "alipay": (220, 235), "wechat_pay": (220, 235)}
DISPUTE_FEE = 8500
AVAILABLE_AFTER_S = 7 * 24 * 3600
FILTERS = {
    "type": "json_extract(body, '$.type') = ?",
    "source": "parent = ?",
    "currency": "json_extract(body, '$.currency') = ?",
}
CATEGORIES = {
    "refund_failure": "refund_failure",
    "adjustment": "dispute",
    "payment": "charge",
    "payment_refund": "refund",
}


def fee_for(type: str, amount: int) -> int:
    """Stripe's fee for a charge, rounded half up.

    >>> fee_for("card", 10_000)
    575
    """
    share, fixed = FEES[type]
    return (amount * share + 5_000) // 10_000 + fixed


def move(
    world: World,
    *,
    amount: int,
    currency: str,
    type: str,
    source: str,
    fee: int = 0,
    description: str | None = None,
) -> Body:
    """Write a movement of the balance."""
    body = world.new("txn", "balance_transaction", amount=amount, currency=currency, fee=fee)
    body["available_on"] = body["created"] + (AVAILABLE_AFTER_S if amount > 0 else 0)
    told = {"amount": fee, "application": None, "currency": currency, "type": "stripe_fee"}
    told["description"] = "Stripe processing fees"
    body |= {"fee_details": [told] if fee else [], "net": amount - fee, "source": source}
    body |= {"status": "pending" if amount > 0 else "available", "type": type}
    body |= {"balance_type": "payments", "description": description, "exchange_rate": None}
    body["reporting_category"] = CATEGORIES.get(type, type)
    return world.store.add(body, parent=source)


def _aged(world: World, body: Body) -> Body:
    if body["available_on"] <= world.clock.seconds():
        body["status"] = "available"
    return body


def get(world: World, call: Call) -> Body:
    return _aged(world, world.need("balance_transaction", call.ids[0]))


def every(world: World, call: Call) -> Body:
    found = lists.page(world, call, "balance_transaction", FILTERS)
    found["data"] = [_aged(world, body) for body in found["data"]]
    return found


def balance(world: World, call: Call) -> Body:
    params.read(call.params, {})
    return now(world)


def now(world: World) -> Body:
    """The balance by currency: what may be paid out and what may not yet."""
    rows = world.store.db.execute(
        "SELECT json_extract(body, '$.currency'),"
        " sum(CASE WHEN json_extract(body, '$.available_on') <= ?1 THEN json_extract(body, '$.net')"
        " ELSE 0 END), sum(json_extract(body, '$.net'))"
        " FROM object WHERE kind = 'balance_transaction' GROUP BY 1 ORDER BY 1",
        [world.clock.seconds()],
    ).fetchall() or [("cny", 0, 0)]
    free = [{"amount": part, "currency": currency} for currency, part, _ in rows]
    waiting = [{"amount": whole - part, "currency": currency} for currency, part, whole in rows]
    for entry in (*free, *waiting):
        entry["source_types"] = {"card": entry["amount"]}
    return {"object": "balance", "available": free, "pending": waiting, "livemode": False}
