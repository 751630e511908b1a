"""The blueprint of all pages, which the composition root mounts."""

from flask import Blueprint, Response, abort, request

from chat_bridge.model.access import PUBLIC, open_to
from control import account, chat, error_pages, founding, people, setup, sign_in, widget
from control.assets import Assets
from control.pages import Pages
from control.policy import guarded

FOR_EVER = "public, max-age=31536000, immutable"


def blueprint(pages: Pages) -> Blueprint:
    page = Blueprint("pages", __name__, template_folder=str(pages.templates))
    page.add_app_template_global(pages.assets.url, "asset")
    page.add_app_template_global(pages.assets.modules, "modules")

    @page.get("/static/v-<version>/<path:name>")
    @open_to(PUBLIC)
    def static_file(version: str, name: str) -> Response:
        # An old page may still ask for the last build's files: only this build's are there.
        return _static(pages.assets, name) if version == pages.assets.version else abort(404)

    people.attach(page, pages, lambda wanted: sign_in.form(pages, wanted))
    sign_in.routes(page, pages)
    setup.routes(page, pages)
    account.routes(page, pages)
    chat.routes(page, pages)
    founding.routes(page, pages)
    widget.routes(page, pages)
    page.after_request(lambda response: guarded(response, pages.settings))
    error_pages.register(page, lambda response: guarded(response, pages.settings))
    return page


def _static(assets: Assets, name: str) -> Response:
    asset = assets.find(name)
    if asset is None:
        abort(404)
    compressed = asset.compressed if request.accept_encodings.quality("gzip") else None
    response = Response(compressed or asset.content, content_type=asset.content_type)
    response.headers["Cache-Control"] = FOR_EVER
    response.headers["Vary"] = "Accept-Encoding"
    if compressed:
        response.headers["Content-Encoding"] = "gzip"
    return response
