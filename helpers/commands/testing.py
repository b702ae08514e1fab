"""`course.py test`: style, helpers, notebooks, browser, each in a process of its own, counted in one line.

Standard library only, like all that runs before the environment is there.
"""

import os
import xml.etree.ElementTree as xml
from pathlib import Path

from helpers.commands.environment import TESTERS, environment
from helpers.commands.programs import BUILD, ROOT, end, finish, run, start, surroundings
from helpers.commands.saying import Plain, say

SUITES = {  # name: (what it looks at, options)
    "helpers": (["tests"], ["--ignore=tests/browser"]),
    "notebooks": (["notebooks"], ["--nbval", "--nbval-current-env"]),
    "browser": (["tests/browser"], []),
}
INNERMOST_FIRST = ("notebooks", "browser", "helpers")  # the first whose folder holds a path is that path's


def test(words):
    """Style, helpers, notebooks, browser: each in a process of its own, counted in one line."""
    for before, word in zip(["", *words], words, strict=False):  # what follows an option may be the option's
        if not before.startswith("-") and not word.startswith("-") and not (ROOT / word.split("::")[0]).exists():
            raise Plain(f"There is no test at {word}.")
    python = environment(TESTERS)
    BUILD.mkdir(exist_ok=True)
    chosen = {}
    for word in words:
        place = word.split("::")[0]
        if (ROOT / place).exists() and not word.startswith("-"):
            home = Path(os.path.relpath(ROOT / place, ROOT)).as_posix() + "/"
            name = next((name for name in INNERMOST_FIRST if home.startswith(SUITES[name][0][0] + "/")), "helpers")
            chosen.setdefault(name, []).append(word)
    options = [word for word in words if not any(word in places for places in chosen.values())]
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    if not words:
        for check in (["check"], ["format", "--check"]):
            say(f"\n== style: ruff {' '.join(check)}")
            counts["failed" if run([python, "-m", "ruff", *check, "--quiet", "."]) else "passed"] += 1
    suites = {
        name: [*chosen.get(name, places), *how, *options]
        for name, (places, how) in SUITES.items()
        if not chosen or name in chosen
    }
    with Beside(python, suites) as beside:
        for name, places in suites.items():
            say(f"\n== {name}")
            code = beside.finish() if name == beside.name else finish(pytest(python, name, places))
            for kind, number in counted(name, code).items():
                counts[kind] += number
    if not any(counts.values()):
        raise Plain("No test was found.")
    say("\ncourse: {passed} passed, {failed} failed, {skipped} skipped".format(**counts))
    return 1 if counts["failed"] else 0


class Beside:
    """The browser's suite, run beside the others where there are two cores: it mostly waits. It speaks in its turn."""

    name, _child = None, None

    def __init__(self, python, suites):
        if "browser" in suites and len(suites) > 1 and (os.cpu_count() or 1) > 1:
            self.name = "browser"
            self._said = (BUILD / "tests-browser.txt").open("w+b")
            self._child = pytest(python, "browser", suites["browser"], stdout=self._said, stderr=self._said)

    def finish(self):
        """Wait for its end, print what it said, and give its exit code."""
        code = finish(self._child)
        self._said.seek(0)
        say(self._said.read().decode(errors="replace"))
        return code

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        if self._child:
            end(self._child)
            self._said.close()


def pytest(python, name, words, **options):
    """Start pytest. The hash seed is that of stored outputs; CI insists on a browser (CONTRIBUTING.md)."""
    report(name).unlink(missing_ok=True)
    own = {name: value for name, value in os.environ.items() if name == "CI" or name.startswith("PYTEST_")}
    env = surroundings(PYTHONHASHSEED="0", **own)
    if os.environ.get("CI", "").lower() not in ("", "0", "false"):
        env.setdefault("COURSE_REQUIRE_BROWSER", "1")
    cache = f"cache_dir={BUILD / 'pytest' / name}"  # each suite has its own: two may run at once
    command = [python, "-m", "pytest", "-q", "-rs", "-o", cache, f"--junitxml={report(name)}", *words]
    return start(command, env=env, **options)


def report(name):
    """Where a suite leaves its counts."""
    return BUILD / f"tests-{name}.xml"


def counted(name, code):
    """How many tests of a suite passed, failed, were skipped, from its report and its exit code."""
    suites = list(xml.parse(report(name)).getroot().iter("testsuite")) if report(name).exists() else []
    total, failures, errors, skipped = (
        sum(int(suite.get(kind, 0)) for suite in suites) for kind in ("tests", "failures", "errors", "skipped")
    )
    failed = failures + errors
    if code not in (0, 5) and not failed:  # 5: no test matches what was asked for
        say(f"pytest itself failed in {name} (exit code {code}).")
        failed = 1
    return {"passed": max(0, total - failures - errors - skipped), "failed": failed, "skipped": skipped}
