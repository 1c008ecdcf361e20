"""Pages of objects, and objects put in the place of their ids."""

from collections.abc import Mapping, Sequence
from typing import Any

from devtools.stripe_emulator import params
from devtools.stripe_emulator.errors import Body, absent, invalid
from devtools.stripe_emulator.world import OWN, Call, World

PAGE = {
    "limit": params.whole,
    "starting_after": params.text,
    "ending_before": params.text,
    "created": params.anything,
}
MOST = 100
COMPARED = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
EXPANDED = {
    "balance_transaction",
    "failure_balance_transaction",
    "charge",
    "latest_charge",
    "customer",
    "payment_intent",
    "payment_method",
    "setup_intent",
    "source",
}
SUBLISTS = {("charge", "refunds"), ("checkout.session", "line_items")}
DEEPEST = 4


def page(
    world: World, call: Call, kind: str, filters: Mapping[str, str], *, more: Sequence[Any] = ()
) -> Body:
    """A page of a kind, newest first. ``filters``: accepted parameter to SQL condition."""
    shape = {**PAGE, **dict.fromkeys(filters, params.text)}
    asked = params.read(call.params, shape)
    limit = asked.get("limit", 10)
    if not 1 <= limit <= MOST:
        raise invalid("Invalid limit: must be between 1 and 100", param="limit")
    where = [*more, *_created(asked.get("created"))]
    where += [(filters[name], asked[name]) for name in filters if name in asked]
    back = "ending_before" in asked
    where += _place(world, asked)
    rows = world.store.find(kind, where=where, newest_first=not back, most=limit + 1)
    data, more_rows = rows[:limit], len(rows) > limit
    if back:
        data.reverse()
    return {"object": "list", "url": call.path, "has_more": more_rows, "data": data}


def _place(world: World, asked: Mapping[str, Any]) -> list[tuple[str, Any]]:
    places = []
    for name, condition in (("starting_after", "seq < ?"), ("ending_before", "seq > ?")):
        if name in asked:
            seq = world.store.seq(asked[name])
            if seq is None:
                raise absent("object", asked[name], param=name, status=400)
            places.append((condition, seq))
    return places


def _created(asked: Any) -> list[tuple[str, Any]]:
    if asked is None:
        return []
    if isinstance(asked, str):
        return [("created = ?", params.whole(asked, "created"))]
    taken = params.read(asked, dict.fromkeys(COMPARED, params.whole), "created")
    return [(f"created {COMPARED[name]} ?", value) for name, value in taken.items()]


def expand(world: World, body: Body, paths: Sequence[str]) -> Body:
    """The answer with the asked-for ids replaced by their objects."""
    for path in paths:
        steps = path.split(".")
        if len(steps) > DEEPEST:
            raise invalid("You cannot expand more than 4 levels.", param="expand")
        _expand(world, body, steps, path)
    return body


def _expand(world: World, body: Any, steps: Sequence[str], path: str) -> None:
    step, rest = steps[0], steps[1:]
    if step == "data" and body.get("object") == "list":
        for item in body["data"]:
            _expand(world, item, rest, path)
        return
    body[step] = _inside(world, body, step, path)
    if rest and isinstance(body[step], dict):
        _expand(world, body[step], rest, path)


def _inside(world: World, body: Body, step: str, path: str) -> Any:
    if (body["object"], step) in SUBLISTS:
        return _sublist(world, body)
    if step not in EXPANDED or step not in body:
        raise invalid(f"This property cannot be expanded ({path}).", param="expand[0]")
    value = body[step]
    return world.store.get(value) if isinstance(value, str) else value


def _sublist(world: World, body: Body) -> Body:
    if body["object"] == "checkout.session":
        data, url = body[OWN]["line_items"], f"/v1/checkout/sessions/{body['id']}/line_items"
    else:
        data = world.store.find("refund", where=[("parent = ?", body["id"])])
        url = f"/v1/charges/{body['id']}/refunds"
    return {"object": "list", "url": url, "has_more": False, "data": data}
