"use strict"
// The text before the signature, and after it: everything else of the file is signed (see the service's `gateways/packs`).
const HEAD = "<!doctype html>\n<!--concord-pack-1 ", SIGNATURE = 88
const SHOWN = 50
const at = id => document.getElementById(id)
let pack, say, language, shown = SHOWN

document.addEventListener("DOMContentLoaded", () => {
  // Before anything is changed here: how the browser writes down what it read is what the file says.
  const read = written()
  pack = JSON.parse(at("pack").textContent)
  const asked = [location.hash.slice(1), ...(navigator.languages || [])].map(each => each.slice(0, 2))
  at("signature").dataset.say = "checking"
  begin()
  draw()
  speak(asked.find(each => each in pack.words) || "en")
  check(new TextEncoder().encode(read))
})

function written() {
  const [type, mark, root, more] = document.childNodes
  const known = type instanceof DocumentType && mark instanceof Comment && root === document.documentElement && !more
  return known ? `<!doctype ${type.name}>\n<!--${mark.data}-->\n${root.outerHTML}` : ""
}

async function check(bytes) {
  const text = new TextDecoder().decode(bytes.subarray(0, HEAD.length + SIGNATURE))
  const given = text.slice(HEAD.length)
  let held = false
  try {
    const signature = raw(given), key = raw(pack.public_key)
    // One spelling of each signature alone: base64 has spare bits.
    if (text.startsWith(HEAD) && signature.length === 64 && btoa(String.fromCharCode(...signature)) === given) {
      const rest = new Uint8Array(bytes.length - SIGNATURE)
      rest.set(bytes.subarray(0, HEAD.length))
      rest.set(bytes.subarray(HEAD.length + SIGNATURE), HEAD.length)
      const imported = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"])
      held = await crypto.subtle.verify("Ed25519", imported, signature, rest)
    }
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== "InvalidCharacterError") return tell("cannot")
  }
  tell(held ? "good" : "bad")
}

const raw = text => Uint8Array.from(atob(text), sign => sign.charCodeAt(0))

function tell(what) {
  at("signature").className = `says ${what === "good" || what === "bad" ? what : ""}`
  at("signature").dataset.say = what
  at("signature").textContent = say[what]
}

function begin() {
  at("q").addEventListener("input", () => { shown = SHOWN; list() })
  for (const id of ["country", "crime"]) at(id).addEventListener("change", () => { shown = SHOWN; list() })
  at("more").addEventListener("click", () => { shown += SHOWN; list() })
  at("exact").addEventListener("change", async event => {
    const [file] = event.target.files
    if (file) check(new Uint8Array(await file.arrayBuffer()))
  })
  for (const button of document.querySelectorAll("[data-language]")) button.addEventListener("click", () => speak(button.dataset.language))
  for (const entry of pack.authorities) {
    entry.points = pack.contact_points.filter(point => point.authority === entry.reference)
    const people = entry.points.flatMap(point => point.person ? [point.person.family_name, point.person.given_name, ...point.person.script_variants] : [])
    const places = entry.country ? Object.keys(pack.words).map(code => country(entry.country, code)) : []
    entry.plain = plain([entry.reference, ...Object.values(entry.name), ...places, ...people].join(" "))
  }
  setInterval(expiry, 60000)
}

// The map is for the eye: the field above and the list beneath say the same to everybody.
function draw() {
  const read = new DOMParser().parseFromString(pack.map.drawing, "image/svg+xml"), world = document.createElementNS("http://www.w3.org/2000/svg", "svg")
  world.setAttribute("viewBox", pack.map.box.join(" "))
  for (const id of ["land", "borders", "unsettled"]) world.append(document.importNode(read.getElementById(id), true))
  const land = world.querySelector("#land"), there = new Set(pack.authorities.map(entry => entry.country))
  for (const shape of land.querySelectorAll("[id]")) if (there.has(shape.id)) shape.dataset.there = ""
  land.addEventListener("click", event => {
    const shape = event.target.closest("[data-there]")
    if (!shape) return
    at("country").value = shape.id
    shown = SHOWN
    list()
  })
  at("map").prepend(world)
}

// Case, accents and vowel marks laid aside; letters that Arabic writes in several ways are one.
function plain(text) {
  const bare = text.normalize("NFKD").toLowerCase().replace(/[\p{M}\u0640]/gu, "")
  return bare.replace(/[أإآٱ]/g, "ا").replace(/ة/g, "ه").replace(/ى/g, "ي").replace(/ؤ/g, "و").replace(/ئ/g, "ي")
}

function speak(code) {
  language = code
  say = pack.words[code].page
  document.documentElement.lang = code
  document.documentElement.dir = code === "ar" ? "rtl" : "ltr"
  document.title = say.title
  for (const element of document.querySelectorAll("[data-say]")) element.textContent = say[element.dataset.say]
  for (const button of document.querySelectorAll("[data-language]")) button.setAttribute("aria-pressed", button.dataset.language === code)
  at("made").textContent = moment(pack.made_at)
  at("expires").textContent = moment(pack.expires_at)
  at("instance").textContent = pack.instance
  at("fingerprint").textContent = pack.fingerprint.match(/.{4}/g).join(" ")
  at("personal").hidden = !pack.persons
  at("sentence").textContent = named(pack.map.sentence)
  const places = [...new Set(pack.authorities.map(entry => entry.country || ""))].map(place => [place, country(place)])
  const crimes = [...new Set(pack.contact_points.flatMap(point => point.specialisations))].map(each => [each, term("crime_type", each)])
  choices("country", places)
  choices("crime", crimes)
  expiry()
  list()
}

function choices(id, options) {
  const chosen = at(id).value
  const sorted = options.sort((one, other) => one[1].localeCompare(other[1], language))
  at(id).replaceChildren(...[["*", say.all], ...sorted].map(([value, text]) => Object.assign(document.createElement("option"), { value, textContent: text })))
  at(id).value = chosen || "*"
}

function expiry() {
  at("expired").hidden = Date.now() < Date.parse(pack.expires_at)
}

// Dates in English are written as in Europe.
const locale = () => language === "en" ? "en-GB" : language
const moment = text => new Date(text).toLocaleString(locale(), { dateStyle: "medium", timeStyle: "short", hourCycle: "h23", timeZone: "UTC" }) + " UTC"
const day = text => new Date(text).toLocaleDateString(locale(), { dateStyle: "medium", timeZone: "UTC" })
const term = (family, code) => pack.words[language][family][code] || code.replaceAll("_", " ")
const named = names => names[language] || names.en || Object.values(names)[0]

function country(code, spoken = language) {
  if (!code) return say.above
  try { return new Intl.DisplayNames(spoken, { type: "region" }).of(code) } catch { return code }
}

function tongue(code) {
  try { return new Intl.DisplayNames(language, { type: "language" }).of(code) } catch { return code }
}

function list() {
  const place = at("country").value, crime = at("crime").value, words = plain(at("q").value).split(/\s+/).filter(Boolean)
  const there = pack.authorities.filter(entry => (place === "*" || (entry.country || "") === place)
    && (crime === "*" || entry.points.some(point => point.specialisations.includes(crime))))
  let found = there.filter(entry => words.every(word => entry.plain.includes(word)))
  const near = words.length > 0 && found.length === 0
  if (near) found = nearest(there, words.join(" "))
  at("count").textContent = `${say.found}: ${found.length.toLocaleString(language)}`
  at("near").textContent = found.length === 0 ? say.none : near ? say.nearest : ""
  at("entries").replaceChildren(...found.slice(0, shown).map(entry))
  at("more").hidden = found.length <= shown
}

// What shares most of its groups of three letters with the words, for what is misspelt.
function nearest(entries, words) {
  const wanted = threes(words)
  const rated = entries.map(entry => {
    const has = threes(entry.plain)
    return [[...wanted].filter(three => has.has(three)).length / wanted.size, entry]
  })
  return rated.filter(([rate]) => rate >= 0.4).sort((one, other) => other[0] - one[0]).slice(0, 20).map(([, entry]) => entry)
}

function threes(text) {
  const found = new Set()
  for (const word of text.split(/\s+/)) for (let place = 0, padded = `  ${word} `; place < padded.length - 2; place++) found.add(padded.slice(place, place + 3))
  return found
}

function made(name, ...inside) {
  const element = document.createElement(name)
  element.append(...inside.filter(Boolean))
  return element
}

function pairs(...given) {
  return made("dl", ...given.filter(([, value]) => value).flatMap(([name, value]) => [made("dt", name), made("dd", value)]))
}

function link(scheme, text) {
  if (!text) return null
  const element = Object.assign(made("a", made("bdi", text)), { href: scheme + text.replace(/[ ()/-]/g, scheme === "tel:" ? "" : "$&") })
  element.dir = "ltr"
  return element
}

function entry(given) {
  const local = new Date().toLocaleString(locale(), { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: given.zone })
  const points = given.points.length ? Object.assign(made("ul", ...given.points.map(point)), { className: "points" }) : made("p", say.nobody)
  return made("li", made("h3", made("bdi", named(given.name))), pairs(
    [say.country, given.country && country(given.country)], [say.kind, term("institution_kind", given.kind)], [say.mailbox, link("mailto:", given.role_mailbox)],
    [say.phone, link("tel:", given.phone_24x7)], [say.languages, given.languages.map(tongue).join(", ")], [say.time, `${local} (${given.zone})`]),
  made("h4", say.contacts), points)
}

// Days end where the office is; a day early or late is better told than hidden.
function away(given) {
  const today = new Date().toISOString().slice(0, 10)
  if (!given.absent_from || (given.absent_to && given.absent_to < today)) return null
  return given.absent_to ? `${day(given.absent_from)} – ${day(given.absent_to)}` : `${day(given.absent_from)} –`
}

function point(given) {
  const person = given.person && [given.person.given_name, given.person.family_name].join(" ")
  return made("li", person && made("p", made("strong", made("bdi", person))), pairs(
    [say.state, `${given.duty ? term("duty", given.duty) + " · " : ""}${term("contact_point_state", given.state)}`],
    [say.crime_type, given.specialisations.map(each => term("crime_type", each)).join(", ")],
    [say.languages, given.languages.map(each => `${tongue(each.code)} (${term("language_level", each.level)})`).join(", ")],
    [say.mailbox, given.person && link("mailto:", given.person.email)], [say.telephone, given.person && link("tel:", given.person.phone)],
    [say.away, away(given)], [say.verified, given.verified_at ? day(given.verified_at) : say.never]))
}
