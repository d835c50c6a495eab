"""Statistics of the study, one topic a module: plain frames in, frozen results out, nothing rounded or printed."""

import importlib

__all__ = [
    "configurations",
    "design",
    "factors",
    "families",
    "groups",
    "levels",
    "models",
    "needs",
    "refusals",
    "reliability",
]


def __getattr__(name: str) -> object:
    if name in __all__:
        return importlib.import_module(f"castlib.stats.{name}")
    raise AttributeError(f"module 'castlib.stats' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
