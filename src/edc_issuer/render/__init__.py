"""The diploma page: what a person sees before anybody looks at the data.

An EDC cannot be without a picture of its page. The Commission's tools send the
learner's data to a remote service for it; here it is drawn on the spot with typst
(extra `render`). The picture decides nothing: the sealed data counts, and it says
so at its foot.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from edc_issuer.errors import ConfigError, Problem, RecordError
from edc_issuer.models.base import Media
from edc_issuer.record import CredentialRecord
from edc_issuer.render.content import content
from edc_issuer.render.png import MAX_PICTURE_BYTES, grey, media_type

__all__ = ["MAX_PAGES", "picture", "render_pages"]

PPI = 120.0  # sharp on a screen; the Commission's own pages are about as fine
MAX_PAGES = 3


def render_pages(record: CredentialRecord, language: str) -> tuple[Media, ...]:
    """The pages of the diploma in one language: grey PNG, A4 at 120 pixels an inch.

    One page where it fits (the letters shrink a little first), at most `MAX_PAGES`;
    texts without end are cut with "…". Equal records give equal bytes. Raises
    `ConfigError` where typst is not installed.
    """
    compiler = _compiler()
    page = json.dumps(content(record, language), ensure_ascii=False)
    drawn = compiler.compile(
        input=_template(), format="png", ppi=PPI, sys_inputs={"page": page}
    )
    pages = drawn if isinstance(drawn, list) else [drawn]
    return tuple(Media("image/png", grey(png)) for png in pages[:MAX_PAGES])


def picture(data: bytes, *, path: str = "pictures") -> Media:
    """A school's own page picture, if it is a whole PNG or JPEG of decent size.

    What it shows is up to the school. `RecordError`, naming `path`, otherwise.
    """
    kind = media_type(data)
    if kind is None:
        raise _refused(path, "not a whole PNG or JPEG picture", case="kind")
    if len(data) > MAX_PICTURE_BYTES:
        limit = MAX_PICTURE_BYTES // 1000
        raise _refused(path, f"larger than {limit} kB", case="size", limit=limit)
    return Media(kind, data)


def _refused(path: str, why: str, **values: object) -> RecordError:
    message = f"this picture is {why}; give another, or none to have one drawn"
    return RecordError([Problem(path, "picture.unusable", message, values)])


@cache
def _template() -> bytes:
    return (files("edc_issuer") / "data" / "diploma.typ").read_bytes()


def _compiler() -> Any:
    try:
        import typst
    except ImportError as error:
        raise ConfigError(
            "an EDC needs a picture of its page, and typst, which draws it, is not "
            'installed; run pip install "edc-issuer[render]", or give your own '
            "picture for each language in the record (pictures)"
        ) from error
    # Only the fonts that come with typst: the page looks alike on every machine.
    return typst.Compiler(_template(), ignore_system_fonts=True)
