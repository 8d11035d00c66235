"""A small advisory service on the loopback, and advisories as OSV writes them."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

MANNERS = ("honest", "broken", "garbage", "short", "slow")


def advisory(name: str, package: str, *events: dict[str, str], **more: Any) -> dict[str, Any]:
    """One record, with a range of these events."""
    ranges = [{"type": "ECOSYSTEM", "events": list(events)}] if events else []
    part = {"package": {"ecosystem": "PyPI", "name": package}, "ranges": ranges, **more.pop("affected", {})}
    days = {"modified": "2026-01-02T00:00:00Z", "published": "2026-01-01T00:00:00Z"}
    return {"id": name, "summary": f"{package} is bad", **days, "affected": [part], **more}


class Service:
    """A service with these advisories, each for one package at any version; ``manner`` is how it answers."""

    def __init__(self, records: Mapping[str, dict[str, Any]], manner: str = "honest") -> None:
        self.records, self.manner = records, manner
        self.asked: list[str] = []
        self._over = threading.Event()
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                found = [item for item in service.records.values() if self.path == f"/v1/vulns/{item['id']}"]
                self.answer(found[0] if found else {})

            def do_POST(self) -> None:
                queries = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
                names = [query["package"]["name"] for query in queries]
                service.asked += names
                known = [[service.records[name]] if name in service.records else [] for name in names]
                results = [{"vulns": [{"id": item["id"], "modified": item["modified"]} for item in k]} for k in known]
                self.answer({"results": results[:-1] if service.manner == "short" else results})

            def answer(self, data: Any) -> None:
                if service.manner == "slow":
                    service._over.wait(30)
                body = b"<html>" if service.manner == "garbage" else json.dumps(data).encode()
                self.send_response(500 if service.manner == "broken" else 200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Service:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()
