"""Reading a request as strictly as Stripe does: bracketed names, exact types, nothing unknown. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from migrator.sandbox.refusals import ApiRefusal

# The library's parameter types inherit its own request options and leave these names undefined at run time.
LIBRARY_OPTIONS = {
    "api_key", "stripe_version", "stripe_account", "stripe_context", "max_network_retries",
    "idempotency_key", "content_type", "headers",
}  # fmt: skip
LATE_NAMES = {"StripeContext": object, "Mapping": Mapping}


def decoded(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """This will turn `a[b][0]=c` into nested dictionaries; lists stay dictionaries of their positions."""
    tree: dict[str, Any] = {}
    for name, value in pairs:
        first, *rest = [name.partition("[")[0], *re.findall(r"\[([^\[\]]*)\]", name)]
        node, key = tree, first
        for following in rest:
            branch = node.setdefault(key, {})
            if not isinstance(branch, dict):
                raise ApiRefusal("This parameter is both a value and a group.", param=name)
            node, key = branch, following or str(len(branch))
        node[key] = value
    return tree


def conformed(value: Any, hint: Any, param: str = "") -> Any:
    """This will return the value in the type that the library declares for it.

    :raises ApiRefusal: naming the parameter, when it is unknown, missing or of another type
    """
    if hasattr(hint, "__required_keys__"):
        return _members(value, hint, param)
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return _one_of(value, get_args(hint), param)
    if origin is list:
        item = get_args(hint)[0]
        return [conformed(each, item, f"{param}[{at}]") for at, each in enumerate(_listed(value, param))]
    if origin is dict:
        return {key: conformed(each, str, f"{param}[{key}]") for key, each in _group(value, param).items()}
    return _scalar(value, hint, param)


def _members(value: Any, hint: Any, param: str) -> dict[str, Any]:
    known = get_type_hints(hint, localns=LATE_NAMES)
    given = _group(value, param)
    for name in given:
        if name not in known or name in LIBRARY_OPTIONS:
            path = _inside(param, name)
            raise ApiRefusal(f"Stripe knows no parameter {path}.", code="parameter_unknown", param=path)
    for name in sorted(hint.__required_keys__ - given.keys()):
        path = _inside(param, name)
        raise ApiRefusal(f"The parameter {path} is required.", code="parameter_missing", param=path)
    return {name: conformed(each, known[name], _inside(param, name)) for name, each in given.items()}


def _one_of(value: Any, hints: tuple[Any, ...], param: str) -> Any:
    structured = [one for one in hints if hasattr(one, "__required_keys__") or get_origin(one) in (list, dict)]
    words = [word for one in hints if get_origin(one) is Literal for word in get_args(one)]
    scalars = [one for one in hints if one in (int, bool, str)]
    if structured and (isinstance(value, dict) or not words + scalars):
        return conformed(value, structured[0], param)
    if any(words):
        # The library leaves its enumerations open by adding str; Stripe itself does not.
        return _scalar(value, Literal[tuple(words)], param)
    return value if value in words else _scalar(value, scalars[0] if scalars else str, param)


def _scalar(value: Any, hint: Any, param: str) -> Any:
    if not isinstance(value, str):
        raise ApiRefusal("Give one value here, not a group.", code="parameter_invalid_string", param=param)
    if get_origin(hint) is Literal and value not in get_args(hint):
        raise ApiRefusal(f"{value!r} is not one of the words that Stripe takes for {param}.", param=param)
    if hint is int:
        if not re.fullmatch(r"-?[0-9]{1,18}", value, flags=re.ASCII):
            raise ApiRefusal("Give a whole number.", code="parameter_invalid_integer", param=param)
        return int(value)
    if hint is bool:
        if value not in ("true", "false"):
            raise ApiRefusal("Give true or false.", param=param)
        return value == "true"
    return value


def _group(value: Any, param: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ApiRefusal("Give a group of named values here.", param=param)
    return value


def _listed(value: Any, param: str) -> list[Any]:
    group = _group(value, param)
    if not all(re.fullmatch(r"[0-9]{1,3}", position, flags=re.ASCII) for position in group):
        raise ApiRefusal("Give a list here.", code="parameter_invalid_array", param=param)
    return [group[position] for position in sorted(group, key=int)]


def _inside(param: str, name: str) -> str:
    return f"{param}[{name}]" if param else name
