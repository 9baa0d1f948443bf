"""How each operation is asked so that it succeeds: a fresh thing in the right state, made through the same public API."""

import time
from collections.abc import Callable
from itertools import count, cycle
from typing import Any, ClassVar
from uuid import uuid4

from confluent_kafka import Producer

from shared.codes import LISTS
from tests.outside import REFUSED
from tests.system.fuzz import Judge, Operation

Ask = tuple[dict[str, str], dict[str, Any]]
EVERYBODY = ("administrator", "importer", "auditor", "personal", "operator", "coordinator")
NAME = {"en": "Ruritania", "fr": "Ruritanie", "ar": "روريتانيا"}
PERSON = {"family_name": "Rassendyll", "given_name": "Rudolf", "email": "r@office.example", "phone": "+355 4 000 0000"}
ANY = {"If-Match": "*"}


class Recipes:
    """Answers, for an operation: path parameters and what else is sent."""

    def __init__(self, judge: Judge, servers: str) -> None:
        self.judge, self.servers = judge, servers
        self.by_key = {operation.key: operation for api in judge.apis.values() for operation in api.operations}
        self.number, self.kept, self.nobody = count(1), dict[str, Ask](), ""
        self.pairs = cycle(code for code in LISTS["country"].codes if code != "NL")
        self.service = ""
        """Whose operation is asked: several services have some alike."""
        self.mode: dict[str, str] = {}
        """The header that all which is made carries; live where it says nothing."""

    def of(self, operation: Operation) -> Ask:
        """With a fresh thing."""
        self.service = operation.service
        at, more = getattr(self, operation.name)()
        return at, {**more, "headers": {**more.get("headers", {}), **(ANY if operation.conditional else {})}}

    def any_of(self, operation: Operation) -> Ask:
        """With whatever thing this operation was asked of before: for requests that change nothing."""
        if operation.key not in self.kept:
            self.kept[operation.key] = self.of(operation)
        at, more = self.kept[operation.key]
        return at, dict(more)

    def told(self, key: str, at: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
        answer = self.judge.ask(self.by_key[key], *EVERYBODY, at=at, **{**more, "headers": {**ANY, **self.mode, **more.get("headers", {})}})
        assert answer.is_success, f"{key}: {answer.status_code} {answer.text[:300]}"
        return dict(answer.json())

    def new(self, word: str) -> str:
        return f"fuzz:{word}:{next(self.number)}"

    # partners

    def partner(self) -> str:
        return str(self.told("partners.register_partner", json=self.register_partner()[1]["json"])["id"])

    def instrument(self) -> dict[str, Any]:
        return self.told("partners.register_instrument", json=self.register_instrument()[1]["json"])

    def basis(self) -> str:
        return str(self.told("partners.establish_basis", json=self.establish_basis()[1]["json"])["id"])

    def list_partners(self) -> Ask:
        return {}, {"params": {"limit": 3, "status": "agreement"}}

    def register_partner(self) -> Ask:
        return {}, {"json": {"reference": self.new("partner"), "name": NAME, "kind": "country", "country": "AL", "notes": "a\nnote"}}

    def get_partner(self) -> Ask:
        return {"id": self.partner()}, {"params": {"on": "2024-02-29"}}

    def amend_partner(self) -> Ask:
        return {"id": self.partner()}, {"json": {"name": NAME, "kind": "organisation", "region": "western-balkans"}}

    def get_exchange(self) -> Ask:
        return {"id": self.partner()}, {"params": {"asof": "2024-03-01T00:00:00Z"}}

    def list_instruments(self) -> Ask:
        return {}, {"params": {"limit": 3, "state": "in_force"}}

    def register_instrument(self) -> Ask:
        body = {"partner_id": self.partner(), "kind": "international_agreement", "reference": self.new("instrument"), "state": "in_force"}
        return {}, {
            "json": {**body, "subjects": ["serious crime"], "stated_as_of": "2024-03-01", "source": {"seed": "001", "locator": "x"}}
        }

    def get_instrument(self) -> Ask:
        return {"id": self.instrument()["id"]}, {}

    def advance_instrument(self) -> Ask:
        return {"id": self.instrument()["id"]}, {"json": {"state": "suspended"}}

    def retract_step(self) -> Ask:
        made = self.instrument()
        return {"id": made["id"]}, {"json": {"corrects": made["history"][0]["event_id"], "reason": "typing_error"}}

    def list_legal_bases(self) -> Ask:
        return {}, {"params": {"limit": 3}}

    def establish_basis(self) -> Ask:
        body = {"partner_id": self.partner(), "kind": "adequacy_decision", "purposes": ["judicial_cooperation"], "valid_from": "2024-03-01"}
        return {}, {"json": {**body, "data_categories": ["case_related"]}}

    def get_legal_basis(self) -> Ask:
        return {"id": self.basis()}, {}

    def suspend_basis(self) -> Ask:
        return {"id": self.basis()}, {"json": {"on": "2024-04-01"}}

    def resume_basis(self) -> Ask:
        at, more = self.suspend_basis()
        self.told("partners.suspend_basis", at, **more)
        return at, {"json": {}}

    def end_basis(self) -> Ask:
        return self.suspend_basis()

    # contacts

    def authority(self) -> str:
        return str(self.told("contacts.register_authority", json=self.register_authority()[1]["json"])["id"])

    def nominee(self) -> dict[str, Any]:
        return self.told("contacts.nominate_contact_point", json=self.nominate_contact_point()[1]["json"])

    def serving(self) -> dict[str, Any]:
        at, more = self.designate_contact_point()
        return self.told("contacts.designate_contact_point", at, **more)

    def list_authorities(self) -> Ask:
        return {}, {"params": {"limit": 3, "country": "AL"}}

    def register_authority(self) -> Ask:
        body = {"reference": self.new("office"), "name": NAME, "kind": "ministry_justice", "country": "AL", "zone": "Europe/Tirane"}
        return {}, {"json": {**body, "languages": ["sq"], "role_mailbox": "desk@office.example", "phone_24x7": "+355 4 000 0000"}}

    def get_authority(self) -> Ask:
        return {"id": self.authority()}, {}

    def amend_authority(self) -> Ask:
        return {"id": self.authority()}, {"json": {"name": NAME, "kind": "police", "zone": "Europe/Tirane", "subdivision": "AL-11"}}

    def whom_to_ask(self) -> Ask:
        asked = {"country": "AL", "measure": "preserve_data", "crime_type": "cybercrime", "urgency": "urgent"}
        return {}, {"params": {**asked, "lang": "fr", "on": "2024-03-01"}}

    def declare_competence(self) -> Ask:
        body = {
            "crime_types": ["cybercrime"],
            "measures": ["preserve_data"],
            "instruments": ["budapest-convention"],
            "territory": ["AL-11"],
        }
        return {"id": self.authority()}, {"json": {**body, "stage": "investigation", "valid_from": "2024-03-01", "valid_to": "2030-01-01"}}

    def competent(self) -> dict[str, Any]:
        at, more = self.declare_competence()
        return self.told("contacts.declare_competence", at, **more)

    def withdraw_competence(self) -> Ask:
        made = self.competent()
        return {"id": made["id"], "competence": made["competences"][0]["id"]}, {"json": {"valid_to": "2024-04-01"}}

    def retract_competence(self) -> Ask:
        made = self.competent()
        held = made["competences"][0]
        body = {"corrects": held["history"][0]["event_id"], "reason": "typing_error"}
        return {"id": made["id"], "competence": held["id"]}, {"json": body}

    def list_contact_points(self) -> Ask:
        return {}, {"params": {"limit": 3, "country": "AL"}}

    def list_vacancies(self) -> Ask:
        return {}, {"params": {"limit": 3, "country": "AL"}}

    def nominate_contact_point(self) -> Ask:
        body = {
            "country": "AL",
            "appointing_kind": "country",
            "specialisations": ["cybercrime"],
            "languages": [{"code": "sq", "level": "native"}],
        }
        return {}, {"json": {**body, "person": PERSON, "on": "2024-01-01"}}

    def get_contact_point(self) -> Ask:
        return {"id": self.nominee()["id"]}, {}

    def designate_contact_point(self) -> Ask:
        return {"id": self.nominee()["id"]}, {
            "json": {"valid_from": "2024-03-01", "authority_ref": self.authority(), "duty": "office_hours"}
        }

    def update_contact_point(self) -> Ask:
        body = {"authority_ref": self.authority(), "specialisations": [], "languages": [], "duty": "office_hours"}
        return {"id": self.serving()["id"]}, {"json": body}

    def request_verification(self) -> Ask:
        return {"id": self.serving()["id"]}, {"json": {"due": "2199-12-31", "method": "self"}}

    def verify_contact_point(self) -> Ask:
        return {"id": self.serving()["id"]}, {"json": {"method": "call", "changed_fields": ["duty"]}}

    def end_contact_point(self) -> Ask:
        return {"id": self.serving()["id"]}, {"json": {"valid_to": "2024-06-01", "reason": "term_ended"}}

    def suspend_contact_point(self) -> Ask:
        return {"id": self.serving()["id"]}, {}

    def note_absence(self) -> Ask:
        return {"id": self.serving()["id"]}, {"json": {"absent_from": "2026-08-01", "absent_to": "2026-08-21"}}

    def correct_contact_point(self) -> Ask:
        made = self.serving()
        return {"id": made["id"]}, {"json": {"corrects": made["history"][-1]["event_id"], "on": "2024-03-02", "reason": "wrong_date"}}

    def retract_contact_point(self) -> Ask:
        made = self.serving()
        return {"id": made["id"]}, {"json": {"corrects": made["history"][-1]["event_id"], "reason": "typing_error"}}

    def campaign(self) -> str:
        return str(self.told("contacts.open_campaign", json=self.open_campaign()[1]["json"])["id"])

    def asked(self) -> str:
        id_ = str(self.serving()["id"])
        self.told("contacts.request_verification", {"id": id_}, json={"due": "2199-12-31", "method": "self"})
        return id_

    def link(self) -> str:
        return str(self.told("contacts.issue_verification_link", {"id": self.asked()})["token"])

    def open_campaign(self) -> Ask:
        self.serving()
        return {}, {"json": {"country": "AL", "method": "self", "due": "2199-12-31", "unverified_days": 0}}

    def list_campaigns(self) -> Ask:
        return {}, {"params": {"limit": 3}}

    def get_campaign(self) -> Ask:
        return {"id": self.campaign()}, {}

    def list_campaign_members(self) -> Ask:
        return {"id": self.campaign()}, {"params": {"limit": 3}}

    def issue_verification_link(self) -> Ask:
        return {"id": self.asked()}, {}

    def open_verification_link(self) -> Ask:
        return {}, {"json": {"token": self.link()}}

    def answer_verification_link(self) -> Ask:
        return {}, {"json": {"token": self.link(), "answer": "changed", "changed_fields": ["duty"]}}

    def get_person(self) -> Ask:
        return {"ref": self.nominee()["person_ref"]}, {"params": {"purpose": "judicial_cooperation"}}

    def get_person_key(self) -> Ask:
        return self.get_person()

    def get_person_card(self) -> Ask:
        return self.get_person()

    def record_person(self) -> Ask:
        return {"ref": self.nominee()["person_ref"]}, {"json": PERSON}

    def erase_person(self) -> Ask:
        return {"ref": self.nominee()["person_ref"]}, {}

    def list_accesses(self) -> Ask:
        return {}, {"params": {"limit": 3}}

    # networks and structures

    def network(self) -> str:
        return str(self.told("contacts.found_network", json=self.found_network()[1]["json"])["id"])

    def structure(self) -> str:
        return str(self.told("contacts.establish_structure", json=self.establish_structure()[1]["json"])["id"])

    def search_directory(self) -> Ask:
        return {}, {"params": {"q": "ruritania cybercrime", "limit": 3}}

    def list_networks(self) -> Ask:
        return {}, {"params": {"limit": 3, "domain": "cybercrime", "level": "national"}}

    def list_interconnections(self) -> Ask:
        self.interconnect_networks()
        return {}, {"params": {"limit": 3}}

    def found_network(self) -> Ask:
        body = {"reference": self.new("network"), "country": "AL", "name": NAME, "kind": "national_network", "level": "national"}
        return {}, {"json": {**body, "domain": ["cybercrime"], "fields": ["financial"], "rhythm": "P3M", "on": "2024-03-01"}}

    def get_network(self) -> Ask:
        return {"id": self.network()}, {}

    def activate_network(self) -> Ask:
        return {"id": self.network()}, {"json": {"on": "2024-04-01"}}

    def flag_silent_network(self) -> Ask:
        at, more = self.activate_network()
        self.told("contacts.activate_network", at, **more)
        return at, {"json": {}}

    def dissolve_network(self) -> Ask:
        return self.activate_network()

    def grant_membership(self) -> Ask:
        return {"id": self.network()}, {"json": {"member_ref": self.authority(), "role": "chair", "valid_from": "2024-04-01"}}

    def end_membership(self) -> Ask:
        at, more = self.grant_membership()
        self.told("contacts.grant_membership", at, **more)
        return at, {"json": {"member_ref": more["json"]["member_ref"], "valid_to": "2024-06-01"}}

    def interconnect_networks(self) -> Ask:
        return {"id": self.network()}, {"json": {"other_network": self.network(), "purpose": "contact", "basis": "protocol"}}

    def disconnect_networks(self) -> Ask:
        at, more = self.interconnect_networks()
        self.told("contacts.interconnect_networks", at, **more)
        return at, {"json": {"other_network": more["json"]["other_network"]}}

    def retract_network(self) -> Ask:
        made = self.told("contacts.found_network", json=self.found_network()[1]["json"])
        return {"id": made["id"]}, {"json": {"corrects": made["history"][0]["event_id"], "reason": "duplicate"}}

    def list_structures(self) -> Ask:
        return {}, {"params": {"limit": 3, "party": "AL"}}

    def establish_structure(self) -> Ask:
        body = {"reference": self.new("structure"), "country": "AL", "name": NAME, "kind": "ilecu", "form": "office"}
        return {}, {"json": {**body, "countries": ["AL"], "organisations": ["europol"]}}

    def get_structure(self) -> Ask:
        return {"id": self.structure()}, {}

    def assign_role(self) -> Ask:
        return {"id": self.structure()}, {"json": {"role": "head", "authority_ref": self.authority()}}

    def adopt_action_plan(self) -> Ask:
        return {"id": self.structure()}, {"json": {"plan_from": "2026-01-01", "plan_to": "2026-12-31"}}

    def declare_channel(self) -> Ask:
        return {"id": self.structure()}, {"json": {"channel": "EUROPOL"}}

    def retract_structure(self) -> Ask:
        made = self.told("contacts.establish_structure", json=self.establish_structure()[1]["json"])
        return {"id": made["id"]}, {"json": {"corrects": made["history"][0]["event_id"], "reason": "duplicate"}}

    def list_domains(self) -> Ask:
        return {}, {"params": {"limit": 3}}

    def add_domain(self) -> Ask:
        body = {"reference": self.new("priority"), "country": "AL", "code": "cybercrime", "valid_from": "2024-01-01"}
        return {}, {"json": body}

    def get_domain(self) -> Ask:
        return {"id": self.told("contacts.list_domains", params={"limit": 1})["items"][0]["id"]}, {}

    def retract_domain(self) -> Ask:
        made = self.told("contacts.add_domain", json=self.add_domain()[1]["json"])
        return {"id": made["id"]}, {"json": {"corrects": made["history"][0]["event_id"], "reason": "other"}}

    def list_liaisons(self) -> Ask:
        return {}, {"params": {"limit": 3, "host": "NL", "on": "2026-01-01"}}

    def post_liaison(self) -> Ask:
        body = {"reference": self.new("liaison"), "country": "AL", "kind": "magistrate", "host": "eurojust", "valid_from": "2024-01-01"}
        return {}, {"json": body}

    def get_liaison(self) -> Ask:
        return {"id": self.told("contacts.post_liaison", json=self.post_liaison()[1]["json"])["id"]}, {}

    def end_liaison(self) -> Ask:
        return self.get_liaison()[0], {"json": {"valid_to": "2026-01-01"}}

    def fund_liaison(self) -> Ask:
        return self.get_liaison()[0], {"json": {"funding_share": 50, "funder_ref": "eurojust"}}

    def retract_liaison(self) -> Ask:
        made = self.told("contacts.post_liaison", json=self.post_liaison()[1]["json"])
        return {"id": made["id"]}, {"json": {"corrects": made["history"][0]["event_id"], "reason": "duplicate"}}

    def list(self) -> dict[str, Any]:
        """A list that was looked through."""
        made = self.told("contacts.start_import", **self.start_import()[1])
        return self.reached("contacts.get_import", {"id": made["id"]}, lambda found: found["state"] == "checked")

    def reached(self, key: str, at: dict[str, str], true: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """What is worked on beside the requests, once this is true of it."""
        end = time.monotonic() + 30
        while not true(found := self.told(key, at)):
            assert time.monotonic() < end, found
            time.sleep(0.1)
        return found

    def start_import(self) -> Ask:
        lines = (
            f"reference,name_en,kind,country,zone\n{self.new('office')},Office,court,AL,Europe/Tirane\n{self.new('office')},,court,AL,x\n"
        )
        form = (
            '--X\r\nContent-Disposition: form-data; name="kind"\r\n\r\nauthorities\r\n--X\r\nContent-Disposition: form-data; name="file"; '
        )
        form += f'filename="list.csv"\r\nContent-Type: text/csv\r\n\r\n{lines}\r\n--X--\r\n'
        return {}, {"content": form.encode(), "headers": {"Content-Type": "multipart/form-data; boundary=X"}}

    def list_imports(self) -> Ask:
        return {}, {"params": {"limit": 3, "kind": "authorities"}}

    def get_import(self) -> Ask:
        return {"id": self.list()["id"]}, {}

    def list_faults(self) -> Ask:
        return {"id": self.list()["id"]}, {"params": {"limit": 3}}

    def get_faults_file(self) -> Ask:
        return {"id": self.list()["id"], "form": "csv"}, {}

    def get_import_template(self) -> Ask:
        return {}, {"params": {"kind": "contact_points", "lang": "ar", "form": "xlsx"}}

    def list_countries(self) -> Ask:
        return {}, {}

    def list_import_columns(self) -> Ask:
        return {}, {"params": {"kind": "authorities"}}

    def apply_import(self) -> Ask:
        return {"id": self.list()["id"]}, {"json": {"leave_out_failed": True}}

    def cancel_import(self) -> Ask:
        return {"id": self.list()["id"]}, {}

    def build_pack(self) -> Ask:
        return {}, {"json": {"countries": ["NL"], "days": 1}}

    def list_packs(self) -> Ask:
        return {}, {"params": {"limit": 3}}

    def get_pack(self) -> Ask:
        return {"id": self.told("contacts.build_pack", json=self.build_pack()[1]["json"])["id"]}, {}

    def get_pack_file(self) -> Ask:
        asked = self.get_pack()
        self.reached("contacts.get_pack", asked[0], lambda pack: pack["state"] == "ready")
        return asked

    def get_pack_delta(self) -> Ask:
        """Of a set of countries that no other pack is of: a newer one would have what leads to it worked out anew."""
        body = {"countries": ["NL", next(self.pairs)], "days": 1}
        first, _ = (self.told("contacts.build_pack", json=body) for _ in range(2))
        self.reached("contacts.get_pack", {"id": first["id"]}, lambda pack: pack["delta"] == "ready")
        return {"id": first["id"]}, {}

    def get_pack_key(self) -> Ask:
        return {}, {}

    def get_personal_pack(self) -> Ask:
        return {}, {"params": {"purpose": "contact", "country": "NL", "days": "1"}}

    def list_enquiries(self) -> Ask:
        return {}, {"params": {"limit": 3, "direction": "asking", "clock": "running"}}

    def list_addressees(self) -> Ask:
        self.enquiry("route")
        return {}, {"params": {"limit": 3}}

    def open_enquiry(self) -> Ask:
        body = {"country": "AL", "to_country": "BR", "measure": "preserve_data", "crime_types": ["cybercrime"], "urgency": "urgent"}
        return {}, {"json": {**body, "reference": self.new("enquiry"), "channel": "ejn_secretariat"}}

    def addressee(self) -> str:
        """Whom anybody may ask: a network above countries."""
        body = {**self.found_network()[1]["json"], "country": None, "level": "global"}
        return str(self.told("contacts.found_network", json=body)["id"])

    def enquiry(self, *steps: str) -> Ask:
        made = self.told("contacts.open_enquiry", json=self.open_enquiry()[1]["json"])
        for step in steps:
            body = {"addressee_ref": self.addressee()} if step == "route" else {}
            self.told(f"contacts.{step}_enquiry", {"id": made["id"]}, json=body)
        return {"id": made["id"]}, {}

    def get_enquiry(self) -> Ask:
        return self.enquiry()

    def route_enquiry(self) -> Ask:
        return self.enquiry()[0], {"json": {"addressee_ref": self.addressee()}}

    def escalate_enquiry(self) -> Ask:
        return self.enquiry("route")[0], {"json": {"addressee_ref": self.addressee()}}

    def acknowledge_enquiry(self) -> Ask:
        return self.enquiry("route")[0], {"json": {}}

    def answer_enquiry(self) -> Ask:
        return self.enquiry("route")[0], {"json": {}}

    def refuse_enquiry(self) -> Ask:
        return self.enquiry("route")[0], {"json": {"reason": "OTHER", "told": "Not ours"}}

    def withdraw_enquiry(self) -> Ask:
        return self.enquiry()

    def close_enquiry(self) -> Ask:
        return self.enquiry("route", "answer")[0], {"json": {"useful": True}}

    def retract_enquiry(self) -> Ask:
        made = self.told("contacts.open_enquiry", json=self.open_enquiry()[1]["json"])
        return {"id": made["id"]}, {"json": {"corrects": made["history"][0]["event_id"], "reason": "duplicate"}}

    def list_response_times(self) -> Ask:
        return {}, {"params": {"limit": 3, "country": "AL"}}

    # meetings

    def proposed(self) -> str:
        return str(self.told("meetings.propose_meeting", json=self.propose_meeting()[1]["json"])["id"])

    def scheduled(self) -> str:
        at, more = self.schedule_meeting()
        return str(self.told("meetings.schedule_meeting", at, **more)["id"])

    def held(self) -> dict[str, Any]:
        return self.told("meetings.record_held_meeting", json=self.record_held_meeting()[1]["json"])

    def list_meetings(self) -> Ask:
        return {}, {"params": {"limit": 3, "crime_type": "cybercrime", "since": "2024-01-01T00:00:00Z"}}

    def propose_meeting(self) -> Ask:
        # A country without contact points: those of the others are written to, and each test makes more of them.
        seats = {"country": "NO", "categories": ["judge", "prosecutor"], "seats": 2}
        return {}, {"json": {"country": "NL", "kind": "national_coordination", "title": NAME, "delegations": [seats]}}

    def record_held_meeting(self) -> Ask:
        body = {"reference": self.new("meeting"), "kind": "coordination_case", "title": NAME, "crime_types": ["cybercrime"]}
        return {}, {"json": {**body, "started": "2024-05-01T09:00:00Z", "ended": "2024-05-01T11:00:00+01:00", "countries": ["AL", "NL"]}}

    def get_meeting(self) -> Ask:
        return {"id": self.proposed()}, {}

    def add_delegation(self) -> Ask:
        return {"id": self.proposed()}, {"json": {"country": "NL", "categories": ["police"], "seats": 1}}

    def schedule_meeting(self) -> Ask:
        slot = {"start": "2026-02-02T09:00:00+01:00", "end": "2026-02-02T10:30:00+01:00", "zone": "Europe/Amsterdam", "place": "Room 1"}
        return {"id": self.proposed()}, {"json": slot}

    def cancel_meeting(self) -> Ask:
        return {"id": self.proposed()}, {"json": {"reason": "no_date_found"}}

    def hold_meeting(self) -> Ask:
        return {"id": self.scheduled()}, {"json": {"started": "2026-02-02T08:00:00Z", "ended": "2026-02-02T09:00:00Z"}}

    def record_attendance(self) -> Ask:
        return {"id": self.held()["id"]}, {"json": {"categories": {"judge": 2, "liaison": 1}, "countries": ["AL"]}}

    def reclassify_meeting(self) -> Ask:
        return {"id": self.held()["id"]}, {"json": {"crime_types": ["terrorism"], "reason": "source_corrected"}}

    def correct_meeting(self) -> Ask:
        made = self.held()
        right = {"started": "2024-05-02T09:00:00Z", "ended": "2024-05-02T10:00:00Z", "corrects": made["held_event"], "reason": "wrong_date"}
        return {"id": made["id"]}, {"json": right}

    def retract_meeting(self) -> Ask:
        made = self.held()
        return {"id": made["id"]}, {"json": {"corrects": made["held_event"], "reason": "duplicate"}}

    def request_support(self) -> Ask:
        pairs = [{"source": "sq", "target": "en"}, {"source": "en", "target": "sq", "relay": "fr"}]
        return {"id": self.proposed()}, {"json": {"kind": "interpretation", "pairs": pairs, "booths": 1, "note": "simultaneous"}}

    def confirm_support(self) -> Ask:
        at, more = self.request_support()
        made = self.told("meetings.request_support", at, **more)
        cost = {"amount_minor": 84000, "currency": "EUR", "exponent": 2}
        body = {"pairs": [{"source": "sq", "target": "en"}], "cost": cost}
        return {"id": made["id"], "support": made["support"][0]["id"]}, {"json": body}

    def adopt_decision(self) -> Ask:
        return {"id": self.held()["id"]}, {"json": {"kind": "legal", "text": {"en": "One authority\nprosecutes"}}}

    def adopted(self) -> dict[str, str]:
        at, more = self.adopt_decision()
        made = self.told("meetings.adopt_decision", at, **more)
        return {"id": str(made["id"]), "decision": str(made["decisions"][0]["id"])}

    def amend_decision(self) -> Ask:
        return self.adopted(), {"json": {"text": {"en": "Two authorities prosecute"}}}

    def assign_action_item(self) -> Ask:
        body = {"country": "AL", "text": {"en": "Freeze the accounts"}, "due": "2026-03-01", "owner_ref": str(uuid4())}
        return self.adopted(), {"json": body}

    def action_item(self, *steps: str) -> dict[str, str]:
        at, more = self.assign_action_item()
        made = {"id": str(self.told("meetings.assign_action_item", at, **more)["id"])}
        for step in steps:
            self.told(f"meetings.{step}", made, **self.action_item_steps[step])
        return made

    action_item_steps: ClassVar[dict[str, dict[str, Any]]] = {
        "accept_action_item": {},
        "progress_action_item": {"json": {"percent": 50}},
        "change_due_of_action_item": {"json": {"due": "2026-04-01", "reason": "waits_for_others"}},
        "complete_action_item": {"json": {"completed": "2026-02-20"}},
        "verify_action_item": {},
        "cancel_action_item": {"json": {"reason": "superseded"}},
    }

    def list_action_items(self) -> Ask:
        return {}, {"params": {"limit": 3, "country": "AL", "overdue": "true"}}

    def get_action_item(self) -> Ask:
        return self.action_item(), {}

    def accept_action_item(self) -> Ask:
        return self.action_item(), {}

    def progress_action_item(self) -> Ask:
        return self.action_item("accept_action_item"), self.action_item_steps["progress_action_item"]

    def change_due_of_action_item(self) -> Ask:
        return self.action_item(), self.action_item_steps["change_due_of_action_item"]

    def complete_action_item(self) -> Ask:
        return self.action_item(), self.action_item_steps["complete_action_item"]

    def verify_action_item(self) -> Ask:
        return self.action_item("complete_action_item"), {}

    def cancel_action_item(self) -> Ask:
        return self.action_item(), self.action_item_steps["cancel_action_item"]

    # operations

    def operation(self, *steps: str) -> dict[str, Any]:
        made = self.told("operations.record_operation", json=self.record_operation()[1]["json"])
        for step in steps:
            _, more = getattr(self, step)(made)
            made = self.told(f"operations.{step}", {"id": made["id"]}, **more)
        return made

    def proposed_operation(self) -> dict[str, Any]:
        return self.told("operations.propose_operation", json=self.propose_operation()[1]["json"])

    def approved_operation(self) -> str:
        made = self.proposed_operation()
        return str(self.told("operations.approve_operation", {"id": made["id"]})["id"])

    def planned_day(self, *steps: str) -> str:
        at, more = self.plan_action_day()
        made = self.told("operations.plan_action_day", at, **more)
        for step in steps:
            _, more = getattr(self, step)(made)
            self.told(f"operations.{step}", {"id": made["id"]}, **more)
        return str(made["id"])

    def list_operations(self) -> Ask:
        return {}, {"params": {"limit": 3, "kind": "task_force", "state": "launched", "participant": "AL"}}

    def propose_operation(self) -> Ask:
        agency = {"institution_kind": "police", "country": "NL", "role": "lead"}
        body = {"country": "NL", "kind": "task_force", "title": NAME, "countries": ["AL"], "agencies": [agency]}
        return {}, {"json": {**body, "mandate_from": "2026-01-01", "mandate_to": "2026-12-31"}}

    def record_operation(self) -> Ask:
        told = [{"country": "AL", "measure_kind": "search", "total": 7, "amount": {"amount_minor": 100, "currency": "EUR"}}]
        body = {"reference": self.new("operation"), "country": "NL", "kind": "joint", "title": NAME, "countries": ["AL"], "results": told}
        return {}, {"json": {**body, "launched": "2024-05-01T09:00:00Z"}}

    def get_operation(self) -> Ask:
        return {"id": self.operation()["id"]}, {}

    def approve_operation(self) -> Ask:
        return {"id": self.proposed_operation()["id"]}, {}

    def launch_operation(self) -> Ask:
        return {"id": self.approved_operation()}, {"json": {"launched": "2026-02-02T08:00:00Z"}}

    def suspend_operation(self, made: Any = None) -> Ask:
        return {"id": (made or self.operation())["id"]}, {}

    def resume_operation(self) -> Ask:
        return {"id": self.operation("suspend_operation")["id"]}, {}

    def join_agency(self, made: Any = None) -> Ask:
        return {"id": (made or self.operation())["id"]}, {"json": {"institution_kind": "customs", "country": "AL", "role": "support"}}

    def leave_agency(self) -> Ask:
        return {"id": self.operation("join_agency")["id"]}, {"json": {"institution_kind": "customs", "country": "AL"}}

    def complete_operation(self, made: Any = None) -> Ask:
        return {"id": (made or self.operation())["id"]}, {"json": {"ended": "2024-06-01T09:00:00Z"}}

    def evaluate_operation(self) -> Ask:
        return {"id": self.operation("complete_operation")["id"]}, {"json": {"evaluated": "2024-07-01T09:00:00Z"}}

    def correct_operation(self) -> Ask:
        made = self.operation("complete_operation")
        right = {"corrects": made["completed_event"], "ended": "2024-06-02T09:00:00Z", "kind": "task_force", "reason": "wrong_date"}
        return {"id": made["id"]}, {"json": right}

    def retract_operation(self) -> Ask:
        made = self.operation("complete_operation")
        return {"id": made["id"]}, {"json": {"corrects": made["completed_event"], "reason": "duplicate"}}

    def report_result(self, made: Any = None) -> Ask:
        return {"id": (made or self.operation())["id"]}, {"json": {"country": "AL", "measure_kind": "arrest", "total": 12}}

    def certify_results(self, made: Any = None) -> Ask:
        return {"id": (made or self.operation("report_result"))["id"]}, {"json": {"country": "AL"}}

    def correct_result(self) -> Ask:
        made = self.operation()
        right = {"country": "AL", "measure_kind": "search", "total": 5, "corrects": made["results"][0]["certified_event"]}
        return {"id": made["id"]}, {"json": {**right, "reason": "duplicate"}}

    def list_action_days(self) -> Ask:
        return {}, {"params": {"limit": 3, "participant": "AL", "since": "2024-01-01T00:00:00Z"}}

    def plan_action_day(self) -> Ask:
        places = [{"country": "AL", "zone": "Europe/Tirane"}]
        return {"id": self.approved_operation()}, {"json": {"title": NAME, "t_zero": "2026-02-02T05:00:00+01:00", "places": places}}

    def get_action_day(self) -> Ask:
        return {"id": self.planned_day()}, {}

    def confirm_action_day(self, made: Any = None) -> Ask:
        return {"id": made["id"] if made else self.planned_day()}, {"json": {"country": "AL"}}

    def start_action_day(self, made: Any = None) -> Ask:
        return {"id": made["id"] if made else self.planned_day("confirm_action_day")}, {"json": {"began": "2026-02-02T04:00:00Z"}}

    def end_action_day(self) -> Ask:
        return {"id": self.planned_day("confirm_action_day", "start_action_day")}, {"json": {"ended": "2026-02-02T14:00:00Z"}}

    def abort_action_day(self) -> Ask:
        return {"id": self.planned_day()}, {"json": {"reason": "other"}}

    def priority(self) -> str:
        return str(self.told("operations.set_priority", json=self.set_priority()[1]["json"])["id"])

    def set_priority(self) -> Ask:
        body = {"reference": self.new("priority"), "title": NAME, "crime_types": ["cybercrime"], "countries": ["AL"], "country": "NL"}
        return {}, {"json": {**body, "valid_from": "2026-01-01"}}

    def list_priorities(self) -> Ask:
        return {}, {"params": {"limit": 3, "on": "2026-02-01", "crime_type": "cybercrime"}}

    def get_priority(self) -> Ask:
        return {"id": self.priority()}, {}

    def change_priority(self) -> Ask:
        return {"id": self.priority()}, {"json": {"title": NAME, "valid_from": "2026-01-01", "valid_to": "2026-12-31"}}

    def withdraw_priority(self) -> Ask:
        return {"id": self.priority()}, {"json": {"reason": "duplicate"}}

    def set_priorities(self) -> Ask:
        return {"id": self.proposed_operation()["id"]}, {"json": {"priorities": [self.priority()]}}

    def planned_centre(self) -> str:
        return str(self.told("operations.plan_centre", json=self.plan_centre()[1]["json"])["id"])

    def worked_centre(self) -> dict[str, Any]:
        return self.told("operations.record_centre", json=self.record_centre()[1]["json"])

    def list_centres(self) -> Ask:
        return {}, {"params": {"limit": 3, "crime_type": "cybercrime", "form": "virtual", "until": "2027-01-01T00:00:00Z"}}

    def plan_centre(self) -> Ask:
        return {}, {"json": {"country": "NL", "title": NAME, "crime_types": ["cybercrime"], "opens": "2026-02-02T06:00:00+01:00"}}

    def record_centre(self) -> Ask:
        body = {"reference": self.new("centre"), "title": NAME, "form": "physical", "room": "Room 1", "countries": ["AL", "NL"]}
        return {}, {"json": {**body, "opened": "2024-05-01T06:00:00Z", "closed": "2024-05-01T15:00:00Z"}}

    def get_centre(self) -> Ask:
        return {"id": self.planned_centre()}, {}

    def cancel_centre(self) -> Ask:
        return {"id": self.planned_centre()}, {"json": {"reason": "superseded"}}

    def open_centre(self) -> Ask:
        return {"id": self.planned_centre()}, {"json": {"opened": "2026-02-02T06:00:00Z"}}

    def close_centre(self) -> Ask:
        at, more = self.open_centre()
        self.told("operations.open_centre", at, **more)
        return at, {"json": {"closed": "2026-02-02T15:00:00Z"}}

    def correct_centre(self) -> Ask:
        made = self.worked_centre()
        return {"id": made["id"]}, {"json": {"corrects": made["opened_event"], "crime_types": ["terrorism"], "reason": "source_corrected"}}

    def retract_centre(self) -> Ask:
        made = self.worked_centre()
        return {"id": made["id"]}, {"json": {"corrects": made["opened_event"], "reason": "duplicate"}}

    # notifications

    def list_deliveries(self) -> Ask:
        return {}, {"params": {"limit": 3, "state": "dead", "since": "2026-01-01T00:00:00Z"}}

    def get_delivery(self) -> Ask:
        return self.any_of(self.by_key["notifications.retry_delivery"])[0], {}

    def retry_delivery(self) -> Ask:
        """A mail to a mailbox that is refused for good; its contact point is made once."""
        if not self.nobody:
            person = {**PERSON, "email": f"nobody@{REFUSED}"}
            made = self.told("contacts.nominate_contact_point", json={**self.nominate_contact_point()[1]["json"], "person": person})
            at, more = self.designate_contact_point()
            self.nobody = str(self.told("contacts.designate_contact_point", {"id": made["id"]}, **more)["id"])
        end = time.monotonic() + 30
        while time.monotonic() < end:
            seat = {"country": "AL", "contact_point_ref": self.nobody}
            body = {**self.propose_meeting()[1]["json"], "delegations": [seat]}
            at = {"id": str(self.told("meetings.propose_meeting", json=body)["id"])}
            self.told("meetings.schedule_meeting", at, json=self.schedule_meeting()[1]["json"])
            if found := self.given_up(at["id"]):
                return {"id": found}, {}
        raise AssertionError("no mail was given up")

    def given_up(self, meeting: str) -> str | None:
        """The mail about a meeting to nobody; nothing where the contact point was not known yet when it was scheduled."""
        while True:
            for mail in self.told("notifications.list_deliveries", params={"subject": meeting})["items"]:
                if mail["contact_point_id"] != self.nobody:
                    return None
                if mail["state"] == "dead":
                    return str(mail["id"])
            time.sleep(0.02)

    # capacity

    def tool(self) -> dict[str, Any]:
        return self.told("capacity.publish_tool", json=self.publish_tool()[1]["json"])

    def list_tools(self) -> Ask:
        return {}, {"params": {"limit": 3, "measure": "B.a", "language": "fr"}}

    def publish_tool(self) -> Ask:
        body = {"reference": self.new("tool"), "title": NAME, "kind": "handbook", "languages": ["en"], "measures": ["B.a.3"]}
        return {}, {"json": {**body, "address": "https://office.example/a?b=1", "purpose": "a\nnote", "on": "2024-03-01"}}

    def get_tool(self) -> Ask:
        return {"id": self.tool()["id"]}, {}

    def revise_tool(self) -> Ask:
        return {"id": self.tool()["id"]}, {"json": {"title": NAME, "kind": "guide", "edition": "2.1"}}

    def translate_tool(self) -> Ask:
        return {"id": self.tool()["id"]}, {"json": {"language": "fr"}}

    def adopt_tool(self) -> Ask:
        return {"id": self.tool()["id"]}, {"json": {"country": "AL", "adopted_on": "2024-04-01"}}

    def withdraw_tool(self) -> Ask:
        return {"id": self.tool()["id"]}, {}

    def retract_tool(self) -> Ask:
        made = self.tool()
        return {"id": made["id"]}, {"json": {"corrects": made["history"][0]["event_id"], "reason": "duplicate"}}

    # reporting

    def list_indicators(self) -> Ask:
        return {}, {}

    def get_indicator(self) -> Ask:
        return {"code": "iP1"}, {"params": {"period": "2024-03", "participant": "AL"}}

    def get_scoreboard(self) -> Ask:
        return {}, {"params": {"period": "2026", "country": "AL", "format": ("csv", "json")[next(self.number) % 2]}}

    def list_evidence(self) -> Ask:
        return {"code": "iP1"}, {"params": {"limit": 3, "format": ("csv", "json")[next(self.number) % 2]}}

    def list_facts(self) -> Ask:
        return {}, {"params": {"limit": 3}}

    def get_fact(self) -> Ask:
        return {"event_id": self.told("reporting.list_facts", params={"limit": 1})["items"][0]["id"]}, {}

    def list_coverage(self) -> Ask:
        return {}, {"params": {"limit": 3}}

    def declare_coverage(self) -> Ask:
        body = {"indicator": "iA8", "country": "AL", "start": "2024-01-01", "complete": False, "basis": "assumed", "origin": "a test"}
        return {}, {"json": body}

    def get_stream(self) -> Ask:
        return {}, {}

    def list_dead_letters(self) -> Ask:
        return {}, {"params": {"limit": 3, "state": "open"}}

    def retry_dead_letter(self) -> Ask:
        return {"id": self.parked()}, {}

    def skip_dead_letter(self) -> Ask:
        return {"id": self.parked()}, {"json": {"reason": "made for a test"}}

    def parked(self) -> str:
        """A record nothing can be made of, sent to a topic that the one reads whose turn it is, and parked by it."""
        mark = f"contacts.authority.{uuid4().hex}.v1"
        topic = "partners.partner.v1" if self.service == "contacts" else "contacts.authority.v1"
        producer = Producer({"bootstrap.servers": self.servers, "log_level": 0})
        producer.produce(topic, b"{", key=b"?", headers=[("ce_type", mark.encode()), ("ce_id", b"?")])
        producer.flush(10)
        end = time.monotonic() + 20
        while time.monotonic() < end:
            for letter in self.told(f"{self.service}.list_dead_letters", params={"limit": 100, "state": "open"})["items"]:
                if letter["event_type"] == mark:
                    return str(letter["id"])
            time.sleep(0.1)
        raise AssertionError("not parked")
