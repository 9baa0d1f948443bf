"""An exercise from its first step to its last."""

import pytest

from shared import exercises
from shared.errors import Conflict


@pytest.mark.parametrize(("exercise", "mode"), [(False, "exercise"), (True, "live"), (True, "import")])
def test_what_is_real_and_what_is_an_exercise_are_not_mixed(exercise: bool, mode: str) -> None:
    with pytest.raises(Conflict, match="exercise"):
        exercises.require(exercise, mode)


@pytest.mark.parametrize(("exercise", "mode"), [(True, "exercise"), (False, "live"), (False, "import")])
def test_each_goes_on_in_its_own(exercise: bool, mode: str) -> None:
    exercises.require(exercise, mode)
