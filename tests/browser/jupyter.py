"""JupyterLab and Chromium for tests and benchmarks: a server of its own, a page, and what a reader does on it."""

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from helpers.commands.opening import jupyterlab
from helpers.commands.programs import ROOT, start, surroundings

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CHROMIUM_FLAGS = (
    "--no-sandbox --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
SETTINGS = {
    "@jupyterlab/notebook-extension/tracker.jupyterlab-settings": {"windowingMode": "none"},
    "@jupyterlab/docmanager-extension/plugin.jupyterlab-settings": {"autosave": False},
    "@jupyterlab/apputils-extension/notification.jupyterlab-settings": {"fetchNews": "false", "checkForUpdates": False},
}


def find_browser():
    """The path of a Chromium or Chrome, or None."""
    mac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    windows = [
        Path(os.environ[name]) / "Google/Chrome/Application/chrome.exe"
        for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
        if name in os.environ
    ]
    found = [shutil.which(name) for name in CHROMIUM_NAMES] + [p for p in (Path(mac), *windows) if Path(p).exists()]
    return next((str(path) for path in found if path), None)


def free_port():
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def jupyter_server(folder):
    """A JupyterLab on `folder`, with its own settings; yields (address, token). It is ended afterwards."""
    home = folder / ".jupyter-home"
    for name, value in SETTINGS.items():
        path = home / "settings" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(value))
    port, token = free_port(), secrets.token_hex(16)
    environment = surroundings(  # as course.py starts it, with other folders
        JUPYTERLAB_SETTINGS_DIR=str(home / "settings"),
        JUPYTERLAB_WORKSPACES_DIR=str(home / "workspaces"),
        JUPYTER_CONFIG_DIR=str(home / "config"),
        JUPYTER_RUNTIME_DIR=str(home / "runtime"),
        IPYTHONDIR=str(home / "ipython"),
        JUPYTER_TOKEN=token,
        PYTHONPATH=str(ROOT),
    )
    command = jupyterlab(sys.executable, None, port, browser=False, root=folder)
    command += ["--LabApp.expose_app_in_browser=True"]
    log = (home / "server.log").open("w")
    server = start(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(
            lambda: answers(f"{address}/api?token={token}") or server.poll() is not None, 60, "JupyterLab's start"
        )
        if server.poll() is not None:
            raise RuntimeError(f"JupyterLab ended at once: {(home / 'server.log').read_text()[-2000:]}")
        yield address, token
    finally:
        server.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(15)
        server.kill()
        log.close()


def answers(url):
    with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2) as reply:
        return reply.status == 200
    return False


def wait_until(condition, seconds, what):
    """Wait until `condition()` is true; AssertionError that names `what` after `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError(f"{what} did not come within {seconds} s")


@contextlib.contextmanager
def browser():
    """A headless Chromium of Playwright's."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=find_browser(), args=CHROMIUM_FLAGS)
        try:
            yield chromium
        finally:
            chromium.close()


class NotebookPage:
    """One notebook in JupyterLab, as a reader has it before them."""

    def __init__(self, page, server, path):
        self.page = page
        self.errors = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        address, token = server
        page.goto(f"{address}/doc/tree/{path}?token={token}&reset")
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        page.wait_for_function("window.jupyterapp && window.jupyterapp.commands.hasCommand('notebook:run-all-cells')")
        self.wait_for_kernel()

    def command(self, name):
        self.page.evaluate(f"window.jupyterapp.commands.execute({name!r})")

    def kernel_status(self):
        return self.page.evaluate(
            "() => { const w = window.jupyterapp.shell.currentWidget;"
            " return w && w.sessionContext && w.sessionContext.session"
            " ? w.sessionContext.session.kernel && w.sessionContext.session.kernel.status : null; }"
        )

    def connection(self):
        return self.page.evaluate(
            "() => { const w = window.jupyterapp.shell.currentWidget, s = w && w.sessionContext.session;"
            " return s && s.kernel ? s.kernel.connectionStatus : null; }"
        )

    def wait_for_kernel(self, seconds=60):
        ready = ("idle", "connected")
        wait_until(lambda: (self.kernel_status(), self.connection()) == ready, seconds, "an idle kernel")

    def run_all(self, seconds=360):
        """Run every cell; done when the kernel is idle and each code cell has a number."""
        self.command("notebook:run-all-cells")
        unfinished = (
            "() => [...document.querySelectorAll('.jp-CodeCell')].filter((cell) => {"
            " const prompt = cell.querySelector('.jp-InputPrompt').textContent;"
            " const source = cell.querySelector('.cm-content').textContent.trim();"
            " return source && !/\\[\\d+\\]/.test(prompt); }).length"
        )
        wait_until(lambda: self.page.evaluate(unfinished) == 0, seconds, "the end of run-all")
        self.wait_for_kernel()

    def failed_outputs(self):
        """The texts of all error outputs on the page, but for cells that are meant to fail (tag raises-exception)."""
        errors = '[data-mime-type="application/vnd.jupyter.stderr"], .jp-RenderedText pre .ansi-red-fg'
        return self.page.evaluate(
            "(errors) => window.jupyterapp.shell.currentWidget.content.widgets"
            " .filter((cell) => !(cell.model.getMetadata('tags') || []).includes('raises-exception'))"
            " .flatMap((cell) => [...cell.node.querySelectorAll(errors)].map((node) => node.innerText))",
            errors,
        )

    def figures(self):
        """All live figures, their prediction answered."""
        while (skip := self.page.locator(".live-figure-skip")).count():
            skip.first.click()
        found = [LiveFigureOnPage(self.page, place) for place in self.page.locator(".live-figure").all()]
        for figure in found:
            figure.place.scroll_into_view_if_needed()
            figure.settled()
        return found


class LiveFigureOnPage:
    """A live figure in the browser: its controls, what it has drawn, its pixels."""

    def __init__(self, page, place):
        self.page, self.place = page, place
        self.canvas = place.locator(".live-figure-canvas")

    @property
    def title(self):
        return self.place.locator(".live-figure-title").inner_text()

    @property
    def summary(self):
        return self.place.locator(".live-figure-summary").inner_text()

    @property
    def alert(self):
        alert = self.place.locator(".live-figure-alert")
        return alert.inner_text() if alert.is_visible() else ""

    def drawn(self):
        """The values of all controls that the picture on the screen belongs to."""
        return json.loads(self.place.get_attribute("data-drawn") or "null")

    def pixels(self):
        """A number made of all pixels of the canvas: equal pictures give equal numbers."""
        return self.canvas.evaluate(
            "(canvas) => { const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);"
            " const words = new Uint32Array(data.buffer); let hash = 2166136261;"
            " for (const word of words) hash = Math.imul(hash ^ word, 16777619); return hash >>> 0; }"
        )

    def control(self, name):
        return self.place.locator(f'[data-control="{name}"]').locator("input, select").first

    def control_names(self):
        return [c.get_attribute("data-control") for c in self.place.locator("[data-control]").all()]

    def settled(self, seconds=20):
        """Wait until something is drawn and no request is under way."""
        wait_until(
            lambda: self.drawn() is not None and self.place.get_attribute("data-waiting") != "true",
            seconds,
            f"the picture of {self.title!r}",
        )

    def wait_drawn(self, name, value, seconds=20):
        wait_until(lambda: self.drawn()[name] == value, seconds, f"{self.title!r} with {name} = {value!r}")
        self.settled(seconds)
