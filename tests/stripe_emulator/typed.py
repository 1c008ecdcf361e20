"""Does an answer have the shape that the SDK's own typed classes give it?"""

from collections.abc import Iterator
from types import NoneType
from typing import Any, ForwardRef, Literal, Union, get_args, get_origin

import stripe
from stripe import ListObject, StripeObject
from stripe._error_object import ErrorObject

CLASSES: dict[str, type] = {
    "customer": stripe.Customer,
    "payment_method": stripe.PaymentMethod,
    "payment_intent": stripe.PaymentIntent,
    "setup_intent": stripe.SetupIntent,
    "checkout.session": stripe.checkout.Session,
    "charge": stripe.Charge,
    "refund": stripe.Refund,
    "balance": stripe.Balance,
    "balance_transaction": stripe.BalanceTransaction,
    "dispute": stripe.Dispute,
    "event": stripe.Event,
    "item": stripe.LineItem,
}
# The SDK gives every object these two besides its own.
EVERYWHERE = {"object", "deleted"}


def faults_of(body: dict[str, Any]) -> list[str]:
    """What an answer has wrong, as sentences; nothing when it is right."""
    if "error" in body:
        return list(_object(body["error"], ErrorObject, "error"))
    if body.get("object") == "list":
        return [fault for row in body["data"] for fault in faults_of(row)]
    if body.get("deleted"):
        return []
    found = list(_object(body, CLASSES[body["object"]], body["object"]))
    if body["object"] == "event":
        found += faults_of(body["data"]["object"])
    return found


def _object(body: Any, shape: type, where: str) -> Iterator[str]:
    if not isinstance(body, dict):
        yield f"{where}: {body!r} is no {shape.__name__}"
        return
    known = {name: hint for name, hint in shape.__annotations__.items() if name != "OBJECT_NAME"}
    for name in body.keys() - known.keys() - EVERYWHERE:
        yield f"{where}.{name} is not in {shape.__name__}"
    for name, hint in known.items():
        if name in body:
            yield from _value(body[name], hint, f"{where}.{name}")
        elif not _may_be_none(hint):
            yield f"{where}.{name} is missing"


def _may_be_none(hint: Any) -> bool:
    return get_origin(hint) is Union and NoneType in get_args(hint)


def _value(value: Any, hint: Any, where: str) -> Iterator[str]:
    if get_origin(hint) is Union:
        yield from _one_of(value, get_args(hint), where)
    elif get_origin(hint) is Literal:
        if value not in get_args(hint):
            yield f"{where}: {value!r} is none of {get_args(hint)}"
    elif get_origin(hint) is list:
        if not isinstance(value, list):
            yield f"{where}: {value!r} is no list"
            return
        for number, item in enumerate(value):
            yield from _value(item, get_args(hint)[0], f"{where}[{number}]")
    elif isinstance(hint, ForwardRef | str):
        yield from _named(value, hint if isinstance(hint, str) else hint.__forward_arg__, where)
    else:
        yield from _plain(value, hint, where)


def _one_of(value: Any, hints: tuple[Any, ...], where: str) -> Iterator[str]:
    if value is None:
        if NoneType not in hints:
            yield f"{where} is null"
        return
    words = [hint for hint in hints if get_origin(hint) is Literal]
    if words and isinstance(value, str):  # the SDK adds "or any str"; here only its words are right
        yield from _value(value, words[0], where)
        return
    tried = [list(_value(value, hint, where)) for hint in hints if hint is not NoneType]
    if all(tried):
        yield from min(tried, key=len)


def _named(value: Any, name: str, where: str) -> Iterator[str]:
    if isinstance(value, dict) and value.get("object") in CLASSES:
        shape = CLASSES[value["object"]]
        if shape.__name__ == name.rsplit(".", maxsplit=1)[-1] or name == "DisputeResource":
            yield from _object(value, shape, where)
            return
    yield f"{where}: {value!r} is no {name}"


def _plain(value: Any, hint: Any, where: str) -> Iterator[str]:
    origin = get_origin(hint) or hint
    if origin is Any:
        return
    if isinstance(origin, type) and issubclass(origin, ListObject):
        for row in value["data"]:
            yield from _value(row, get_args(hint)[0], f"{where}.data")
    elif isinstance(origin, type) and issubclass(origin, StripeObject):
        if origin.__annotations__ and origin.__name__ != "UntypedStripeObject":
            yield from _object(value, origin, where)
        elif not isinstance(value, dict):
            yield f"{where}: {value!r} is no map"
    elif type(value) is not origin and not (origin is float and type(value) is int):
        yield f"{where}: {value!r} is no {getattr(origin, '__name__', origin)}"
