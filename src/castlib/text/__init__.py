"""What people said: Thai words, key words, codes and how far coders agree, saturation, quotes."""

from castlib import lazy

__all__ = [
    "agreement",
    "coding",
    "collocations",
    "for_coders",
    "frequency",
    "kwic",
    "matrices",
    "member_checks",
    "quotes",
    "saturation",
    "suggest",
    "topics",
    "trail",
    "unitizing",
    "words",
]

__getattr__, __dir__ = lazy.modules(__name__, __all__)
