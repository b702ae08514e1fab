"""The example in helpers/live/README.md is short, runs, and makes a figure that can be shown."""

import re
from pathlib import Path

from helpers.live import LiveFigure

TEXT = (Path(__file__).resolve().parents[2] / "helpers/live/README.md").read_text(encoding="utf-8")


def test_the_example_runs():
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, re.S)
    lines = [line for line in code.splitlines() if line.strip() and not line.startswith(("import", "from"))]
    assert len(lines) <= 10
    names = {}
    exec("\n".join(code.splitlines()[:-1]), names)
    figure = eval(code.splitlines()[-1], names)
    assert isinstance(figure, LiveFigure) and figure.summary == "It fades with rate 0.05."
    assert "0.2" in figure.set(rate=2) and {"image/png", "text/html"} <= set(figure._repr_mimebundle_()[0])


def test_what_it_names_is_there():
    import helpers.live

    for name in re.findall(r"`([A-Z]\w+)", TEXT):
        assert name in helpers.live.__all__ or name == "ValueError", name
