"""Forms that ask an owner to do something: shown, sent, and shown again with what was refused beside the field it is about.

`Forms` belongs to one kind of thing (a meeting, an instrument), a `Form` to one thing that can be asked of it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from services.portal.client import Reply
from services.portal.domain import Json
from services.portal.pages.fields import SEVERAL, Field
from services.portal.pages.lookups import LOOK, Found, Given, words_of
from services.portal.pages.terms import N_
from services.portal.pages.visit import Missing, Signed, Visit
from shared.web import attached

AGAIN = "Idempotency-Key"
"""The field an owner names when a form was sent before, with other content."""
MISSING = "Field required"
"""What an owner says of a field that is not there."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What a form is about, as its page shows it above the fields; addresses are below the language."""

    about: str
    back: str
    trail: list[tuple[str, str]]
    facts: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Form:
    """One thing that can be asked; texts are marked for translation."""

    operation: str
    """`<owner>.<operation>` in the table of roles."""
    path: str
    """With `{id}` of the thing, and the name of each field that says which part of it."""
    title: str
    submit: str
    fields: tuple[Field, ...]
    lead: str = ""
    holds: Callable[[Visit, Json], Given] = lambda visit, subject: {}
    """What the fields hold at first."""
    shaped: Callable[[dict[str, Any], Json], Json] = lambda body, subject: body
    """The body that is sent, from the fields and the thing as it was shown."""
    steps: tuple[str, ...] = ()
    """What this does, as its owner calls it where it tells which steps are `possible` now; none: always possible."""
    done: str = N_("Recorded. The figures follow as soon as the event has gone its way.")
    """What the page says afterwards."""
    beside: Callable[[Visit, Json], Awaitable[Json]] | None = None
    """What else its fields choose from; stands beside the thing."""
    template: str = "form.html"
    """Or one that extends it by what helps to fill it in."""
    gives: tuple[str, str] = ("", "")
    """Name and media type of the file that it is asked for, if it is one: it is fetched, and no page follows."""
    whose: str = ""
    """The field of the thing that names the country whose it is to do this; none: as `Forms.whose` says."""
    conflict: tuple[str, str] = ("", "step")
    """Beside which field a refusal for the thing's state stands, and the family of what would be possible instead."""

    @property
    def owner(self) -> str:
        """The service that is asked."""
        return self.operation.partition(".")[0]

    @property
    def file(self) -> Field | None:
        """The field that takes a file, where there is one."""
        return next((each for each in self.fields if each.kind == "file"), None)

    @property
    def makes(self) -> bool:
        """Does it make a new one, rather than change one?"""
        return "{id}" not in self.path

    @property
    def placed(self) -> list[Field]:
        """The fields that stand in the path."""
        return [each for each in self.fields if f"{{{each.name}}}" in self.path]

    def address(self, id_: str, given: Given) -> str:
        """Where it is asked, with what these fields hold."""
        return self.path.format(id=id_, **{each.name: quote(given[each.name], safe="") for each in self.placed})

    def possible(self, subject: Json) -> bool:
        """Can it be done as things stand?"""
        return not self.steps or "possible" not in subject or bool(set(self.steps) & set(subject["possible"]))

    def read(self, given: Given, visit: Visit, subject: Json) -> tuple[Json, dict[str, str]]:
        """The body to be sent, and the fields nothing can be made of."""
        body = {}
        errors = {each.name: MISSING for each in self.placed if not given[each.name]}
        for each in self.fields:
            try:
                value = each.value(given, visit)
            except ValueError as error:
                errors[each.name] = str(error)
                continue
            if each.sent and value is not None:
                body[each.name] = value
        return self.shaped(body, subject), errors


@dataclass(frozen=True, slots=True)
class Forms:
    """What can be asked of one kind of thing: `/{lang}/{name}/{id}/{form}`, and without an id for what is to be made."""

    name: str
    path: str
    """Where the owner shows one of them, with `{id}`."""
    heading: Callable[[Visit, Json], Awaitable[Heading]]
    forms: Mapping[str, Form]
    page_of: Callable[[Json], str]
    """The page to show when it is done, from the owner's answer."""
    family: str = "step"
    """Of the words for its steps."""
    whose: str = ""
    """The field of the thing that names the country whose it is to act upon it; none: whoever has the role may try."""

    def router(self) -> APIRouter:
        """The addresses of these forms: shown by GET, sent by POST."""
        router = APIRouter()

        async def show(visit: Signed, which: str, id_: str = "") -> Response:
            return await self.show(visit, which, id_)

        async def send(visit: Signed, which: str, id_: str = "") -> Response:
            return await self.send(visit, which, id_)

        makes = any(form.makes for form in self.forms.values())
        for path in ("new", "{id_}") if makes else ("{id_}",):
            router.get(f"/{{lang}}/{self.name}/{path}/{{which}}")(show)
            router.post(f"/{{lang}}/{self.name}/{path}/{{which}}")(send)
        return router

    def next_of(self, visit: Visit, subject: Json) -> list[tuple[str, str, bool]]:
        """What can be asked now: (form, the step in words, whether this reader may)."""
        steps = [(name, form, step) for step in subject["possible"] for name, form in self.forms.items() if step in form.steps]
        return [(name, visit.wording.term(self.family, step), self._may(visit, form, subject)) for name, form, step in steps]

    def offers(self, visit: Visit, subject: Json, name: str) -> bool:
        """Can this be asked now, and may this reader?"""
        form = self.forms[name]
        return form.possible(subject) and self._may(visit, form, subject)

    def others(self, visit: Visit, subject: Json) -> list[str]:
        """The countries that can do now what this reader could with their roles, if it were theirs to do."""
        forms = [form for form in self.forms.values() if form.steps and form.possible(subject) and visit.may(form.operation)]
        return sorted({subject[form.whose or self.whose] for form in forms if not self._mine(visit, form, subject)} - {None})

    def new(self, visit: Visit) -> list[tuple[str, str]]:
        """(address, words) of the forms that make one, where these roles may."""
        made = [(name, form) for name, form in self.forms.items() if form.makes and visit.may(form.operation)]
        return [(f"/{visit.language}/{self.name}/new/{name}", visit.wording.say(form.title)) for name, form in made]

    def done(self, visit: Visit) -> str | None:
        """What to say on the page that follows."""
        form = self.forms.get(visit.filters.get("done", ""))
        return visit.wording.say(form.done) if form else None

    async def show(self, visit: Visit, which: str, id_: str = "") -> Response:
        """The form, empty or holding what is known."""
        form = self._form(which)
        subject = await self._subject(visit, form, id_)
        refused = None if form.possible(subject.body) else Reply(form.owner, 409, {"possible": subject.body["possible"]})
        return await self._page(visit, form, subject, form.holds(visit, subject.body), refused)

    async def send(self, visit: Visit, which: str, id_: str = "") -> Response:
        """Ask the owner; what is refused stands beside its field, with everything still filled in."""
        form, sent = self._form(which), await visit.request.form()
        visit.check_form(str(sent.get("form_token", "")))
        given = {each.name: each.found(sent) for each in form.fields}
        subject = await self._subject(visit, form, id_)
        version, key = str(sent.get("version", "")), str(sent.get("key", ""))
        if LOOK in sent:
            return await self._page(visit, form, subject, given, None, version, key, sent)
        body, unread = form.read(given, visit, subject.body)
        if unread:
            refused = Reply(form.owner, 422, {"errors": [{"field": name, "reason": why} for name, why in unread.items()]})
        elif all(form.gives):
            refused, content = await visit.desk.file(form.owner, form.address(id_, given), **body)
            if refused.ok:
                return attached(content, *form.gives)
        else:
            refused = await _sent(visit, form, form.address(id_, given), body, version=version or None, key=key or None)
        if refused.ok:
            page, _, place = self.page_of(refused.body).partition("#")
            return RedirectResponse(f"/{visit.language}/{page}?done={which}{'#' if place else ''}{place}", 303)
        if refused.status != 412 and AGAIN not in refused.errors:
            return await self._page(visit, form, subject, given, refused, version, key, sent)
        # What changed meanwhile is shown, and the next sending is a new decision upon it.
        subject = await self._subject(visit, form, id_)
        return await self._page(visit, form, subject, given, refused)

    def _mine(self, visit: Visit, form: Form, subject: Json) -> bool:
        """Is it this reader's country that is to do it?"""
        whose = form.whose or self.whose
        return whose not in subject or visit.acts_for(subject[whose])

    def _may(self, visit: Visit, form: Form, subject: Json) -> bool:
        return visit.may(form.operation) and self._mine(visit, form, subject)

    def _form(self, which: str) -> Form:
        if which not in self.forms:
            raise Missing
        return self.forms[which]

    async def _subject(self, visit: Visit, form: Form, id_: str) -> Reply:
        """The thing as it stands, and what is chosen from; nothing of the first for one that is to be made."""
        found = Reply(form.owner, 200) if form.makes else await visit.thing(form.owner, self.path.format(id=id_))
        return replace(found, body={**found.body, **await form.beside(visit, found.body)}) if form.beside else found

    async def _page(
        self,
        visit: Visit,
        form: Form,
        subject: Reply,
        given: Given,
        refused: Reply | None = None,
        version: str = "",
        key: str = "",
        sent: Mapping[str, Any] = MappingProxyType({}),
    ) -> Response:
        return visit.page(
            form.template,
            422 if refused else 200,
            form=form,
            subject=subject.body,
            heading=await self.heading(visit, subject.body),
            version=version or subject.etag or "",
            key=key or str(uuid4()),
            given={each.name: given.get(each.name) or _nothing(each) for each in form.fields},
            found=await _found(visit, form, subject.body, given, sent),
            errors=errors_of(visit, form, refused) if refused else {},
            possible=form.possible(subject.body),
            may=visit.may(form.operation),
            mine=self._mine(visit, form, subject.body),
            who_may=visit.who_may(form.operation),
        )


async def _found(visit: Visit, form: Form, subject: Json, given: Given, sent: Mapping[str, Any]) -> dict[str, Found]:
    """What the fields offer that are looked up, by the words that were sent for each."""
    fields = [(each.name, each.finds) for each in form.fields if each.finds]
    asked = [finds.found(visit, subject, given, str(sent.get(words_of(name), "")), str(given.get(name) or "")) for name, finds in fields]
    return dict(zip((name for name, _ in fields), await asyncio.gather(*asked), strict=True))


async def _sent(visit: Visit, form: Form, path: str, body: Json, *, version: str | None, key: str | None) -> Reply:
    """What the owner says to it; a file goes beside the other fields instead of within them."""
    if form.file is None or form.file.name not in body:
        return await visit.desk.post(form.owner, path, body, version=version, key=key)
    beside = {name: value for name, value in body.items() if name != form.file.name}
    return await visit.desk.upload(form.owner, path, beside, form.file.name, body[form.file.name], key=key)


def _nothing(each: Field) -> Any:
    return {} if each.kind in {"numbers", "texts"} else [] if each.kind in SEVERAL else ""


def errors_of(visit: Visit, form: Form, refused: Reply) -> dict[str, str]:
    """What to say beside which field; the empty name is the whole form."""
    say, wording = visit.wording.say, visit.wording
    if AGAIN in refused.errors:
        return {"": say("This form was sent before and recorded then. Look at the present state before you send it again.")}
    if refused.errors:
        known = {each.name for each in form.fields}
        told = {(name if (name := path.split(".")[0]) in known else ""): (path, why) for path, why in reversed(refused.errors.items())}
        return {name: wording.reason(name or path, why) for name, (path, why) in told.items()}
    match refused.status:
        case 409:
            beside, family = form.conflict
            possible = wording.terms(family, refused.body.get("possible") or [])
            if possible:
                return {beside: say("From its present state this is not possible. Possible: %(states)s.", states=possible)}
            why = "" if "possible" in refused.body else str(refused.body.get("detail") or "")
            return {"": wording.reason("", why) or say("Its present state does not allow this.")}
        case 412 | 428:
            return {"": say("Somebody changed it while you were deciding. Look at its present state and send again if it still holds.")}
        case 401:
            return {"": say("Your sign-in is no longer accepted. Sign in again; what you typed is kept in this form.")}
        case 403:
            return {"": say("Your roles do not allow this.") if refused.needs else say("You may not act for this country.")}
        case status if refused.away or status in {502, 503, 504}:
            return {"": say("The owner of this data does not answer. Nothing is known to have changed; sending again is safe.")}
        case _:
            return {"": str(refused.body.get("detail") or say("The owner of this data refused it."))}
