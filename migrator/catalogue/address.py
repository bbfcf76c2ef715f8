"""A selection as the parameters of an address, so that pages and letters can lead back to what was picked. Pure."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from migrator.catalogue.rules import Selection
from migrator.policy.loading import USUAL_CURRENCY

NO_INSURANCE = "none"


def address_of(selection: Selection) -> dict[str, Any]:
    """This will return the parameters of an address that hold the selection."""
    parameters = {
        "source": selection.source_platform,
        "target": selection.target_platform,
        "pages": selection.pages,
        "who": selection.family.value,
        "product": selection.sku,
        "options": list(selection.options),
        "insurance": selection.insurance_plan or NO_INSURANCE,
    }
    return parameters if selection.currency == USUAL_CURRENCY else {**parameters, "currency": selection.currency}


def path_with(path: str, selection: Selection) -> str:
    """This will return a path of ours that opens with the selection filled in."""
    return f"{path}?{urlencode(address_of(selection), doseq=True)}"
