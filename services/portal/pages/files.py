"""A table's file in two forms: what a page gives at `….csv`, it gives at `….xlsx` as well."""

from starlette.types import ASGIApp, Receive, Scope, Send

from shared.sheets import Form

_FORM = "concord.form"


class Twofold:
    """Brings whoever asks for `….xlsx` to the page that gives `….csv`: no page has to hang itself in twice, and none can forget to."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Only the path changes; which form was asked for stands beside it."""
        if scope["type"] == "http" and scope["path"].endswith(".xlsx"):
            scope = {**scope, "path": f"{scope['path'].removesuffix('.xlsx')}.csv", _FORM: "xlsx"}
        await self.app(scope, receive, send)


def form_of(scope: Scope) -> Form:
    """In which form a file was asked for."""
    form: Form = scope.get(_FORM, "csv")
    return form


def asked_path(scope: Scope) -> str:
    """The path as the browser has it."""
    path = str(scope["path"])
    return f"{path.removesuffix('.csv')}.xlsx" if form_of(scope) == "xlsx" else path
