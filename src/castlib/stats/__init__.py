"""Statistics of the study, one topic a module: plain frames in, frozen results out, nothing rounded or printed."""

from castlib import lazy

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

__getattr__, __dir__ = lazy.modules(__name__, __all__)
