"""Small pages of plain HTML that need no script: one folder of templates with its own style."""

import base64
import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from starlette.responses import HTMLResponse


class HtmlPages:
    """The pages of a folder that holds style.css and templates; everything put into them is escaped.

    referrer: what a link on them tells the page it leads to (referrer-policy).
    """

    def __init__(self, folder: Path, referrer: str = "same-origin") -> None:
        style = (folder / "style.css").read_text(encoding="utf-8").strip()
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        self._style = Markup(style)
        self._html = Environment(loader=FileSystemLoader(folder), autoescape=True)
        self.headers = {
            "content-security-policy": (
                f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none';"
                " frame-ancestors 'none'"
            ),
            "cache-control": "no-store",
            "referrer-policy": referrer,
        }

    def page(self, template: str, status: int, **values: object) -> HTMLResponse:
        """Return a page as an answer that browsers keep nowhere."""
        body = self._html.get_template(f"{template}.html").render(style=self._style, **values)
        return HTMLResponse(body, status, headers=self.headers)
