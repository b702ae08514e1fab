"""What the check of every exercise must do. A test module gives its answers to a class made of this one."""

import pytest


@pytest.mark.filterwarnings("ignore:(invalid|overflow|divide):RuntimeWarning")
class EveryCheck:
    """`right` holds (check, right answer), `wrong` (check, wrong answer, words of the hint)."""

    right = wrong = ()

    def pytest_generate_tests(self, metafunc):
        if "words" in metafunc.fixturenames:
            metafunc.parametrize(("check", "answer", "words"), self.wrong)
        elif "answer" in metafunc.fixturenames:
            metafunc.parametrize(("check", "answer"), self.right)
        else:
            metafunc.parametrize("check", [check for check, _ in self.right])

    def test_right_answers_pass(self, check, answer):
        result = check(answer)
        assert result.passed is True and repr(result).startswith("✓ Right.")

    def test_mistakes_are_named(self, check, answer, words):
        result = check(answer)
        assert result.passed is False and words in repr(result)

    def test_no_answer_is_no_failure(self, check):
        assert check(lambda *a: ...).passed is None and check(...).passed is None

    def test_nonsense_and_errors_become_verdicts(self, check):
        assert check(5).passed is False and "to be a function" in repr(check(5))
        assert "ZeroDivisionError" in repr(check(lambda *a: 1 / 0))
