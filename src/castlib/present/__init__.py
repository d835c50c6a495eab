"""What a page shows: Thai formatting, tables, figures, maps, sentences, named results."""

from castlib import lazy

__all__ = [
    "cases",
    "coding",
    "collection",
    "comparisons",
    "conditions",
    "displays",
    "districts",
    "expansion",
    "exploring",
    "figures",
    "guidelines",
    "joint",
    "maps",
    "measurement",
    "networks",
    "notes",
    "priorities",
    "profile",
    "readings",
    "results",
    "robust",
    "sensitivity",
    "structure",
    "tables",
    "thai",
    "voices",
    "words",
]

__getattr__, __dir__ = lazy.modules(__name__, __all__)
