"""`course.py lock` and `course.py badge`: what follows from pyproject.toml."""

import re
import sys
import tomllib
from urllib.parse import quote

from helpers.commands.environment import BUILD, PYTHON, READERS, ROOT, TESTERS, run
from helpers.commands.opening import START
from helpers.commands.saying import Plain, alone, say


def lock(words):
    """Both locks from pyproject.toml: all systems, all our Pythons, with hashes, without places or addresses."""
    tool = BUILD / "lock-tool"
    python = tool / PYTHON.relative_to(PYTHON.parent.parent)
    wanted = project()["project"]["optional-dependencies"]["lock"]
    oldest = re.search(r">=\s*([\d.]+)", project()["project"]["requires-python"])[1]
    if run([sys.executable, "-m", "venv", "--clear", tool]) or run([python, "-m", "pip", "install", "-q", *wanted]):
        raise Plain("The tool that makes locks could not be installed; its last words are above.")
    command = [python, "-m", "uv", "pip", "compile", "--universal", "--generate-hashes", "--no-annotate", "--quiet"]
    command += ["--fork-strategy=fewest", f"--python-version={oldest}", "pyproject.toml", *words]
    command += ["--no-emit-index-url", "--no-strip-extras", "--custom-compile-command=python3 course.py lock"]
    for name, extra in ((READERS, []), (TESTERS, ["--extra=test", f"--constraint={READERS}"])):
        if run([*command, *extra, f"--output-file={name}"]):
            raise Plain(f"{name} could not be made; the reason is above.")
        say(f"{name} is up to date with pyproject.toml.")
    return 0


def badge(words):
    """README's Binder badge: there if pyproject.toml names the repository's public address, else not."""
    alone("badge", words)
    readme = ROOT / "README.md"
    readme.write_text(with_badge(readme.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


def with_badge(text):
    """README's text with the badge between its two marks, or nothing between them without an address."""
    address = project()["tool"]["course"]["repository"].rstrip("/").removesuffix(".git")
    github = re.fullmatch(r"https://github\.com/([^/]+/[^/]+)", address)
    where = f"gh/{github[1]}" if github else "git/" + quote(address, safe="")
    link = f"https://mybinder.org/v2/{where}/HEAD?urlpath=lab/tree/{quote(START)}"
    line = f"[![Open in Binder](https://mybinder.org/badge_logo.svg)]({link})\n" if address else ""
    new, marks = re.subn(r"(<!-- binder -->\n).*?(<!-- /binder -->)", lambda m: m[1] + line + m[2], text, flags=re.S)
    if marks != 1:
        raise Plain("README.md needs the lines <!-- binder --> and <!-- /binder --> once each.")
    return new


def project():
    """What pyproject.toml says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
