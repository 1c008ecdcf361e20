"""A small checker of schema.org facts: what search engines ask for of the types we write."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

WORDS = {"InStock", "OutOfStock", "PreOrder", "Discontinued"}
SCHEMA = "https://schema.org"


def problems(document: Mapping[str, Any]) -> list[str]:
    """Everything wrong with a JSON-LD document; empty when it holds."""
    if document.get("@context") != SCHEMA:
        return ["@context"]
    graph = document.get("@graph")
    if not isinstance(graph, list) or not graph:
        return ["@graph"]
    return [fault for place, node in enumerate(graph) for fault in _node(node, f"[{place}]")]


def _node(node: Any, path: str) -> list[str]:
    if not isinstance(node, dict):
        return [path]
    kind = node.get("@type")
    rules = TYPES.get(str(kind))
    if rules is None:
        return [f"{path}: unknown type {kind}"]
    faults = []
    for name, (needed, holds) in rules.items():
        if name not in node:
            faults += [f"{path}.{name}: missing"] if needed else []
        else:
            faults += holds(node[name], f"{path}.{name}")
    return faults + [
        f"{path}.{name}: not allowed" for name in node.keys() - rules.keys() - {"@type"}
    ]


Holds = Callable[[Any, str], list[str]]


def _if(good: Callable[[Any], bool]) -> Holds:
    def holds(value: Any, path: str) -> list[str]:
        return [] if good(value) else [f"{path}: {value!r}"]

    return holds


def _money(value: Any) -> bool:
    try:
        return isinstance(value, str) and Decimal(value) > 0
    except InvalidOperation:
        return False


def _day(value: Any) -> bool:
    try:
        return bool(date.fromisoformat(value))
    except (TypeError, ValueError):
        return False


def _absolute(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://"))


def _positions(items: Any, path: str) -> list[str]:
    if [item.get("position") for item in items] != list(range(1, len(items) + 1)) or not items:
        return [f"{path}: positions"]
    return [fault for item in items for fault in _node(item, path)]


TEXT = _if(lambda value: isinstance(value, str) and bool(value.strip()))
MONEY = _if(_money)
DAY = _if(_day)
URL = _if(_absolute)
URLS = _if(lambda value: isinstance(value, list) and bool(value) and all(map(_absolute, value)))
CNY = _if(lambda value: value == "CNY")
COUNT = _if(lambda value: isinstance(value, int) and value > 0)

TYPES: dict[str, dict[str, tuple[bool, Holds]]] = {
    "Product": {
        "name": (True, TEXT),
        "image": (True, URLS),
        "offers": (True, _node),
        "description": (True, TEXT),
        "url": (True, URL),
        "sku": (True, TEXT),
        "category": (False, TEXT),
        "weight": (True, _node),
        "aggregateRating": (False, _node),
    },
    "Offer": {
        "url": (True, URL),
        "price": (True, MONEY),
        "priceCurrency": (True, CNY),
        "priceSpecification": (True, _node),
        "availability": (True, _if(lambda value: value in {f"{SCHEMA}/{w}" for w in WORDS})),
        "availabilityStarts": (False, DAY),
        "priceValidUntil": (False, DAY),
        "itemCondition": (True, _if(lambda value: value == f"{SCHEMA}/NewCondition")),
        "seller": (True, _node),
    },
    "UnitPriceSpecification": {
        "price": (True, MONEY),
        "priceCurrency": (True, CNY),
        "referenceQuantity": (True, _node),
    },
    "QuantitativeValue": {
        "value": (True, MONEY),
        "unitCode": (True, _if(lambda value: value == "KGM")),
    },
    "Organization": {"name": (True, TEXT)},
    "AggregateRating": {
        "ratingValue": (True, _if(lambda value: _money(value) and Decimal(value) <= 5)),
        "reviewCount": (True, COUNT),
        "bestRating": (True, _if(lambda value: value == 5)),
        "worstRating": (True, _if(lambda value: value == 1)),
    },
    "BreadcrumbList": {"itemListElement": (True, _positions)},
    "ListItem": {"position": (True, COUNT), "name": (True, TEXT), "item": (True, URL)},
}
