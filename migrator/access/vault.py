"""Sealing and opening secrets. The first key seals, every key opens, so that keys can be changed without a gap."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from migrator.errors import DomainError


class SealBroken(DomainError):
    """No key of this installation opens the seal."""


class Vault:
    """The cipher of one installation; it says nothing about its keys."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._cipher = MultiFernet([Fernet(key) for key in keys])

    def seal(self, value: str) -> bytes:
        """This will return the value encrypted and authenticated under the newest key."""
        return self._cipher.encrypt(value.encode())

    def open(self, sealed: bytes) -> str:
        """This will return what was sealed.

        :raises SealBroken: when it was sealed under a key that is gone, or was damaged
        """
        try:
            return self._cipher.decrypt(sealed).decode()
        except InvalidToken as error:
            raise SealBroken(
                "This secret cannot be opened: its key is missing. Ask the customer to send it again."
            ) from error

    def reseal(self, sealed: bytes) -> bytes:
        """This will return the same value sealed under the newest key.

        :raises SealBroken: as `open` does
        """
        try:
            return self._cipher.rotate(sealed)
        except InvalidToken as error:
            raise SealBroken("A secret cannot be opened: give its old key too, then rotate again.") from error
