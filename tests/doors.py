"""A door to a web in memory: what lies at which address, and what was asked for."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from edc_issuer.errors import FetchError
from edc_issuer.fetch import Request, Response

Json = dict[str, Any]


@dataclass
class Door:
    """Answers from `pages`: bytes, a JSON value, or the `FetchError` to raise."""

    pages: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def fetch(self, request: Request) -> Response:
        self.asked.append(request.url)
        assert not request.signed_answer  # such an answer might come over http
        page = self.pages.get(request.url)
        if page is None:
            raise FetchError(request.url, "not-found", "HTTP status 404")
        if isinstance(page, FetchError):
            raise page
        body = page if isinstance(page, bytes) else json.dumps(page).encode()
        return Response(request.url, 200, "application/json", body)
