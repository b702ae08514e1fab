"""Takes the README's picture from the real thing: notebook 03 is run in JupyterLab and its scrubber photographed.

.venv/bin/python docs/make_picture.py        (needs Chromium or Chrome)
"""

import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser.jupyter import NotebookPage, browser, jupyter_server  # noqa: E402

NOTEBOOK = "03_the_recurrent_network_in_numpy.ipynb"


def main():
    with tempfile.TemporaryDirectory() as folder, browser() as chromium:
        shutil.copy(ROOT / "notebooks" / NOTEBOOK, folder)
        with jupyter_server(Path(folder)) as server:
            context = chromium.new_context(viewport={"width": 1060, "height": 1100}, device_scale_factor=1.5)
            notebook = NotebookPage(context.new_page(), server, NOTEBOOK)
            notebook.run_all()
            figure = next(f for f in notebook.figures() if "Hidden states while" in f.title)
            figure.control("unit").focus()
            figure.control("unit").press("ArrowRight")
            figure.wait_drawn("unit", 1)
            figure.control("epoch").press("End")  # it opens before training
            figure.settled()
            figure.place.locator("fieldset").evaluate("(node) => node.remove()")
            figure.place.screenshot(path=ROOT / "docs" / "scrubber.png")


if __name__ == "__main__":
    main()
