"""castlib: the library under the CAST study compendium.

What a researcher uses in a notebook: `castlib.load(region)` for the data, `regions.table()` and
`instrument.table()` for what the codes mean, the topics `stats`, `text` and `present`, and `spss` for
tables as SPSS shows them. Everything is imported when first used, so that `import castlib` costs next
to nothing.
"""

from castlib import lazy

__version__ = "0.1.0"
__all__ = [
    "explore",
    "instrument",
    "labels",
    "load",
    "present",
    "protocol",
    "regions",
    "spss",
    "stats",
    "text",
]

_module, __dir__ = lazy.modules(__name__, __all__)


def __getattr__(name: str) -> object:
    if name == "load":
        from castlib.store import load

        return load
    return _module(name)
