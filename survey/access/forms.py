"""Reading the small forms of our own pages."""

from urllib.parse import parse_qsl

from starlette.requests import Request

LARGEST_FORM = 8192


async def small_form(request: Request) -> dict[str, str]:
    """Return the fields of a small form; whatever is too large or no form comes back empty."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            return {}
    try:
        return dict(parse_qsl(body.decode("ascii", errors="replace"), keep_blank_values=True, max_num_fields=10))
    except ValueError:
        return {}
