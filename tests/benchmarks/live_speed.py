"""From hand to pixels: sliders, clicks, pointing, beside `interact` with inline matplotlib, in one JupyterLab session.

    .venv/bin/python tests/benchmarks/live_speed.py [out.json]

The same hidden states are shown three ways in one notebook: `interact`, a kernel control, a frame control. In the last
picture places are also clicked ("click": another frame appears) and pointed at ("hover": the value appears in words). A
move is dispatched in the page, at any moment between two animation frames; the clock stops at the first animation frame
after the new picture stands in the page (the canvas drawn, the words changed, or the new image loaded). Moves of all
ways are interleaved, so that a busy machine is busy for all. Prints medians, 95th percentiles and ratios.
"""

import json
import statistics
import sys
import tempfile
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.browser.jupyter import NotebookPage, browser, jupyter_server  # noqa: E402

CELLS = (
    """
import matplotlib.pyplot as plt, numpy as np
from ipywidgets import interact, FloatSlider
from helpers import figures
from helpers.networks import *
def show(gain):
    _, (states, twin, silent) = figures.explore(gain, 1.0, 0.0, "pulse")
    figure, axes = plt.subplots(2, 2, figsize=(8.6, 5))
    axes[0, 0].plot(np.linalg.norm(states - silent, axis=1)); axes[0, 1].plot(states)
    axes[1, 0].imshow(states.T, aspect="auto", vmin=-1, vmax=1); axes[1, 1].plot(states[:, 0], states[:, 1], "o-")
    plt.show()
interact(show, gain=FloatSlider(min=0, max=3, step=0.02, value=0.5))""",
    "kernel = figures.hidden_state_explorer(recurrent_gain=0.5)\nkernel",
    """
net = SimpleRNN(1, 24, 1, seed=0)
x = np.random.default_rng(0).normal(size=(64, 40, 1))
recorder = StateRecorder(x[0])
history = train(net, x, x, MeanSquaredError(), Adam(0.003), epochs=100, recorders=[recorder], progress=False)
frames = figures.training_scrubber(recorder, history)
frames.set(epoch=0)
frames""",
)

SCRIPT = """
() => {
  const next = () => new Promise((done) => requestAnimationFrame(() => done()));
  const soon = () => new Promise((done) => setTimeout(done)); // 4 ms
  const cells = [...document.querySelectorAll('.jp-CodeCell')];
  const slider = (cell, name) => cell.querySelector(`[data-control="${name}"] input`);
  const ours = (cell, name) => {
    const input = slider(cell, name), root = cell.querySelector('.live-figure');
    return {
      move(value) {
        input.value = value;
        input.dispatchEvent(new Event('input', { bubbles: true }));
        return Number(input.value);
      },
      shows: (value) => Math.abs(JSON.parse(root.dataset.drawn)[name] - value) < 1e-6,
      state: () => root.dataset.drawn,
    };
  };
  const handle = cells[0].querySelector('.noUi-handle');
  const picture = () => cells[0].querySelector('.jp-OutputArea-output img');
  let seen = null;
  const theirs = {
    move() {
      seen = picture().src;
      handle.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true, cancelable: true }));
    },
    shows: () => { const image = picture(); return image && image.src !== seen && image.complete; },
    state: () => { const image = picture(); return image ? image.src : ''; },
  };
  const root = cells[2].querySelector('.live-figure'), canvas = root.querySelector('.live-figure-canvas');
  const words = root.querySelector('.live-figure-reading');
  const point = (kind, step, epoch) => { // in the panel of epochs and time steps
    const area = root.areas()[1], box = canvas.getBoundingClientRect();
    const place = { clientX: box.left + area.sx(step), clientY: box.top + area.sy(epoch) };
    const pointerType = kind === 'pointermove' ? 'mouse' : 'touch';
    canvas.dispatchEvent(new PointerEvent(kind, { ...place, pointerType, isPrimary: true, bubbles: true }));
  };
  const frames = ours(cells[2], 'epoch');
  const click = {
    ...frames,
    move(value) { point('pointerdown', 5, value); point('pointerup', 5, value); return value; },
  };
  let said = null;
  const hover = {
    move(value) { said = words.textContent; point('pointermove', 1 + (value % 40), 10 + (value % 7)); },
    shows: () => words.textContent !== said,
    state: () => words.textContent,
  };
  window.ways = { interact: theirs, kernel: ours(cells[1], 'recurrent_gain'), frames, click, hover };
  window.moved = 0;
  window.oneMove = async (name, value) => {
    const way = window.ways[name];
    await next();
    await new Promise((done) => setTimeout(done, ((window.moved++ * 0.618) % 1) * 1000 / 60));
    const start = performance.now();
    const wanted = way.move(value);
    for (;;) {
      await soon(); // not once per frame: a picture drawn in this frame would be seen only in the next
      if (way.shows(wanted)) { await next(); return performance.now() - start; }
      if (performance.now() - start > 10000) return NaN;
    }
  };
  window.scrub = async (name, values, period) => {
    const way = window.ways[name];
    const states = new Set();
    let last = way.state(), lastChange = performance.now(), watching = true;
    const watch = async () => {
      while (watching) {
        await next();
        if (way.state() !== last) { last = way.state(); states.add(last); lastChange = performance.now(); }
      }
    };
    watch();
    for (const value of values) { way.move(value); await new Promise((done) => setTimeout(done, period)); }
    const end = performance.now() - period;
    await new Promise((done) => setTimeout(done, 3000));
    watching = false;
    return { shown: states.size, late: Math.max(0, lastChange - end) };
  };
}
"""


def main(out=None):
    with tempfile.TemporaryDirectory() as name, browser() as chromium:
        folder = Path(name)
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell.strip()) for cell in CELLS])
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, folder / "speed.ipynb")
        with jupyter_server(folder) as server:
            page = chromium.new_page(viewport={"width": 1280, "height": 2600})
            lab = NotebookPage(page, server, "speed.ipynb")
            lab.run_all()
            lab.figures()
            page.wait_for_timeout(1500)
            page.evaluate(SCRIPT)
            result = {"display frame": page.evaluate(FRAME), "moves": moves(page), "scrub": scrubs(page)}
    report(result)
    if out:
        Path(out).write_text(json.dumps(result, indent=1) + "\n")


WAYS = ("interact", "kernel", "frames", "click", "hover")
FRAME = """
async () => {
  const times = [];
  for (let i = 0; i < 40; i++) times.push(await new Promise(requestAnimationFrame));
  const gaps = times.slice(1).map((t, i) => t - times[i]).sort((a, b) => a - b);
  return gaps[Math.floor(gaps.length / 2)];
}
"""


def moves(page, count=66):
    times = {name: [] for name in WAYS}
    for k in range(count):
        for name, value in zip(WAYS, (0, round(0.5 + 0.02 * (k + 1), 2), k + 1, 100 - k, k), strict=True):
            times[name].append(page.evaluate("([name, value]) => window.oneMove(name, value)", [name, value]))
            page.wait_for_timeout(30)
    return {name: {"median": statistics.median(t), "p95": sorted(t)[int(0.95 * len(t))]} for name, t in times.items()}


def scrubs(page):
    result = {}
    for name in WAYS:
        values = [round(0.02 * (k + 1), 2) if name == "kernel" else (k + 1) % 101 for k in range(100)]
        result[name] = page.evaluate("([name, values]) => window.scrub(name, values, 33)", [name, values])
    return result


def report(result):
    base = result["moves"]["interact"]["median"]
    print(f"display frame {result['display frame']:.1f} ms")
    print(f"{'':10} {'median ms':>10} {'95 % ms':>10} {'× faster':>10} {'of 100 shown':>13} {'ms late':>9}")
    for name, move in result["moves"].items():
        scrub = result["scrub"][name]
        print(
            f"{name:10} {move['median']:10.1f} {move['p95']:10.1f} {base / move['median']:10.1f} "
            f"{scrub['shown']:13} {scrub['late']:9.0f}"
        )


if __name__ == "__main__":
    main(*sys.argv[1:2])
