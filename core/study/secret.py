"""The key of the pseudonyms: it stays with the study (or the user) and is never exported."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from counterpoise.core.errors import CounterpoiseError

NAME = "secret"
KEY_BYTES = 32


def read_or_make_secret(folder: Path) -> bytes:
    """Return the key kept in ``folder``, making it at first use.

    Raises CounterpoiseError where it can't be read or written, or isn't a key: a new key in its
    place would give every patient a new pseudonym.
    """
    path = folder / NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        key = _make(path) or bytes.fromhex(path.read_text(encoding="ascii"))
    except OSError as error:
        raise CounterpoiseError(
            f"The key of the pseudonyms, {path}, can't be read or written ({error.strerror}). "
            "Make the folder writable."
        ) from None
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise CounterpoiseError(
            f"{path} is damaged: expected a key of {2 * KEY_BYTES} hexadecimal digits. "
            "Put the file back from a copy, or delete it to give all patients new pseudonyms."
        )
    return key


def _make(path: Path) -> bytes | None:
    """Write a new key; None where one is there already (made by another process, it may be)."""
    if path.exists():
        return None
    key = secrets.token_bytes(KEY_BYTES)
    beside = path.with_name(f".{NAME}.{os.getpid()}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key.hex())
    try:
        os.link(beside, path)  # unlike a rename, it never replaces another's key
    except FileExistsError:
        return None
    except OSError:  # a file system without hard links
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return key


def pseudonym(secret: bytes, text: str) -> str:
    """Return the name under which a patient (or a file that identifies one) is known: 12 hexadecimal digits.

    HMAC-SHA256 (RFC 2104), so that nobody without the key can try out names.
    """
    return hmac.new(secret, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:12]
