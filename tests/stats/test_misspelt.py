"""A misspelt column is told with the nearest, by every function that is given names."""

import pandas as pd
import pytest

from castlib.errors import CastError
from castlib.stats import configurations as fsqca
from castlib.stats import factors, families, groups, models, needs, reliability

ROWS = 30
FRAME = pd.DataFrame(
    {
        "score": [1.0, 2, 3, 4, 5, 2] * 5,
        "other": [2.0, 1, 4, 3, 5, 5] * 5,
        "third": [1.0, 3, 3, 2, 4, 5] * 5,
        "sector": ["a", "b", "b"] * 10,
        "district": [n // 6 for n in range(ROWS)],
    }
)
SETS = FRAME[["score", "other"]] / 10
CALLS = {
    "reliability": lambda d: reliability.reliability(d[["score", "other", "third"]], ["scor"]),
    "icc": lambda d: reliability.icc(d, "sectr", "district", "score"),
    "cfa": lambda d: factors.cfa(d, "f =~ scor + other + third"),
    "invariance": lambda d: factors.invariance(d, "f =~ score + other + third", "sectr"),
    "compare": lambda d: groups.compare(d, "scor", "sector"),
    "compare, groups": lambda d: groups.compare(d, "score", "sectr"),
    "compare, clusters": lambda d: groups.compare(d, "score", "sector", cluster="distrct"),
    "association": lambda d: groups.association(d, "sectr", "district"),
    "correlation": lambda d: groups.correlation(d, "scor", "other"),
    "regression": lambda d: models.regression(d, "score", ["othr"]),
    "regression, clusters": lambda d: models.regression(d, "score", ["other"], "distrct"),
    "importance": lambda d: models.relative_importance(d, "scor", ["other"]),
    "multilevel": lambda d: models.multilevel(d, "score", "distrct"),
    "multilevel, x": lambda d: models.multilevel(d, "score", "district", ["othr"]),
    "pni": lambda d: needs.pni(d, ["scor"], ["other"]),
    "importance and performance": lambda d: needs.importance_performance(d, "scor", "other"),
    "compare_all": lambda d: families.compare_all(d, ["score"], ["sectr"]),
    "clustering": lambda d: families.clustering(d, ["scor"], "district"),
    "necessity": lambda d: fsqca.necessity(SETS, "scor", ["other"]),
    "sufficiency": lambda d: fsqca.sufficiency(SETS, "score", ["othr"]),
    "truth table": lambda d: fsqca.truth_table(SETS, "score", ["othr"]),
}


@pytest.mark.parametrize("name", CALLS)
def test_the_nearest_column_is_named(name):
    with pytest.raises(CastError, match=r"did you mean '(score|other|sector|district)'"):
        CALLS[name](FRAME)
