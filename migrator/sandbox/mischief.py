"""What goes wrong at a provider: statements that lose a movement, other fees and prices, real money among test money.

For rehearsals; nothing of it is announced, because the real one would not announce it either.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from migrator.sandbox.payments import enter_balance
from migrator.sandbox.refusals import ApiRefusal
from migrator.sandbox.state import Body, Records

LOST = "lost_balance_transaction"
Mischief = Callable[[Records, Mapping[str, str], int], Body]


def lose_movement(records: Records, given: Mapping[str, str], _at: int) -> Body:
    """This will leave the movement of a `charge` out of all statements and payouts to come."""
    return _renamed(records, _movement(records, given), LOST)


def find_movement(records: Records, given: Mapping[str, str], _at: int) -> Body:
    """This will put the lost movement of a `charge` back, so that the next payout takes it."""
    return _renamed(records, _movement(records, given, kind=LOST), "balance_transaction")


def take_more(records: Records, given: Mapping[str, str], _at: int) -> Body:
    """This will take a fee for a `charge` that is larger by `amount` than the price list says."""
    entry, amount = _movement(records, given), _amount(given)
    entry |= {"fee": entry["fee"] + amount, "net": entry["net"] - amount}
    entry["fee_details"] = [{"amount": entry["fee"], "currency": entry["currency"], "type": "stripe_fee"}]
    return records.save(entry)


def bill(records: Records, given: Mapping[str, str], at: int) -> Body:
    """This will take a fee of `amount` that belongs to no charge, in `currency` (usd unless given)."""
    nothing = {"id": None, "currency": given.get("currency", "usd"), "description": "Billing"}
    return records.load(
        "balance_transaction", enter_balance(records, nothing, kind="fee", amount=-_amount(given), fee=0, at=at)
    )


def make_live(records: Records, given: Mapping[str, str], _at: int) -> Body:
    """This will say of a `charge` that it was real money."""
    return records.save(records.load("charge", given.get("charge", "")) | {"livemode": True})


def ask_otherwise(records: Records, given: Mapping[str, str], _at: int) -> Body:
    """This will ask another `amount`, or one in another `currency`, for an open `session`."""
    session = records.load("checkout.session", given.get("session", ""))
    if session["status"] != "open":
        raise ApiRefusal("Only an open session can ask another price.", param="session")
    amount = _amount(given) if "amount" in given else session["amount_total"]
    session |= {"amount_total": amount, "currency": given.get("currency", session["currency"])}
    return records.save(session)


KINDS: dict[str, Mischief] = {
    "lose": lose_movement,
    "find": find_movement,
    "fee": take_more,
    "bill": bill,
    "live": make_live,
    "price": ask_otherwise,
}


def _movement(records: Records, given: Mapping[str, str], *, kind: str = "balance_transaction") -> Body:
    return records.load(kind, records.load("charge", given.get("charge", ""))["balance_transaction"])


def _renamed(records: Records, entry: Body, kind: str) -> Body:
    records.connection.execute("UPDATE objects SET kind = ? WHERE id = ?", (kind, entry["id"]))
    return entry


def _amount(given: Mapping[str, str]) -> int:
    try:
        return int(given.get("amount", ""))
    except ValueError as error:
        raise ApiRefusal("Give the amount in the currency's smallest unit.", param="amount") from error
