"""Where the intake leaves what personal data it saw, as keyed hashes, for the gate to search for."""

import json
from pathlib import Path

from castlib import paths
from castlib.privacy.pseudonyms import Pseudonyms


def file() -> Path:
    """Return where the hashes lie, with the fingerprint of the key they were made with."""
    return paths.build() / "intake" / "identifiers.json"


def save(masks: Pseudonyms) -> None:
    """Leave what was seen, whole or not at all."""
    paths.put_json(file(), {"key": masks.key.fingerprint, "traces": masks.traces()})


def key() -> str | None:
    """Return the fingerprint of the key of the last intake; None when there was none."""
    try:
        return json.loads(file().read_text(encoding="utf-8"))["key"]
    except (OSError, ValueError, KeyError):
        return None
