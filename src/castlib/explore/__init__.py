"""Exploring by choosing: tables and figures of one region, the code that made them, files to take away.

`page(region)` shows the page in a notebook. The views (`castlib.explore.views`) are code of castlib
that is shown as it is run, so that what a researcher copies is what made what was seen.
"""

from castlib import lazy

__all__ = ["page"]


def page(region: str = "TH") -> object:
    """Return the page, beginning with a region; a notebook shows it."""
    from castlib.explore.panel import Panel

    return Panel(region).box


__getattr__, __dir__ = lazy.offered(__name__)
