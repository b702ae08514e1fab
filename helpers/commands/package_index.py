"""Where packages come from: as the reader has set it for pip, in files or variables, so that uv asks there too.

Standard library only, like all that runs before the environment is there.
"""

import ast
import contextlib
import functools
import os
import re
import subprocess

from helpers.commands.programs import INDEX, ROOT, surroundings

# What pip calls it: what uv calls it.
UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "client-cert": "SSL_CLIENT_CERT",
    "timeout": "UV_HTTP_TIMEOUT",
    "retries": "UV_HTTP_RETRIES",
}


@functools.cache
def settings(python):
    """What the reader has set for pip, of all that `INDEX` names: {name: text}. ``python`` has a pip."""
    env = {name: value for name, value in surroundings().items() if not name.startswith("PIP_")}
    if "PIP_CONFIG_FILE" in os.environ:
        env["PIP_CONFIG_FILE"] = os.environ["PIP_CONFIG_FILE"]
    command = [str(python), "-m", "pip", "config", "list"]
    said = subprocess.run(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, capture_output=True).stdout
    found = {}
    for section in ("global", "install"):  # the second is nearer to what we do
        for name, value in re.findall(rf"(?m)^{section}\.([\w-]+)=(.*?)\r?$", said.decode(errors="replace")):
            with contextlib.suppress(ValueError, SyntaxError):
                found[name] = ast.literal_eval(value)
    found |= {name: os.environ.get(variable(name), "") or found.get(name, "") for name in INDEX}
    if found["no-index"].lower() in ("0", "false", "no", "off"):
        found["no-index"] = ""
    return {name: found[name] for name in INDEX if found[name]}


def variable(name):
    """The variable with which pip is told a setting."""
    return "PIP_" + name.upper().replace("-", "_")


def for_pip(found):
    """Variables with which pip asks there, and does nothing else that is set in its files."""
    return {"PIP_CONFIG_FILE": os.devnull} | {variable(name): value for name, value in found.items()}


def for_uv(found):
    """Variables with which uv asks there. As pip does it trusts the certificates that the system trusts."""
    told = {UV[name]: value for name, value in found.items() if name in UV}
    if "find-links" in found:
        told["UV_FIND_LINKS"] = ",".join(found["find-links"].split())
    if "extra-index-url" in found:
        told["UV_INDEX"] = " ".join(found["extra-index-url"].split())
    if "proxy" in found:
        told |= {"HTTP_PROXY": found["proxy"], "HTTPS_PROXY": found["proxy"]}
    # A package may be in any of several indexes, as for pip: which one it comes from its hash decides.
    return {"UV_NO_CONFIG": "1", "UV_SYSTEM_CERTS": "1", "UV_INDEX_STRATEGY": "unsafe-best-match"} | told
