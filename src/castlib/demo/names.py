"""People who do not exist: a name from the language's own lists and a number, for the intake to hide."""

import os
from functools import cache

import numpy as np


@cache
def _listed() -> tuple[list[str], list[str]]:
    """Return women's first names and family names, in a fixed order."""
    # without it, importing pythainlp makes a folder in the user's home
    os.environ.setdefault("PYTHAINLP_READ_ONLY", "1")
    from pythainlp.corpus import thai_family_names, thai_female_names

    return sorted(thai_female_names()), sorted(thai_family_names())


def person(random: np.random.Generator) -> dict[str, str]:
    """Return a made-up person: name (first and family name, without a title) and phone."""
    first, family = (str(random.choice(names)) for names in _listed())
    digits = "".join(map(str, random.integers(0, 10, 7)))
    return {
        "name": f"{first} {family}",
        "phone": f"08{random.integers(1, 10)}-{digits[:3]}-{digits[3:]}",
    }
