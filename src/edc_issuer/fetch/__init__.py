"""The one door out of the process, closed unless the caller opens it.

Everything that could reach a network takes a `Fetcher`. `CLOSED`, the default,
answers every request with `FetchError(..., "offline")`; `Http` opens the door, with
a guard.
"""

from __future__ import annotations

from edc_issuer.fetch.base import (
    CLOSED,
    Closed,
    Credentials,
    Fetcher,
    Request,
    Response,
)
from edc_issuer.fetch.http import Fetched, Http, Limits

__all__ = [
    "CLOSED",
    "Closed",
    "Credentials",
    "Fetched",
    "Fetcher",
    "Http",
    "Limits",
    "Request",
    "Response",
]
