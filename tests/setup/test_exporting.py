"""Pages of notebooks: all they need is in them, figures' scripts and formulas included."""

import base64
import html
import re
from html.parser import HTMLParser

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.commands import exporting, storing

SCRIPT = '<script>document.title = "a < b && c";</script>'
FIGURE = f'<div class="figure"><input type="range"/>{SCRIPT}</div>'
PROSE = r"""# A title & more

Inline $h_t = \tanh(a_t)$, a price of \$5, [the next one](02_next.ipynb#part), [another file](../README.md).

$$
\begin{aligned}
h_t &= \tanh(x_t W_{ih} + h_{t-1} W_{hh} + b_h) \\
y_t &= h_t W_{ho} + b_o
\end{aligned}
$$

\begin{align*} a &= b < c \end{align*}

![A picture](picture.png)

Press <kbd>Shift</kbd>+<kbd>Enter</kbd>.

## A section

<details><summary>Solution</summary>

```python
answer = 42
```

</details>
"""


@pytest.fixture
def page(tmp_path):
    """The page of a small notebook that has been run."""
    (tmp_path / "01_first.ipynb").touch()
    (tmp_path / "02_next.ipynb").touch()
    (tmp_path / "picture.png").write_bytes(base64.b64decode("iVBORw0KGgo="))
    outputs = [
        new_output(
            "display_data",
            {
                "text/plain": "a live figure",
                "text/html": FIGURE,
                "image/png": "iVBORw0KGgo=",
                storing.WIDGET: {"model_id": "abc", "version_major": 2, "version_minor": 0},
            },
        ),
        new_output("stream", text="printed words"),
        new_output("display_data", {"text/plain": "Math", "text/latex": r"$\displaystyle W_{hh}$"}),
    ]
    cells = [new_markdown_cell(PROSE), new_code_cell("1 + 1", outputs=outputs, execution_count=1)]
    return exporting.page(new_notebook(cells=cells), "01_first", tmp_path)


class Sources(HTMLParser):
    """Every address from which a page would fetch something by itself."""

    def __init__(self, text):
        super().__init__()
        self.found, self.tags = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        for name, value in attributes:
            if name in ("src", "srcset", "data", "poster") or (tag == "link" and name == "href"):
                self.found.append(value)


def test_page_fetches_nothing(page):
    assert [place for place in Sources(page).found if not place.startswith("data:")] == []
    styles = "".join(re.findall(r"<style.*?</style>", page, re.S))
    assert not re.search(r"@import|url\((?![\"']?data:)", styles)
    scripts = "".join(re.findall(r"<script.*?</script>", page, re.S))
    assert not re.search(r"https?://", scripts)
    assert "require" not in scripts and "mathjax" not in page.lower()


def test_what_is_folded_stays_folded(page):
    """A solution must not stand open below an empty fold."""
    assert re.search(r"(?s)<details><summary>Solution</summary>(?:(?!</details>).)*answer.*?</details>", page)
    assert "<kbd>Shift</kbd>+<kbd>Enter</kbd>" in page


def test_page_leads_to_its_sections_and_to_all_pages(page):
    ways = re.search(r"(?s)<nav.*?</nav>", page)[0]
    assert 'href="index.html"' in ways
    anchor = re.search(r'href="#([^"]+)">A section<', ways)[1]
    assert f'<h2 id="{anchor}"' in page


def test_live_figure_stays_as_it_is(page):
    assert page.count(FIGURE) == 1
    assert storing.WIDGET not in page and "a live figure" not in page


def test_formulas_are_drawn(page):
    assert (
        page.count('<math display="block"') + page.count('display="block" xmlns') + page.count('display="block">') >= 3
    )
    assert not re.search(r"\$|\\begin|\\tanh", re.sub(r"\$5", "", "".join(re.findall(r"<p.*?</p>", page, re.S))))
    assert "a price of $5" in page
    assert "printed words" in page


def test_page_has_a_title_and_links_to_the_other_pages(page):
    assert "<title>A title &amp; more</title>" in page
    assert 'href="02_next.html#part"' in page and 'href="../README.md"' in page
    assert 'lang="en"' in page


@pytest.mark.parametrize(
    "formula, parts",
    [
        (r"h_{t-1}^\top", ["msubsup", "⊤"]),
        (r"\frac{\partial J}{\partial W_{hh}}", ["mfrac", "∂"]),
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", ["mtable", "mtr", 'columnalign="right"']),
        (r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", ["mtable"]),
        (r"\begin{cases} 1 & x > 0 \\ 0 & \text{otherwise} \end{cases}", ["mtable", "otherwise"]),
        (r"\underbrace{x_t W_{ih}}_{(B, H)}", ["munder"]),
        (r"\sum_{t=1}^{T} \lVert \delta_t \rVert", ["∑"]),
        (r"100\,\%\ \&\ more", ["%", "&"]),
    ],
)
def test_formulas_as_mathml(formula, parts):
    result = exporting.mathml(formula)
    for part in parts:
        assert part in result or part in html.unescape(result), result
    assert "\\" not in result


@pytest.mark.parametrize("formula", [r"a + \nosuchcommand{b}", r"\begin{strange} a &= b \end{strange}"])
def test_formula_that_a_page_cannot_show_is_named(formula):
    with pytest.raises(ValueError, match="a page cannot show this formula: .*(nosuch|strange)"):
        exporting.mathml(formula)


@pytest.mark.parametrize("path", storing.chosen([]), ids=lambda path: path.stem)
def test_every_formula_of_the_course_can_be_shown(path):
    text = exporting.page(nbformat.read(path, as_version=4), path.stem)
    assert "<math" in text
    assert [place for place in Sources(text).found if not place.startswith("data:")] == []


def test_export_writes_a_page_and_a_table_of_contents(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(exporting, "PAGES", tmp_path / "html")
    path = tmp_path / "01_first.ipynb"
    cells = [new_markdown_cell("# The *first* one"), new_code_cell("print(6 * 7)")]
    nbformat.write(new_notebook(cells=cells), path)
    before = path.read_bytes()
    assert exporting.export(path)
    assert "42" in (tmp_path / "html" / "01_first.html").read_text(encoding="utf-8")
    assert '<a href="01_first.html">The *first* one</a>' in (tmp_path / "html" / "index.html").read_text(
        encoding="utf-8"
    )
    assert path.read_bytes() == before, "exporting leaves the notebook as it is"
    assert "01_first.ipynb: " in capsys.readouterr().out
