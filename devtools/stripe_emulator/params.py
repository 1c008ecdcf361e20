"""Form-encoded parameters in, checked values out; a name that is not accepted is refused."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from devtools.stripe_emulator.errors import ApiError, invalid

Shape = Mapping[str, Any]
Read = Callable[[Any, str], Any]
MOST_METADATA = 50
LONGEST_KEY = 40
LONGEST_VALUE = 500


def decode(text: str) -> dict[str, Any]:
    """Nested parameters from ``a[b][0]=c``.

    >>> decode("a[b][0]=c&d=1")
    {'a': {'b': ['c']}, 'd': '1'}
    """
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        steps = re.findall(r"[^\[\]]+|\[\]", name)
        branch = tree
        for step in steps[:-1]:
            branch = branch.setdefault(step, {})
            if not isinstance(branch, dict):
                raise invalid(f"Invalid parameter: {name}", param=name)
        last = steps[-1] if steps[-1] != "[]" else str(len(branch))
        branch[last] = value
    listed: dict[str, Any] = {name: _with_lists(value) for name, value in tree.items()}
    return listed


def _with_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _with_lists(part) for name, part in value.items()}
    if inner and all(name.isdigit() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner


def text(value: Any, param: str) -> str:
    """A string."""
    if not isinstance(value, str):
        raise invalid(f"Invalid string: {value}", param=param)
    return value


def whole(value: Any, param: str) -> int:
    """A whole number."""
    try:
        return int(text(value, param))
    except ValueError:
        raise invalid(
            f"Invalid integer: {value}", param=param, code="parameter_invalid_integer"
        ) from None


def flag(value: Any, param: str) -> bool:
    """True or false."""
    if value not in ("true", "false"):
        raise invalid(f"Invalid boolean: {value}", param=param)
    return bool(value == "true")


def one_of(*words: str) -> Read:
    """One of a few words."""

    def read(value: Any, param: str) -> str:
        if value not in words:
            raise invalid(f"Invalid {param}: must be one of {', '.join(words)}", param=param)
        return text(value, param)

    return read


def anything(value: Any, _param: str) -> Any:
    """Accepted and kept as it came."""
    return value


def texts(value: Any, param: str) -> list[str]:
    """A list of strings."""
    if not isinstance(value, list):
        raise invalid("Invalid array", param=param)
    return [text(item, param) for item in value]


def listed(shape: Shape) -> Read:
    """A list of maps of one shape."""

    def read_all(value: Any, param: str) -> list[dict[str, Any]]:
        if not isinstance(value, list):
            raise invalid("Invalid array", param=param)
        return [read(item, shape, f"{param}[{index}]") for index, item in enumerate(value)]

    return read_all


def metadata(value: Any, param: str) -> dict[str, str]:
    """Names and values of the caller's own; an empty value takes a name away."""
    if value == "":
        return {}
    if not isinstance(value, dict):
        raise invalid("Invalid hash", param=param)
    if len(value) > MOST_METADATA or any(len(name) > LONGEST_KEY for name in value):
        raise invalid("Metadata can have up to 50 keys of up to 40 characters.", param=param)
    if any(len(text(word, param)) > LONGEST_VALUE for word in value.values()):
        raise invalid("Metadata values can have up to 500 characters.", param=param)
    return value


def read(given: Mapping[str, Any], shape: Shape, inside: str = "") -> dict[str, Any]:
    """The given parameters, each read as its shape says; unknown names are refused."""
    if not isinstance(given, Mapping):
        raise invalid("Invalid hash", param=inside)
    taken = {}
    for name, value in given.items():
        param = f"{inside}[{name}]" if inside else name
        if name not in shape:
            raise _unknown(name, param)
        reader = shape[name]
        taken[name] = reader(value, param) if callable(reader) else read(value, reader, param)
    return taken


def _unknown(name: str, param: str) -> ApiError:
    if name == "payment_method_types":  # taken away by API version 2026-09-30.endive
        message = "payment_method_types is no longer supported: use allowed_payment_method_types."
        return invalid(message, param=param, code="payment_method_types_no_longer_supported")
    return invalid(f"Received unknown parameter: {param}", param=param, code="parameter_unknown")


def require(given: Mapping[str, Any], *names: str) -> None:
    """Refuse when one of the names is missing."""
    for name in names:
        if given.get(name) in (None, ""):
            message = f"Missing required param: {name}."
            raise invalid(message, param=name, code="parameter_missing")


def merged(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """Metadata after an update."""
    return {name: word for name, word in {**old, **new}.items() if word != ""}
