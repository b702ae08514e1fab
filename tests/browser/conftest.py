"""Browser tests need Chromium or Chrome. Without one they are skipped for a reader, and fail where it is demanded."""

import os
import shutil

import pytest

from tests.browser.jupyter import ROOT, browser, find_browser, jupyter_server


def browser_demanded():
    """True in CI: there a missing browser is a failure, never a skip."""
    return bool(os.environ.get("CI")) or os.environ.get("COURSE_REQUIRE_BROWSER") == "1"


@pytest.fixture(scope="session", autouse=True)
def has_browser():
    if find_browser() is None:
        if browser_demanded():
            pytest.fail("no Chromium or Chrome was found, and this run demands one (CI or COURSE_REQUIRE_BROWSER=1)")
        pytest.skip("no Chromium or Chrome on this machine: the live figures are not tested in a browser")


@pytest.fixture(scope="session")
def lab_folder(tmp_path_factory):
    """A copy of the notebooks, so that no test changes the course."""
    folder = tmp_path_factory.mktemp("course")
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        shutil.copy(path, folder)
    return folder


@pytest.fixture(scope="session")
def server(lab_folder, has_browser):
    with jupyter_server(lab_folder) as running:
        yield running


@pytest.fixture(scope="session")
def chromium(has_browser):
    with browser() as running:
        yield running


@pytest.fixture
def page(chromium):
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()
