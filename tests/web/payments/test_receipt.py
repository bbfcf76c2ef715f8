"""The receipt."""

from __future__ import annotations

from migrator.policy.loading import migration_desk
from tests.factories.till import Till


def test_a_receipt_shows_lines_calculation_reference_and_allow_list(till: Till) -> None:
    number = till.order()
    checkout_id = till.paid_at_provider(number)
    till.come_back(number, checkout_id)
    page = till.client().get(f"/orders/{number}/receipt")
    reference = till.gateway.checkout(checkout_id).payment_intent_id
    assert reference is not None
    for words in (
        "Lindqvist Books",
        number,
        "$266.43, Tue 24 Nov 2026, 11:00 Kyiv, by card",
        reference,
        "$249.00 × 7 % = $17.43",
        "$266.43",
        *migration_desk().allow_list,
    ):
        assert words in page.text


def test_before_payment_there_is_no_receipt(till: Till) -> None:
    number = till.order()
    assert till.client().get(f"/orders/{number}/receipt").location == f"/orders/{number}/pay"
