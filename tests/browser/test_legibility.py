"""What of a figure cannot be read: texts over texts, cut texts, legends in axes, pictures taller than a window.

Every live figure of the course is opened in a page, at three widths, in both themes. The page notes each text that is
drawn on the canvas with its box; nothing in the figures knows of that.
"""

import pytest

from helpers.live.page import to_html
from tests.browser.jupyter import LiveFigureOnPage
from tests.figures.every_figure import live_names, made

TALLEST = 640  # px that a picture and its controls may take where a window is wide
NOTE_TEXTS = """
  window.texts = [];
  const pen = CanvasRenderingContext2D.prototype, { fillText, clearRect } = pen;
  const main = (canvas) => canvas.className === 'live-figure-canvas';
  pen.clearRect = function (...box) { if (main(this.canvas)) texts.length = 0; clearRect.call(this, ...box); };
  pen.fillText = function (text, x, y, ...rest) {
    if (main(this.canvas) && text.trim()) {
      const m = this.measureText(text), t = this.getTransform(), sharp = devicePixelRatio;
      const corners = [[-m.actualBoundingBoxLeft, -m.actualBoundingBoxAscent],
                       [m.actualBoundingBoxRight, m.actualBoundingBoxDescent]].map(([dx, dy]) =>
        [(t.a * (x + dx) + t.c * (y + dy) + t.e) / sharp, (t.b * (x + dx) + t.d * (y + dy) + t.f) / sharp]);
      const [xs, ys] = [0, 1].map((i) => corners.map((corner) => corner[i]).sort((a, b) => a - b));
      texts.push({ text, left: xs[0], right: xs[1], top: ys[0], bottom: ys[1], turned: Math.abs(t.b) > 0.1 });
    }
    fillText.call(this, text, x, y, ...rest);
  };
"""
FAULTS = """(root) => {
  const found = [], { clientWidth: wide, clientHeight: tall } = root.querySelector('.live-figure-canvas');
  const letters = texts.filter(({ text }) => text.length === 1); // letters of an axis of letters may touch
  texts.forEach((a, i) => {
    if (a.left < -0.5 || a.top < -0.5 || a.right > wide + 0.5 || a.bottom > tall + 0.5) found.push(`cut: ${a.text}`);
    for (const b of texts.slice(i + 1)) {
      if (letters.includes(a) && letters.includes(b)) continue;
      const x = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const y = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (x > 1 && y > 1) found.push(`over each other: ${a.text} | ${b.text}`);
    }
  });
  for (const area of root.areas()) {
    if (!area || area.panel.bare) continue;
    const named = area.panel.marks.flatMap((mark) => [...(mark.labels || []), ...(mark.shade_names || []),
      ...(['Points', 'Bars', 'Cursor'].includes(mark.kind) && mark.label ? [mark.label] : [])]);
    for (const { text, left, right, top, bottom } of texts) {
      const inside = right > area.left && left < area.right && bottom > area.top + 1 && top < area.bottom;
      if (inside && named.some((name) => name === text)) found.push(`a legend in the axes: ${text}`);
    }
  }
  return found;
}"""
# Texts inside the picture belong to its marks: numbers in cells, in circles and beside them may be crowded on a phone.


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """{name: address of a page with the figure alone}, its prediction left out."""
    folder, found = tmp_path_factory.mktemp("figures"), {}
    for name in live_names():
        path = folder / f"{name}.html"
        head = "<!doctype html><meta charset=utf8><meta name=viewport content='width=device-width'>"
        style = "<style>:root { color-scheme: light dark } body { margin: 0 8px }</style>"
        path.write_text(f"{head}{style}{to_html(made(name))}", "utf-8")
        found[name] = path.as_uri()
    return found


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (800, "dark"), (390, "light")])
def test_every_figure_can_be_read(chromium, pages, width, theme):
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    context.add_init_script(NOTE_TEXTS)
    page, found = context.new_page(), {}
    for name, address in pages.items():
        page.goto(address)
        figure = LiveFigureOnPage(page, page.locator(".live-figure"))
        figure.settled()
        faults = page.locator(".live-figure").evaluate(FAULTS)
        height = figure.place.evaluate("(node) => node.getBoundingClientRect().height")
        if width > 600 and height > TALLEST + 1:
            faults.append(f"{height:.0f} px tall")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append("wider than the window")
        if faults:
            found[name] = faults[:6]
    context.close()
    assert found == {}


def test_controls_stay_in_view_over_a_tall_picture(chromium, pages):
    page = chromium.new_page(viewport={"width": 390, "height": 700})
    page.goto(pages["training_scrubber"])
    figure = LiveFigureOnPage(page, page.locator(".live-figure"))
    figure.settled()
    page.mouse.wheel(0, 500)
    page.wait_for_function("scrollY > 400")
    seen = """(node) => {
      const { x, y } = node.getBoundingClientRect();
      return document.elementFromPoint(x + 5, y + 5) === node;
    }"""
    assert figure.control("time").evaluate(seen), "the slider is seen, and nothing lies over it"
    page.set_viewport_size({"width": 1280, "height": 900})
    page.wait_for_function("!document.querySelector('.live-figure-stays')")  # all is seen together: nothing to stay for
    page.close()


NOTE_COLOURS = """
  window.colours = new Set();
  for (const [does, colour] of [['fillText', 'fillStyle'], ['stroke', 'strokeStyle']]) {
    const before = CanvasRenderingContext2D.prototype[does];
    CanvasRenderingContext2D.prototype[does] = function (...rest) {
      colours.add(this[colour]);
      before.call(this, ...rest);
    };
  }
"""


def test_forced_colours_leave_nothing_pale(chromium, pages):
    context = chromium.new_context(color_scheme="dark", forced_colors="active")
    context.add_init_script(NOTE_COLOURS)
    page = context.new_page()
    page.goto(pages["memory_figure"])
    LiveFigureOnPage(page, page.locator(".live-figure")).settled()
    used = set(page.evaluate("[...colours]"))
    assert "#ffffff" in used and not used & {"#8c8c8c", "#9a9a9a"}, used
    context.close()
