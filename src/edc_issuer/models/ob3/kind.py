"""The context of the Open Badges that are issued here: the newest of version 3.0."""

from __future__ import annotations

OB3_CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
