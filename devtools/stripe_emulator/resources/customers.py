"""Customers."""

from devtools.stripe_emulator import lists, params
from devtools.stripe_emulator.errors import Body
from devtools.stripe_emulator.world import Call, World

FACTS: params.Shape = {
    "address": params.anything,
    "description": params.text,
    "email": params.text,
    "invoice_settings": {"default_payment_method": params.text},
    "metadata": params.metadata,
    "name": params.text,
    "phone": params.text,
    "preferred_locales": params.texts,
}
FILTERS = {"email": "json_extract(body, '$.email') = ?"}


def create(world: World, call: Call) -> Body:
    given = params.read(call.params, FACTS)
    body = world.new("cus", "customer", livemode=False, balance=0, currency=None)
    body |= {"address": None, "delinquent": False, "description": None, "email": None}
    body |= {"default_source": None, "discount": None, "invoice_prefix": body["id"][-8:].upper()}
    body |= {"name": None, "phone": None, "preferred_locales": [], "shipping": None}
    body |= {"next_invoice_sequence": 1, "tax_exempt": "none", "test_clock": None}
    _write(body, given)
    world.store.add(body)
    world.emit("customer.created", body)
    return body


def _write(body: Body, given: Body) -> None:
    body["metadata"] = params.merged(body.get("metadata", {}), given.pop("metadata", {}))
    default = given.pop("invoice_settings", {}).get("default_payment_method")
    blank = {"custom_fields": None, "footer": None, "rendering_options": None}
    kept = body.get("invoice_settings", {"default_payment_method": None, **blank})
    body["invoice_settings"] = {**kept, **({"default_payment_method": default} if default else {})}
    body |= given


def get(world: World, call: Call) -> Body:
    return world.need("customer", call.ids[0])


def update(world: World, call: Call) -> Body:
    given = params.read(call.params, FACTS)
    body = world.need("customer", call.ids[0])
    before = {name: body.get(name) for name in given}
    _write(body, given)
    world.store.save(body)
    world.emit("customer.updated", body, previous=before)
    return body


def delete(world: World, call: Call) -> Body:
    body = world.need("customer", call.ids[0])
    world.store.db.execute("DELETE FROM object WHERE id = ?", [body["id"]])
    world.emit("customer.deleted", body)
    return {"id": body["id"], "object": "customer", "deleted": True}


def every(world: World, call: Call) -> Body:
    return lists.page(world, call, "customer", FILTERS)
