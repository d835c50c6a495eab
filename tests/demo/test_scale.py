import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from castlib.demo import scale


@given(st.floats(1.5, 4.8), st.floats(0.4, 1.5))
def test_the_centre_gives_the_wanted_mean(wanted, spread):
    assert scale.mean(scale.centre_for(wanted, spread), spread) == pytest.approx(wanted, abs=1e-9)


@given(st.floats(-1, 7), st.floats(0.3, 2))
def test_chances_are_a_distribution(centre, spread):
    chances = scale.chances(centre, spread)
    assert (chances >= 0).all()
    assert chances.sum() == pytest.approx(1)


def test_moments_agree_with_a_simulation():
    z = np.random.default_rng(1).standard_normal(400_000)
    answers = scale.cut(4.2 + 0.85 * z)
    assert set(answers) == {1, 2, 3, 4, 5}
    assert answers.mean() == pytest.approx(scale.mean(4.2, 0.85), abs=0.005)
    assert answers.std() == pytest.approx(scale.deviation(4.2, 0.85), abs=0.005)
    assert np.cov(answers, z)[0, 1] == pytest.approx(scale.slope(4.2, 0.85), abs=0.005)
