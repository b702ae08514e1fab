"""A figure stays sharp when the page is zoomed, or its window goes to a screen with more dots."""

import numpy as np

from helpers.live.controls import Frame
from helpers.live.description import Axis, HeatMap, Panel, Picture, Row
from helpers.live.frames import FigureData
from helpers.live.live_figure import LiveFigure
from helpers.live.page import to_html

SHARP = """(density) => [...document.querySelectorAll("canvas")].every(
  (canvas) => Math.abs(canvas.width / canvas.clientWidth - density) < 0.02)"""


def test_canvas_follows_the_density_of_the_screen(page, tmp_path):
    picture = Picture(
        "Frames", (Row((Panel("map", (HeatMap("m"),), Axis("time"), Axis("unit")),)),), alt="a map that changes often"
    )
    data = FigureData({"m": np.zeros((2, 2, 4))}, ["zero", "one"], {"m": ("k",), "summary": ("k",)})
    (tmp_path / "page.html").write_text(to_html(LiveFigure(picture, (Frame("k", "K", (0, 1)),), data)), "utf-8")
    page.goto((tmp_path / "page.html").as_uri())
    screen = page.context.new_cdp_session(page)
    for width, density in ((1290, 2), (1300, 1.25), (1310, 2)):  # there and back: each change is heard
        # The window changes too, or Chromium tells nobody; the figure, which is as wide as it may be, does not.
        size = {"width": width, "height": 900, "deviceScaleFactor": density, "mobile": False}
        screen.send("Emulation.setDeviceMetricsOverride", size)
        page.wait_for_function(SHARP, arg=density, timeout=10_000)
