"""A live figure as self-contained HTML: its frame controls work with no kernel, no network and no widget manager."""

import base64
import html
import json
import uuid

from helpers.live.bundle import FOLDER, core, describe, style_sheet


def still_html(png, alt):
    """A still picture (`png`, base64) as HTML: JupyterLab shows the PNG of an output without its alt text."""
    return f'<img src="data:image/png;base64,{png}" alt="{html.escape(alt, quote=True)}" style="max-width: 100%">'


def to_html(figure, png=None):
    """HTML that shows `figure` live wherever scripts run, and its still picture (`png`, base64) where they do not.

    Controls that change the mathematics are shown, but rest: they need a kernel. Paper has the still picture too.
    """
    header, blob = figure.data.to_bytes(figure.picture)
    content = dict(describe(figure), header=header, values=figure.values)
    content["blob"] = base64.b64encode(blob).decode()
    name = f"live-figure-{uuid.uuid4().hex[:12]}"
    plain = json.dumps(content).replace("<", "\\u003c")  # no text in the data can end the script or begin a comment
    alt = f"{figure.picture.alt} {figure.summary}"
    words = html.escape(figure.summary)
    still = f"{still_html(png, alt)}<p>{words}</p>" if png else f"<p>{html.escape(alt)}</p>"
    script = (FOLDER / "page.js").read_text(encoding="utf-8")
    return (
        f'<style>{style_sheet()}</style><div id="{name}"><div class="live-figure-still">{still}</div></div>'
        f'<script type="application/json" id="{name}-data">{plain}</script>'
        f'<script>(() => {{ "use strict";\n{core()}\n{script}\nmountPage("{name}"); }})();</script>'
    )
