"""What this product adds to Superset's application: pictures, a script in its pages, and the pages' language."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint
from jinja2 import ChoiceLoader, FileSystemLoader

if TYPE_CHECKING:
    from flask import Flask, Response

FOLDER = Path(__file__).parent
FILES = Blueprint("supply_chain", __name__, static_folder=FOLDER / "static", static_url_path="/supply-chain")
LOGO = "/supply-chain/logo.svg"
FAVICON = {"href": "/supply-chain/favicon.svg", "type": "image/svg+xml"}


def change(app: Flask) -> None:
    """Change Superset's application where it has no setting for it."""
    app.after_request(_say_the_language)
    app.jinja_loader = ChoiceLoader([FileSystemLoader(FOLDER / "templates"), app.jinja_loader])


def _say_the_language(response: Response) -> Response:
    """Name the language of a page: Superset's template leaves it out, and screen readers then guess."""
    if response.mimetype == "text/html" and not response.direct_passthrough:
        response.set_data(response.get_data().replace(b"<html>", b'<html lang="en">', 1))
    return response
