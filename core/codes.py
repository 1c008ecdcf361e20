"""Codes that people read aloud: random, with a check character, never a row number."""

import secrets

# No 0/O, 1/I/L, U/V: easy to say and to write by hand.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTWXYZ"


def check_character(body: str) -> str:
    """One character that tells a mistyped or swapped one (weights by place, prime modulus)."""
    total = sum((place + 1) * (ALPHABET.index(char) + 1) for place, char in enumerate(body))
    return ALPHABET[total % len(ALPHABET)]


def new_code(prefix: str, *, length: int = 9) -> str:
    """A fresh code such as ``SD-7K3F9Q2X4M``: ``length`` random characters and a check one."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(length))
    return f"{prefix}-{body}{check_character(body)}"


def code_is_sound(code: str) -> bool:
    """Whether a typed code has a right check character.

    >>> code_is_sound("LC-2222222" + check_character("2222222"))
    True
    """
    _, _, body = code.strip().upper().partition("-")
    return (
        len(body) > 1
        and all(char in ALPHABET for char in body)
        and check_character(body[:-1]) == body[-1]
    )
