"""The tables that SPSS shows, each from one line, for those who come from there; docs/spss.md maps the menus.

Frames in, tables out, nothing rounded. The study's own analyses (`castlib.stats`) choose their tests and
allow for people of one district being alike; these, like SPSS, do what they are told and suppose independent
people. Rows in Thai words: give `study.labelled(columns=False)` or `labels.labelled(frame, columns=False)`.
"""

from castlib import lazy
from castlib.spss._compare import Anova, TTest, anova, means, paired_ttest, ttest
from castlib.spss._count import Crosstabs, crosstabs, descriptives, frequencies
from castlib.spss._relate import Correlations, Linear, correlations, regression
from castlib.spss._scales import Factor, Scale, factor, reliability

__all__ = [
    "Anova",
    "Correlations",
    "Crosstabs",
    "Factor",
    "Linear",
    "Scale",
    "TTest",
    "anova",
    "correlations",
    "crosstabs",
    "descriptives",
    "factor",
    "frequencies",
    "means",
    "paired_ttest",
    "regression",
    "reliability",
    "ttest",
]

__getattr__, __dir__ = lazy.offered(__name__)
