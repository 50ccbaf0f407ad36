"""What keeps secrets: tokens encrypted for the database, and the `state` of an installation under
way, sealed with its hour.

The secrets behind it may be changed while the bot runs: the first of SECRET_KEY shuts, all of them
open.
"""

import base64
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class SecretBox:
    """Encrypts texts.

    What it is used for goes into the key, so that nothing sealed for one use opens in another.
    """

    def __init__(self, secret_key: str, use: str = "pivotbot slack tokens") -> None:
        parts = [part.strip() for part in secret_key.split(",") if part.strip()]
        if not parts:
            raise ValueError("SECRET_KEY is empty")
        self._first, *_ = self._all = _keys(parts, use)
        self._any = MultiFernet(self._all)

    def encrypt(self, text: str) -> str:
        return self._first.encrypt(text.encode()).decode()

    def decrypt(self, shut: str) -> tuple[str, bool]:
        """The text, and whether it should be shut anew (an older secret opened it).

        Raises InvalidToken if no secret fits.
        """
        try:
            return self._first.decrypt(shut.encode()).decode(), False
        except InvalidToken:
            return self._any.decrypt(shut.encode()).decode(), True

    def state_of(self, shut: str) -> Literal["present", "aged", "lost"]:
        """Whether the first secret opens it, another one, or none."""
        try:
            _text, is_aged = self.decrypt(shut)
        except InvalidToken:
            return "lost"
        if is_aged:
            return "aged"
        return "present"

    def seal(self, text: str, at: datetime) -> str:
        """The text with its instant, in letters that fit an address and a cookie."""
        return self._first.encrypt_at_time(text.encode(), int(at.timestamp())).decode().rstrip("=")

    def unseal(self, sealed: str, at: datetime, lasts: timedelta) -> str | None:
        """The text of a seal of ours that is not older than it lasts; None for anything else."""
        try:
            return self._any.decrypt_at_time(
                _pad(sealed), int(lasts.total_seconds()), int(at.timestamp())
            ).decode()
        except (InvalidToken, UnicodeEncodeError):
            return None


def _pad(sealed: str) -> bytes:
    return sealed.encode("ascii") + b"=" * (-len(sealed) % 4)


def _keys(secrets: Sequence[str], use: str) -> list[Fernet]:
    """A Fernet key of any secret."""
    derived = (
        HKDF(algorithm=SHA256(), length=32, salt=None, info=use.encode()).derive(secret.encode())
        for secret in secrets
    )
    return [Fernet(base64.urlsafe_b64encode(key)) for key in derived]
