"""Notebooks as pages that need nothing but a browser: no kernel, no network. `python3 course.py export` calls this.

Figures bring their own script and data as HTML; pictures and styles are put into the page; formulas become MathML,
which browsers draw by themselves, so that no script has to be fetched for them.
"""

import html
import re
import sys
from pathlib import Path

from jinja2 import DictLoader, pass_context
from latex2mathml.converter import convert
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from helpers.commands import storing

PAGES = storing.ROOT / "build" / "html"

# nbconvert's page, less the scripts that it would fetch from the network.
TEMPLATE = """{% extends 'index.html.j2' %}
{% block html_head_js %}{% endblock %}
{% block jupyter_widgets %}{% endblock %}
{% block html_head_js_mermaidjs %}{% endblock %}
{% block html_head_js_mathjax %}<style>
math { font-family: "Latin Modern Math", "STIX Two Math", "Cambria Math", "DejaVu Math TeX Gyre", math; }
math[display=block] { font-size: 1.1em; margin: 1em 0; overflow-x: auto; }
mtd[columnalign=left] { text-align: left; }
mtd[columnalign=right] { text-align: right; }
.jp-Notebook { max-width: 64rem; margin: 0 auto; }
.contents { margin: 1rem 0; }
@media print { /* paper cannot scroll or unfold, and needs no way to other pages */
  .contents, .anchor-link, .jp-InputPrompt, .jp-OutputPrompt { display: none; }
  .jp-Notebook { padding: 0; }
  .jp-Notebook pre { font-size: 8.5pt; white-space: pre-wrap; overflow-wrap: anywhere; word-break: normal; }
  .jp-Notebook pre code { font-size: inherit; }
  .jp-Notebook :is(h1, h2, h3, h4) { break-after: avoid; }
  .jp-Notebook :is(h1, h2, h3, h4, img, table, tr, math) { break-inside: avoid; }
  details::details-content { content-visibility: visible; }
}
</style>{% endblock %}"""

INDEX = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>From Neurons to Recurrent Networks</title>
<style>body {{ font: 1.1rem/1.6 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem }}</style>
</head><body><h1>From Neurons to Recurrent Networks</h1><ul>
{items}
</ul></body></html>
"""


def mathml(formula, display="inline"):
    """A formula, written in TeX without its dollar signs, as MathML.

    Raises ``ValueError``, with the formula, for a command that would come out as plain text.
    """
    known = re.sub(r"(begin|end)\{(aligned|gathered|split|equation\*?|gather\*?)\}", r"\1{align*}", formula.strip())
    result = convert(known, display=display)
    if re.search(r"<mi>(\\[A-Za-z]|&<)", result):
        raise ValueError(f"a page cannot show this formula: {formula.strip()}")
    return result


class _Renderer(IPythonRenderer):
    """Markdown to HTML with the formulas drawn."""

    def inline_math(self, body):
        return mathml(body)

    def block_math(self, body):
        return mathml(body, "block")

    def _html_embed_images(self, html):
        """Of HTML only pieces with an image are rewritten: that closes what is open, such as a fold before its text."""
        return super()._html_embed_images(html) if "<img" in html else html

    def latex_environment(self, name, body):
        return mathml(f"\\begin{{{name}}}{body}\\end{{{name}}}", "block")


class Exporter(HTMLExporter):
    """nbconvert's exporter with our template and our Markdown."""

    @pass_context
    def markdown2html(self, context, source):
        renderer = _Renderer(
            escape=False,
            attachments=context.get("cell", {}).get("attachments", {}),
            embed_images=True,
            path=context.get("resources", {}).get("metadata", {}).get("path", ""),
            anchor_link_text=self.anchor_link_text,
        )
        return MarkdownWithMath(renderer=renderer).render(source)


def page(book, name, folder=storing.FOLDER):
    """A notebook that has been run (a ``NotebookNode``), called ``name``, as one self-contained page of HTML."""
    storing.without(book, (storing.WIDGET,))  # a figure's HTML works without a kernel, its widget does not
    for cell in book.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "text/latex" in data and "text/html" not in data:
                data["text/html"] = mathml(data["text/latex"].strip().strip("$"), "block")
    book.metadata["title"] = title(book, name)
    exporter = Exporter(template_file="page.html.j2", extra_loaders=[DictLoader({"page.html.j2": TEMPLATE})])
    exporter.embed_images = True
    text, _ = exporter.from_notebook_node(book, {"metadata": {"name": name, "path": str(folder)}})
    text = with_contents(text)
    names = "|".join(re.escape(path.stem) for path in storing.chosen([], folder))
    return re.sub(rf'(href="(?:\./)?(?:{names}))\.ipynb', r"\1.html", text) if names else text


def with_contents(text):
    """A page with a way back to the list of pages, and a folded list of its own sections."""
    sections = re.findall(r'(?s)<h2 id="([^"]+)"[^>]*>(.*?)<a class="anchor-link"', text)
    items = "".join(f'<li><a href="#{anchor}">{heading}</a></li>' for anchor, heading in sections)
    fold = f"<details><summary>On this page</summary><ul>{items}</ul></details>" if items else ""
    ways = f'<nav class="contents" aria-label="Contents"><a href="index.html">All notebooks</a>{fold}</nav>'
    return re.sub(r"<main[^>]*>", lambda main: main[0] + ways, text, count=1)


def title(book, name):
    """A notebook's first heading, or else its name."""
    text = "\n".join(cell.source for cell in book.cells if cell.cell_type == "markdown")
    heading = re.search(r"(?m)^#+ +(.+?)\s*$", text)
    return heading[1] if heading else name


def export(path):
    """Run one notebook and write its page and a new table of contents; True if it went well."""
    PAGES.mkdir(parents=True, exist_ok=True)
    storing.check_writable(PAGES)
    book, seconds = storing.execute(path)
    target = PAGES / f"{path.stem}.html"
    try:
        target.write_text(page(book, path.stem, path.parent), encoding="utf-8")
    except ValueError as trouble:
        print(f"{path.name}: not written, {trouble}")
        return False
    write_index()
    print(f"{path.name}: {sum(seconds.values()):.1f} s, {target.stat().st_size / 1e6:.1f} MB in {target}")
    return True


def write_index():
    """A page that lists the pages there are."""
    items = []
    for target in sorted(PAGES.glob("[0-9]*.html")):
        words = re.search(r"<title>(.*?)</title>", target.read_text(encoding="utf-8"), re.S)
        items.append(f'<li><a href="{html.escape(target.name)}">{words[1] if words else target.stem}</a></li>')
    Path(PAGES / "index.html").write_text(INDEX.format(items="\n".join(items)), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(storing.for_each(sys.argv[1:], export))
