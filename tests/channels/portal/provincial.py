"""A provincial portal on loopback: it shows an article inside its own frame, as its editors left it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FRAME = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Cổng</title><script>var x = 1;</script>
</head><body><nav><a href="/">Trang chủ</a></nav><main>{article}</main><aside>Tin khác</aside></body></html>"""


class Portal:
    """Articles by path. What is not there answers 404."""

    def __init__(self) -> None:
        self.articles: dict[str, str] = {}
        portal = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                article = portal.articles.get(self.path)
                body = FRAME.format(article=article).encode() if article is not None else b"<h1>404</h1>"
                self.send_response(404 if article is None else 200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}/"

    def post(self, article: str) -> str:
        """An editor publishes the article; gives its address."""
        path = f"/bai-{len(self.articles) + 1}.html"
        self.articles[path] = article
        return self.address + path[1:]

    def edit(self, link: str, article: str | None) -> None:
        path = "/" + link.removeprefix(self.address)
        if article is None:
            del self.articles[path]
        else:
            self.articles[path] = article

    @contextmanager
    def open(self) -> Iterator[Portal]:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
