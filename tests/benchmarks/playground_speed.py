"""The playground in JupyterLab: pictures a second, what pictures cost the training, how soon it stops, what it keeps.

    .venv/bin/python tests/benchmarks/playground_speed.py [pieces]

Pictures a second are counted in the page for two sizes and two paces. What pictures cost is a ratio: batches trained in
a second while the page draws, over batches trained in a second by the same kernel with nobody looking; the two take
turns. A stop is timed from the click to the last picture drawn, 20 times. Growth is measured over `pieces` (2,000)
pieces, after collecting garbage on both sides, from the 200th on: an hour at ten pictures a second has 36,000.
"""

import statistics
import sys
import tempfile
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.measuring import machine  # noqa: E402
from tests.browser.jupyter import NotebookPage, browser, jupyter_server  # noqa: E402
from tests.browser.test_playground import EXECUTE, Playground  # noqa: E402

SIZES = ((16, 20), (64, 60))  # units, time steps
PACES = ("5", "for 0.05 s")
ALONE = """
import time, numpy as np
from helpers.figures.playground_tasks import make_task
from helpers.figures.playground_training import Race
race = Race(make_task("temporal XOR", {T}), ("{cell}",), {H}, "orthogonal", 0)
race.advance(0.003, batches=5)
begin, done = time.perf_counter(), race.batches
race.advance(0.003, seconds=1.0)
print((race.batches - done) / (time.perf_counter() - begin))
"""
MEMORY = """
import gc, os; gc.collect()
print(int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6)
"""
# Pictures drawn and milliseconds that passed, over `ms`.
COUNT = """async (root, ms) => {
  const start = performance.now(), before = Number(root.dataset.draws);
  await new Promise((done) => setTimeout(done, ms));
  return [Number(root.dataset.draws) - before, performance.now() - start];
}"""
STOP = """async (root) => {
  const button = root.querySelector('.live-figure-run button');
  const start = performance.now();
  button.click();
  const shown = performance.now() - start;
  while (root.dataset.waiting === 'true') await new Promise((done) => setTimeout(done));
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return [shown, performance.now() - start];
}"""


def start(one, **settings):
    for name, value in settings.items():
        if name in ("units", "length"):
            move = "(n, v) => { n.value = v; n.dispatchEvent(new Event('input', {bubbles: true})); }"
            one.figure.control(name).evaluate(move, value)
        else:
            one.choose(name, value)
        one.figure.wait_drawn(name, value)
    one.press("Train")
    one.reaches(10)


def pause(one):
    one.press("Pause")
    one.figure.settled()


def speeds(page, one):
    print(f"{'cell':12}{'H':>4}{'T':>4}{'pace':>12}{'pictures/s':>12}{'batches/s':>11}{'of those alone':>16}")
    for cell in ("plain tanh", "LSTM"):
        for H, T in SIZES:
            for pace in PACES:
                start(one, cell=cell, units=H, length=T, pace=pace)
                rates, ratios, trained = [], [], []
                for _ in range(4):
                    if not one.running():
                        one.press("Train")
                    page.wait_for_timeout(300)
                    before = one.batches()
                    drawn, ms = one.place.evaluate(COUNT, 2000)
                    trained.append((one.batches() - before) / ms * 1000)
                    rates.append(drawn / ms * 1000)
                    pause(one)
                    ratios.append(trained[-1] / float(page.evaluate(EXECUTE, ALONE.format(cell=cell, H=H, T=T))))
                numbers = map(statistics.median, (rates, trained, ratios))
                print("{:12}{:4}{:4}{:>12}{:12.1f}{:11.0f}{:16.2f}".format(cell, H, T, pace, *numbers))


def stops(page, one):
    start(one, cell="LSTM", units=64, length=60, pace="for 0.05 s")
    shown, last = [], []
    for k in range(20):
        if not one.running():
            one.press("Train")
        page.wait_for_timeout(250 + 13 * k)
        times = one.place.evaluate(STOP)
        shown.append(times[0])
        last.append(times[1])
    print(
        f"stop (LSTM, H=64, T=60): the button after {statistics.median(shown):.1f} ms (at most {max(shown):.1f}), "
        f"the last picture after {statistics.median(last):.0f} ms (at most {max(last):.0f})"
    )


def growth(page, one, pieces):
    cdp = page.context.new_cdp_session(page)

    def used():
        for _ in range(2):
            cdp.send("HeapProfiler.collectGarbage")
        return cdp.send("Runtime.getHeapUsage")["usedSize"] / 1e6, float(page.evaluate(EXECUTE, MEMORY))

    start(one, cell="plain tanh", units=16, length=20, pace="5")
    first = one.requests()
    for mark in (200, pieces):
        while one.requests() - first < mark:
            if not one.running():  # a limit of batches ended it
                one.press("Train")
            page.wait_for_timeout(200)
        if one.running():
            pause(one)
        one.figure.settled()
        memory = used()
        if mark == 200:
            begin, at = memory, one.requests()
            one.press("Train")
    done = one.requests() - at
    page_mb, kernel_mb = (b - a for a, b in zip(begin, memory, strict=True))
    print(
        f"{done} pieces: the page grew by {page_mb:+.2f} MB (of {begin[0]:.0f}), the kernel by {kernel_mb:+.2f} MB "
        f"(of {begin[1]:.0f}); an hour of 36,000 pieces: {page_mb * 36000 / done:+.0f} and "
        f"{kernel_mb * 36000 / done:+.0f} MB if it went on so"
    )


def main(pieces=2000):
    print(machine())
    with tempfile.TemporaryDirectory() as name, browser() as chromium:
        folder = Path(name)
        source = "from helpers import figures\nfigures.playground_figure(task='temporal XOR')"
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, folder / "speed.ipynb")
        with jupyter_server(folder) as server:
            page = chromium.new_page(viewport={"width": 1280, "height": 900})
            lab = NotebookPage(page, server, "speed.ipynb")
            lab.run_all()
            one = Playground(lab.figures()[0])
            speeds(page, one)
            stops(page, one)
            growth(page, one, pieces)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
