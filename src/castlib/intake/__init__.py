"""From what provinces send to the study's checked tables: `intake(folder)` does it all.

One module a kind of file (questionnaire, forms, photos, sheets); `values` reads one cell, `word` opens a
Word file, `faults` holds every sentence, `desk` puts the tables together and `report` counts. Nothing
read is lost: for files, rows and fields, read = accepted + rejected, and an imbalance is an error.
"""

import importlib

__all__ = ["intake"]


def __getattr__(name: str) -> object:
    if name == "intake":
        return importlib.import_module("castlib.intake.desk").intake
    raise AttributeError(f"module 'castlib.intake' has no attribute {name!r}")
