"""castlib: the library under the CAST study compendium.

What a researcher uses in a notebook: `castlib.load(region)` for the data, the modules `regions` and
`instrument` for what the codes mean, and the topics `stats`, `text` and `present`. Everything is
imported when first used, so that `import castlib` costs next to nothing.
"""

import importlib

__version__ = "0.1.0"
__all__ = ["instrument", "load", "present", "protocol", "regions", "stats", "text"]


def __getattr__(name: str) -> object:
    if name == "load":
        return importlib.import_module("castlib.store").load
    if name in __all__:
        return importlib.import_module(f"castlib.{name}")
    raise AttributeError(f"module 'castlib' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
