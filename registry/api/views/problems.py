"""What went wrong, as application/problem+json in both languages, for every address under /api/."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, current_app, request
from flask_babel import force_locale
from werkzeug.exceptions import HTTPException

from registry.api.rules.shapes import ProblemName, ProblemShape
from registry.api.texts import BY_STATUS, PROBLEMS, UNFIT_PARAMETER, ProblemKind
from registry.base.errors import RegistryError
from registry.base.extensions import setting
from registry.site.locale import sentence

UNDER = "/api/"
MEDIA_TYPE = "application/problem+json"
CHINESE, ENGLISH = "zh_Hans_CN", "en"
_TYPE = "urn:registry:problem:"


class Problem(RegistryError):
    """A request that cannot be answered: a key of `texts.PROBLEMS`, its values, parameters by name with a sentence."""

    def __init__(
        self, kind: str, *, names: tuple[str, ...] = (), said: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None, **values: Any,
    ) -> None:  # fmt: skip
        self.kind, self.status = kind, PROBLEMS[kind].status
        self.said = said or dict.fromkeys(names, UNFIT_PARAMETER)
        self.headers = dict(headers or {})
        if self.status == 401:
            self.headers["WWW-Authenticate"] = 'Bearer realm="registry"'
        super().__init__(PROBLEMS[kind].detail, names=tuple(self.said), **values)


def of_path(status: int, cause: BaseException | None) -> Response | None:
    """The answer to an error at an address of the API; None at any other, where a page says it."""
    if not request.path.startswith(UNDER):
        return None
    if not isinstance(cause, Problem) and not setting("API"):
        cause = Problem("off")
    if isinstance(cause, Problem):
        kind, name, said = PROBLEMS[cause.kind], cause.kind, cause.said
        answer = _answer(kind, name, said, cause.values)
        answer.headers.update(cause.headers)
        return answer
    kind = BY_STATUS.get(status) or BY_STATUS[400 if status < 500 else 500]
    answer = _answer(kind._replace(status=status), str(status), {}, {})
    if isinstance(cause, HTTPException) and status == 405:
        answer.headers["Allow"] = ", ".join(sorted(getattr(cause, "valid_methods", None) or ("GET", "HEAD", "OPTIONS")))
    return answer


def _answer(kind: ProblemKind, name: str, said: Mapping[str, str], values: Mapping[str, Any]) -> Response:
    shape = ProblemShape(
        type=_TYPE + name,
        title=_in(CHINESE, kind.title),
        title_en=_in(ENGLISH, kind.title),
        status=kind.status,
        detail=_in(CHINESE, kind.detail, values),
        detail_en=_in(ENGLISH, kind.detail, values),
        errors=[
            ProblemName(name=one, detail=_in(CHINESE, text), detail_en=_in(ENGLISH, text)) for one, text in said.items()
        ],
    )
    return current_app.response_class(shape.model_dump_json() + "\n", kind.status, mimetype=MEDIA_TYPE)


def _in(locale: str, text: str, values: Mapping[str, Any] | None = None) -> str:
    with force_locale(locale):
        return sentence(RegistryError(text, **(values or {})))
