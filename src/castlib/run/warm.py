"""What every warm kernel finds already done: imported by the fork server, and by nothing else.

Importing this module imports the libraries that notebooks use and uses them once, so that no kernel
forked afterwards pays for imports, the font list or the dictionary. The process must still have a
single thread when it is done, for a fork copies only the thread that calls it.
"""

import contextlib
import gc
import importlib
import pkgutil
import signal

import castlib

# not matplotlib_inline: it looks for its notebook when it is imported
LIBRARIES = (
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.extensions.storemagic",
    "ipykernel.kernelapp",
    "ipykernel.debugger",  # half a second of any kernel's start: it imports debugpy
    "krippendorff",
    "pandas",
    "pingouin",
    "pyarrow.dataset",
    "pyarrow.parquet",
    "seaborn",
    "sklearn.decomposition",
    "sklearn.feature_extraction.text",
    "statsmodels.regression.linear_model",
    "statsmodels.stats.outliers_influence",
    "tornado.platform.asyncio",
    "castlib.run.child",
)
# explore is for notebooks too, but ipywidgets must be imported where a kernel is: it registers with it
NOT_IN_NOTEBOOKS = (
    *("book", "cli", "commands", "demo", "exchange", "explore", "intake", "release", "run"),
)


def _modules() -> list[str]:
    """Return the names of castlib's modules that notebooks can reach."""
    names = []
    for found in pkgutil.iter_modules(castlib.__path__, "castlib."):
        if found.name.split(".")[1] in NOT_IN_NOTEBOOKS:
            continue
        names.append(found.name)
        if found.ispkg:
            folder = importlib.import_module(found.name).__path__
            names += [inner.name for inner in pkgutil.iter_modules(folder, f"{found.name}.")]
    return names


def _use_once() -> None:
    """Draw one small figure with Thai text, read the study's tables, choose a quote from one segment."""
    import matplotlib as mpl
    import matplotlib.pyplot
    import pandas as pd

    from castlib.errors import CastError
    from castlib.present import figures
    from castlib.text import quotes

    with mpl.rc_context():
        figures.style()
        drawing, axes = figures.blank(2)
        axes.set_title("ที่นี่")
        figures.finish(drawing, "", "", figures.numbers(pd.DataFrame({"n": [1]}), {"n": "n"}))
    # looks through the installed packages for backends, once
    mpl.rcParams["backend"] = "module://matplotlib_inline.backend_inline"
    # on a machine that has no study yet, both come with the first notebook's
    with contextlib.suppress(OSError, CastError):
        study = castlib.load()
        quotes.choose(study.segments.head(1), study.codings.head(1), [])


# An interrupt is not for the server, nor for a kernel that has not begun.
signal.signal(signal.SIGINT, signal.SIG_IGN)
# Collections before the fork would leave holes in the pages that the forks share.
gc.disable()
for _name in LIBRARIES:
    importlib.import_module(_name)
for _name in _modules():
    # a module with a fault in it is for the notebook that uses it to report
    with contextlib.suppress(Exception):
        importlib.import_module(_name)
_use_once()
gc.freeze()
