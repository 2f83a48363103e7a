"""The library behind an HTTP address: `edc-issuer serve` (extra `web`).

The requests and answers are those of the VC-API of the W3C Credentials Community
Group, so that a platform, or a test suite, can issue and verify without Python.
Nothing here decides anything: `service` says what each request means, `app` carries
it over HTTP, `config` is the operator's file.
"""

from __future__ import annotations

from edc_issuer.web.config import Desk, ServerConfig
from edc_issuer.web.service import Answer, Service

__all__ = ["Answer", "Desk", "ServerConfig", "Service"]
