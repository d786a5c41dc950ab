"""The HTML page that Streamlit serves, told where its server is.

Streamlit's page tries every folder of its address in turn, so that each address with a page name
begins with two requests that fail. A word in its head saves them.
"""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEAD = b"<head>"
WORD = b"<script>window.__streamlit={BACKEND_BASE_URL:location.origin}</script>"


class Entrance:
    """Adds the word to pages that people open; all else passes untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        opened = scope["type"] == "http" and "." not in scope["path"].rpartition("/")[2]
        if not opened or scope["path"].startswith(("/waypost/", "/_stcore/", "/media/")):
            await self.app(scope, receive, send)
            return
        # Compressed bytes could not be read; the middleware around this one compresses.
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        held: list[Message] = []

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                if "text/html" not in MutableHeaders(raw=message["headers"]).get(
                    "content-type", ""
                ):
                    await send(message)
                    return
                held.append(message)
            elif not held:
                await send(message)
            else:
                held.append(message)
                if not message.get("more_body"):
                    await _sent(held, send)

        await self.app({**scope, "headers": plain}, receive, told)


async def _sent(held: list[Message], send: Send) -> None:
    start, body = held[0], b"".join(message.get("body", b"") for message in held[1:])
    body = body.replace(HEAD, HEAD + WORD, 1)
    headers = MutableHeaders(raw=start["headers"])
    headers["content-length"] = str(len(body))
    await send(start)
    await send({"type": "http.response.body", "body": body})
