"""Events: what happened, for thirty days."""

from devtools.stripe_emulator import lists, params
from devtools.stripe_emulator.errors import Body
from devtools.stripe_emulator.world import Call, World

KEPT_S = 30 * 24 * 3600


def get(world: World, call: Call) -> Body:
    return world.need("event", call.ids[0])


def every(world: World, call: Call) -> Body:
    more: list[tuple[str, object]] = [("created >= ?", world.clock.seconds() - KEPT_S)]
    types = call.params.pop("types", None)
    if types is not None:
        wanted = params.texts(types, "types")
        marks = ",".join("'" + name.replace("'", "") + "'" for name in wanted)
        more.append((f"parent IN ({marks}) AND 1 = ?", 1))
    given = call.params.pop("type", None)
    if given is not None:
        more.append(("parent GLOB ?", params.text(given, "type")))
    delivered = call.params.pop("delivery_success", None)
    if delivered is not None:
        waiting = "EXISTS (SELECT 1 FROM delivery WHERE event = object.id) = ?"
        more.append((waiting, int(delivered == "false")))
    return lists.page(world, call, "event", {}, more=more)
