"""`course.py lock` and `course.py badge`: what follows from pyproject.toml."""

import re
import tomllib
from urllib.parse import quote

from helpers.commands import package_index
from helpers.commands.environment import PYTHON, READERS, TESTERS, TOOL, UV, one_at_a_time, prepare
from helpers.commands.opening import START
from helpers.commands.programs import BUILD, ROOT, run, surroundings
from helpers.commands.saying import Plain, alone, say


def lock(words):
    """The locks from pyproject.toml: all systems, all our Pythons, with hashes, without places or addresses."""
    with one_at_a_time():
        prepare()
    env = surroundings(**package_index.for_uv(package_index.settings(PYTHON)))
    oldest = re.search(r">=\s*([\d.]+)", project()["project"]["requires-python"])[1]
    command = [UV, "pip", "compile", "--universal", "--generate-hashes", "--no-annotate", "--quiet"]
    command += ["--fork-strategy=fewest", f"--python-version={oldest}", *words]
    command += ["--no-emit-index-url", "--no-strip-extras", "--custom-compile-command=python3 course.py lock"]
    tool = BUILD / "setup.in"  # what makes the environment is locked by itself: it comes first
    tool.write_text("\n".join(project()["project"]["optional-dependencies"]["setup"]), encoding="utf-8")
    for name, source, extra in (
        (TOOL, tool, []),
        (READERS, "pyproject.toml", []),
        (TESTERS, "pyproject.toml", ["--extra=test", f"--constraint={READERS}"]),
    ):
        if run([*command, source, *extra, f"--output-file={name}"], env=env):
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
