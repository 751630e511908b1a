"""/widget/…: the chat on pages of other sites. A script of theirs opens a frame of ours; it holds
the conversation and its secret, so that no key and no token ever lies in the page around it."""

from typing import Any

from flask import Blueprint, Response, abort, jsonify, make_response, render_template, request

from chat_bridge.model import Agent
from chat_bridge.model.access import PUBLIC, open_to
from control.chat import OPERATIONS, agent_view, letter, read_words
from control.pages import Pages
from control.policy import POLICY

FILES = {
    "css/widget.css": ("css/widget.css", "text/css; charset=utf-8"),
    "js/chat-widget.js": ("js/embed/chat-widget.js", "application/javascript; charset=utf-8"),
    "assets/icons/chat-icon.svg": ("favicon.svg", "image/svg+xml"),
    "icons/chat-icon.svg": ("favicon.svg", "image/svg+xml"),
}
POSITIONS = ("bottom-right", "bottom-left", "top-right", "top-left")
THEMES = ("light", "dark", "auto")
KEPT = "public, max-age=300"  # the address never changes, so an update has to arrive by itself
LONGEST_TITLE = 200
AGENT = "default"


def routes(page: Blueprint, pages: Pages) -> None:
    @open_to(PUBLIC)
    def frame() -> Response:
        return _frame(pages)

    @open_to(PUBLIC)
    def embed() -> Response:
        """The founding server's own frame; it wanted a key, which is looked at no further."""
        if not request.args.get("apiKey"):
            return make_response("<!doctype html><title>400</title>API key is required", 400)
        return _frame(pages)

    @open_to(PUBLIC)
    def index() -> Response:
        base = pages.settings.public_url or request.host_url.rstrip("/")
        return make_response(render_template("widget/index.html", base=base))

    @open_to(PUBLIC)
    def demo() -> Response:
        shown = render_template("widget/demo.html", positions=POSITIONS, themes=THEMES)
        response = make_response(shown)
        response.headers["Content-Security-Policy"] = f"{POLICY}; frame-src 'self'"
        return response

    @open_to(PUBLIC)
    def file(name: str) -> Response:
        return _file(pages, name)

    for name, view in (("embed", embed), ("demo", demo), ("test", demo)):
        page.add_url_rule(f"/widget/{name}.php", f"widget_{name}", view)
    for name, view in (("frame", frame), ("embed", embed), ("demo", demo), ("test", demo)):
        page.add_url_rule(f"/widget/{name}", f"widget_{name}", view)
    page.add_url_rule("/widget/", "widget_index", index, strict_slashes=False)
    page.add_url_rule("/widget/index.php", "widget_index", index)
    for folder in ("static", "assets"):
        page.add_url_rule(f"/widget/{folder}/<path:name>", "widget_file", file)


def _file(pages: Pages, name: str) -> Response:
    found, kind = FILES.get(name, ("", ""))
    asset = pages.assets.find(found)
    if asset is None:
        missing = jsonify({"success": False, "error": "Widget endpoint not found", "code": 404})
        missing.status_code = 404
        return missing
    response = Response(asset.content, content_type=kind)
    response.headers["Cache-Control"] = KEPT
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _frame(pages: Pages) -> Response:
    agent = _agent(pages)
    theme = request.args.get("theme", "")
    shown = render_template(
        "widget/frame.html",
        page=_model(pages, agent),
        words=read_words(pages.words),
        theme=theme if theme in THEMES else "auto",
        title=request.args.get("title", "")[:LONGEST_TITLE] or "Chat with us",
    )
    response = make_response(shown)
    parents = pages.settings.widget_parents
    sites = "*" if "*" in parents else " ".join(("'self'", *parents))
    policy = POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {sites}")
    response.headers["Content-Security-Policy"] = policy
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _agent(pages: Pages) -> Agent:
    """The one asked for, or the outside agent that old clients' messages reach."""
    active = pages.agents.visible_to(None)
    for name in (request.args.get("agent"), AGENT):
        for agent in active:
            if name and name in (agent.slug, str(agent.id)):
                return agent
    return active[0] if active else abort(404)


def _model(pages: Pages, agent: Agent) -> dict[str, Any]:
    settings = pages.settings
    return {
        "agent": agent_view(pages, agent, current=True),
        "accept": ",".join(settings.accept),
        "max_upload_mb": settings.max_upload_bytes >> 20,
        "boot": {
            "agent": {
                "id": agent.id,
                "slug": agent.slug,
                "name": agent.name,
                "letter": letter(agent),
                "built_in": agent.built_in,
                "answering": pages.agents.answering(agent),
            },
            "titled": True,
            "cookie": bool(request.cookies.get(settings.cookie_name)),
            "parents": list(settings.widget_parents),
            "max_upload_bytes": settings.max_upload_bytes,
            "max_message_chars": pages.live.now().max_message_chars,
            "accept": list(settings.accept),
            "operations_url": OPERATIONS,
            "icons_url": pages.assets.url("icons.svg"),
        },
    }
