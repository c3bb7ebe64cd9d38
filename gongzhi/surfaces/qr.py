"""A QR code as an SVG without inline style: ink on white, one path."""

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString


def drawn(address: str, error: str = "m") -> SafeString:
    """The address as a QR. ``error``: how much may be dirty or torn; ``q`` (a quarter) for what hangs outdoors."""
    code = segno.make(address, error=error)
    size = code.symbol_size(border=0)[0]
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, line in enumerate(code.matrix) for x, dark in enumerate(line) if dark
    )
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 {} {}" shape-rendering="crispEdges">'
        '<path fill="#ffffff" d="M-1-1h{}v{}h-{}z"></path><path fill="#1C1E23" d="{}"></path></svg>',
        size + 2, size + 2, size + 2, size + 2, size + 2, path,
    )  # fmt: skip
