"""What makes a password too weak, decided without asking anybody outside."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
FEWEST_DIFFERENT_CHARACTERS = 5
LOOKALIKES = str.maketrans("013457@$!", "oieastasi")
GUESSED_FIRST = (
    "administrator admin baseball changeme computer dragon football freedom hello iloveyou internet letmein login "
    "master migrator monkey passport passwort password princess qwerty qwertz secret starwars summer sunshine "
    "superman test trustno welcome whatever winter"
)
ROWS = (
    "0123456789" * 2,
    "9876543210" * 2,
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "1q2w3e4r5t6z7u8i9o0p",
)
TOO_SHORT = f"Your password must be at least {SHORTEST_PASSWORD} characters long. Three or four words make a good one."
TOO_LONG = f"Your password must be at most {LONGEST_PASSWORD} characters long."
TOO_EASY = "This password is among the first that others would guess. Three or four unrelated words make a good one."
TOO_CLOSE = "This password is made of your own name or address. Choose something that others do not know about you."


def weakness(password: str, *, personal: Iterable[str] = ()) -> str | None:
    """This will return what is wrong with a password, as a sentence, or none when it may be used.

    :param personal: the person's names and addresses, which others would try first
    """
    if len(password) < SHORTEST_PASSWORD:
        return TOO_SHORT
    if len(password) > LONGEST_PASSWORD:
        return TOO_LONG
    if _is_easy(password.lower()):
        return TOO_EASY
    return TOO_CLOSE if _is_made_of(_letters(password), _parts(personal)) else None


def _is_easy(password: str) -> bool:
    if len(set(password)) < FEWEST_DIFFERENT_CHARACTERS or any(password in row for row in ROWS):
        return True
    return _is_made_of(_letters(password), GUESSED_FIRST.split())


def _letters(text: str) -> set[str]:
    """The letters alone, as typed and with digits between them read as the letters that they stand for."""
    lower = text.lower()
    return {
        _without_signs(lower),
        _without_signs(lower.strip(string.digits + string.punctuation).translate(LOOKALIKES)),
    }


def _without_signs(text: str) -> str:
    return re.sub(r"[\W\d_]", "", text)


def _is_made_of(spellings: Iterable[str], words: Iterable[str]) -> bool:
    return any(_rest(letters, words) == "" for letters in spellings)


def _rest(letters: str, words: Iterable[str]) -> str:
    for word in sorted(words, key=len, reverse=True):
        letters = letters.replace(word, "")
    return letters


def _parts(personal: Iterable[str]) -> list[str]:
    return [part for text in personal for part in re.split(r"[\W\d_]+", text.lower()) if len(part) > 2]
