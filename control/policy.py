"""What a page of ours may load and do, told with every answer; who may frame it is added where
somebody may."""

import gzip

from flask import Response, request

from control.pages import PageSettings

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}


def guarded(response: Response, settings: PageSettings) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if settings.secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if response.mimetype == "text/html" and "Content-Encoding" not in response.headers:
        _compress(response)
    return response


def _compress(response: Response) -> None:
    """Nothing a caller sends is echoed beside a secret, so the length gives nothing away."""
    response.headers["Vary"] = "Accept-Encoding, Cookie"
    if request.accept_encodings.quality("gzip"):
        response.set_data(gzip.compress(response.get_data()))
        response.headers["Content-Encoding"] = "gzip"
