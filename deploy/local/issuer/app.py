"""The provider's six addresses."""

import hashlib
import secrets
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import FastAPI, Form, Header, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from fastapi.security.utils import get_authorization_scheme_param
from fastapi.staticfiles import StaticFiles
from joserfc import jwt

from deploy.local.issuer import page
from deploy.local.issuer.people import BY_SUB, Person
from deploy.local.issuer.settings import Settings

CLIENT = "portal"
SERVICES = {"notifications": ["personal"], "portal": ["visitor"]}
"""Services that sign in as themselves, and the roles they get."""
TOKEN_S = 8 * 3600
CODE_S = 60
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    **NO_STORE,
}


@dataclass(frozen=True, slots=True)
class Grant:
    """A code that was given out and may be used once."""

    person: Person
    redirect: str
    challenge: str
    nonce: str
    until: float


def build(settings: Settings | None = None) -> FastAPI:  # noqa: C901 - OpenID Connect in the order of a sign-in, each step a few lines
    """One app; codes live in memory for a minute."""
    settings = settings or Settings()
    key, public = settings.private_key(), settings.public_keys()
    grants: dict[str, Grant] = {}
    app = FastAPI(title="Concord demo issuer", docs_url=None, redoc_url=None, openapi_url=None)
    app.mount("/static", StaticFiles(directory=page.STATIC), name="static")
    issuer = settings.url.rstrip("/")

    def token(**claims: Any) -> str:
        now = int(time.time())
        said = {"iss": settings.url, "iat": now, "exp": now + TOKEN_S, **claims}
        return jwt.encode({"alg": "ES256", "kid": key.kid}, said, key)

    def wrong(query: Any) -> str | None:
        """Why this request cannot even be answered by a redirect: it would carry a code to a stranger."""
        if query.get("client_id") != CLIENT:
            return "client_id"
        return None if _ours(str(query.get("redirect_uri", "")), settings.redirect) else "redirect_uri"

    @app.get("/.well-known/openid-configuration")
    async def discovery() -> dict[str, object]:
        return {
            "issuer": settings.url,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/jwks",
            "end_session_endpoint": f"{issuer}/end-session",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "client_credentials"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "scopes_supported": ["openid", "profile"],
            "ui_locales_supported": list(page.LANGUAGES),
            "concord_demo": True,
        }

    @app.get("/jwks")
    async def jwks() -> dict[str, object]:
        return public

    @app.get("/health/live")
    async def live() -> Response:
        return Response(status_code=204)

    @app.get("/authorize")
    async def authorize(request: Request) -> Response:
        query = request.query_params
        reason = wrong(query)
        if reason:
            return JSONResponse({"error": "invalid_request", "error_description": reason}, 400)
        if query.get("response_type") != "code" or query.get("code_challenge_method") != "S256" or not query.get("code_challenge"):
            return _back(str(query["redirect_uri"]), error="invalid_request", state=query.get("state", ""))
        language = page.language(query.get("ui_locales"), request.headers.get("accept-language"))
        return HTMLResponse(page.people(language, dict(query)), headers=HEADERS)

    @app.post("/authorize")
    async def choose(request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        person, reason = BY_SUB.get(form.get("person", "")), wrong(form)
        if reason or person is None or not form.get("code_challenge"):
            return JSONResponse({"error": "invalid_request", "error_description": reason or "person"}, 400)
        code, now = secrets.token_urlsafe(32), time.monotonic()
        for old in [old for old, grant in grants.items() if grant.until < now]:
            del grants[old]
        grants[code] = Grant(person, form["redirect_uri"], form["code_challenge"], form.get("nonce", ""), now + CODE_S)
        return _back(form["redirect_uri"], code=code, state=form.get("state", ""), iss=settings.url)

    @app.post("/token")
    async def exchange(
        grant_type: Annotated[str, Form()] = "",
        code: Annotated[str, Form()] = "",
        redirect_uri: Annotated[str, Form()] = "",
        code_verifier: Annotated[str, Form()] = "",
        client_id: Annotated[str, Form()] = "",
        client_secret: Annotated[str, Form()] = "",
        authorization: Annotated[str, Header()] = "",
    ) -> JSONResponse:
        client = _client(settings, client_id, client_secret, authorization)
        if client is None:
            return JSONResponse({"error": "invalid_client"}, 401, headers=NO_STORE)
        if grant_type == "client_credentials" and client in SERVICES:
            access = token(sub=f"service:{client}", aud="concord", roles=SERVICES[client], countries=["*"])
            return JSONResponse({"access_token": access, "token_type": "Bearer", "expires_in": TOKEN_S}, headers=NO_STORE)
        # Taken out before it is looked at: a code tried once is spent, whatever the answer.
        grant = grants.pop(code, None)
        proof = urlsafe_b64encode(hashlib.sha256(code_verifier.encode()).digest()).decode().rstrip("=")
        asked = grant_type == "authorization_code" and client == CLIENT
        if not asked or grant is None or grant.until < time.monotonic() or grant.redirect != redirect_uri:
            return JSONResponse({"error": "invalid_grant"}, 400, headers=NO_STORE)
        if not secrets.compare_digest(proof, grant.challenge):
            return JSONResponse({"error": "invalid_grant", "error_description": "code_verifier"}, 400, headers=NO_STORE)
        person = grant.person
        access = token(sub=person.sub, aud="concord", roles=[person.role], countries=list(person.countries))
        zone = {"zoneinfo": person.zone} if person.zone else {}
        identity = token(sub=person.sub, aud=CLIENT, nonce=grant.nonce, name=person.name, **zone)
        answer = {"access_token": access, "id_token": identity, "token_type": "Bearer", "expires_in": TOKEN_S, "scope": "openid profile"}
        return JSONResponse(answer, headers=NO_STORE)

    @app.get("/end-session")
    async def end(post_logout_redirect_uri: str = "") -> Response:
        # There is no session here to end: every sign-in asks anew.
        origin = "/".join(settings.redirect.split("/")[:3]) + "/"
        return RedirectResponse(post_logout_redirect_uri if post_logout_redirect_uri.startswith(origin) else origin, 303)

    return app


def _ours(redirect: str, allowed: str) -> bool:
    """Exactly the allowed address, or a path below it: `http://host:8000` must not let `http://host:80001` pass."""
    return redirect == allowed or redirect.startswith(allowed if allowed.endswith("/") else f"{allowed}/")


def _client(settings: Settings, client: str, secret: str, authorization: str) -> str | None:
    """Who proves to be which client."""
    scheme, given = get_authorization_scheme_param(authorization)
    if scheme.lower() == "basic":
        client, secret = page.basic(given)
    wanted = settings.client_secret if client == CLIENT else settings.service_secret if client in SERVICES else None
    proven = wanted is not None and secrets.compare_digest(secret.encode(), wanted.get_secret_value().encode())
    return client if proven else None


def _back(redirect: str, **answer: str) -> RedirectResponse:
    return RedirectResponse(f"{redirect}?{urlencode(answer)}", 303, headers=NO_STORE)
