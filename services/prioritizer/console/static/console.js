// Keys, forms that survive a lost connection, drafts, leases that stay while a rep is there, live pages.
const told = document.getElementById("status");
const alarm = document.getElementById("alarm");
const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));
const AWAY = [502, 503, 504]; // nobody answered for the service: to try again is harmless

function warn(words) {
  const line = document.createElement("p");
  line.className = "problem";
  line.textContent = words;
  alarm.replaceChildren(line);
}

// Forms: the key in each makes another attempt harmless.
async function send(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await fetch(form.action, { method: "POST", body });
      if (!AWAY.includes(answer.status)) return answer;
      told.textContent = `The service is away. Nothing is lost; attempt ${attempt + 1} follows.`;
    } catch {
      told.textContent = `No connection. Nothing is lost; attempt ${attempt + 1} follows.`;
    }
    await pause(Math.min(attempt, 5));
  }
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method !== "post" || form.action.endsWith("/login")) return;
  event.preventDefault();
  if (form.dataset.sending) return;
  form.dataset.sending = "yes";
  const answer = await send(form, event.submitter);
  if (!answer.redirected) {
    delete form.dataset.sending;
    warn("That was not possible, and nothing was changed. What you wrote is still here.");
    return;
  }
  const url = new URL(answer.url);
  if (form.action.endsWith("/logout")) sessionStorage.clear();
  else if (url.pathname !== "/login" && !url.searchParams.has("problem")) forget(form);
  location.assign(answer.url);
});

// Drafts: what a rep wrote about a lead stays in this tab until it was sent.
const article = document.querySelector("article[data-lead]");
const mine = `draft/${document.body.dataset.rep}/`;
const place = article && mine + article.dataset.lead;
const fields = article ? [...article.querySelectorAll("[data-draft]")] : [];

function keep() {
  const written = fields.filter((field) => field.value);
  const lines = written.map((field) => [field.id, field.dataset.draft, field.value]);
  const about = article.querySelector("h1").textContent;
  if (lines.length) sessionStorage.setItem(place, JSON.stringify({ about, lines }));
  else sessionStorage.removeItem(place);
}

function forget(form) {
  if (article && article.contains(form)) sessionStorage.removeItem(place);
}

function show(key) {
  const { about, lines } = JSON.parse(sessionStorage.getItem(key));
  const box = document.createElement("div");
  box.className = "stack";
  const label = document.createElement("label");
  label.textContent = `Not sent: what you wrote about ${about}`;
  const text = document.createElement("textarea");
  text.readOnly = true;
  text.value = lines.map(([, name, value]) => `${name}: ${value}`).join("\n");
  label.append(text);
  const done = document.createElement("button");
  done.type = "button";
  done.textContent = "Throw it away";
  done.addEventListener("click", () => {
    sessionStorage.removeItem(key);
    box.remove();
  });
  box.append(label, done);
  document.getElementById("drafts").append(box);
}

if (article) {
  const before = JSON.parse(sessionStorage.getItem(place) || '{"lines":[]}');
  for (const [id, , value] of before.lines) {
    const field = fields.find((one) => one.id === id);
    if (field && !field.value) field.value = value;
  }
  if (fields.some((field) => field.value)) keep(); // also what was written before this script came
  article.addEventListener("input", keep);
}
if (document.getElementById("drafts")) {
  Object.keys(sessionStorage)
    .filter((key) => key.startsWith(mine) && key !== place)
    .forEach(show);
}

// Shortcuts: one key each, which can be switched off, as speech input may press them unasked.
const keys = document.getElementById("keys");
const on = () => keys && localStorage.getItem("keys") !== "off";

if (keys) {
  keys.hidden = false;
  keys.setAttribute("aria-pressed", on());
  keys.addEventListener("click", () => {
    localStorage.setItem("keys", on() ? "off" : "on");
    keys.setAttribute("aria-pressed", on());
  });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const wanted = on() && document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`);
  if (!wanted) return;
  event.preventDefault();
  if (wanted.matches("input, textarea")) wanted.focus();
  else wanted.click();
  if (wanted.matches("summary")) wanted.parentElement.querySelector("input:not([type=hidden])")?.focus();
});

// Leases: renewed while the rep is there; a page that was forgotten lets its lead go.
let seen = Date.now();
let lost = false;

async function stay() {
  if (lost) return;
  if (Date.now() - seen >= Number(article.dataset.quiet) * 1000) {
    warn("Nothing happened here for long, so the lead goes back soon. Press any key to keep it.");
    return;
  }
  const claim = new URLSearchParams(new FormData(article.querySelector("form")));
  for (const field of ["key", "note", "callback"]) claim.delete(field); // a write of its own
  try {
    const answer = await fetch("/stay", { method: "POST", body: claim });
    if (AWAY.includes(answer.status)) throw new Error("away");
    lost = !answer.ok;
    if (lost) warn(`${await answer.text()} What you wrote is kept here until you throw it away.`);
    else alarm.replaceChildren();
    told.textContent = "";
  } catch {
    told.textContent = "No connection: the lead is yours until its lease ends. Trying again.";
  }
}

function here() {
  const slept = Date.now() - seen >= Number(article.dataset.quiet) * 1000;
  seen = Date.now();
  if (slept) stay();
}

if (article) {
  for (const sign of ["keydown", "pointerdown", "input"]) document.addEventListener(sign, here);
  document.addEventListener("visibilitychange", () => document.hidden || here());
  setInterval(stay, Number(article.dataset.renew) * 1000);
}

// Live pages: read anew when the queue changes, and now and then, as time passes, unless switched off.
const updates = document.getElementById("updates");
const live = () => updates.getAttribute("aria-pressed") === "true";
const named = (one) => one.getAttribute("href") || one.getAttribute("aria-label");
const kinds = ["reload", "lead-planned", "lead-cleared", "lead-claimed", "claim-ended"];
let refreshing = false;

function swap(old, fresh) {
  const focused = old.contains(document.activeElement) && document.activeElement;
  const scrolled = [...old.querySelectorAll(".scroll")].map((one) => [named(one), one.scrollLeft]);
  old.replaceWith(fresh);
  const stops = [...fresh.querySelectorAll("a, [tabindex]")];
  const again = (name) => stops.find((one) => named(one) === name);
  for (const [name, left] of scrolled) again(name)?.scrollTo({ left });
  if (focused) (again(named(focused)) || fresh).focus({ preventScroll: true });
}

async function refresh() {
  if (refreshing || !live()) return;
  refreshing = true;
  await pause(0.5); // what changes at once is shown at once
  refreshing = false;
  if (!live()) return;
  try {
    const answer = await fetch(location.href);
    if (new URL(answer.url).pathname === "/login") return location.assign(answer.url);
    if (answer.status === 404) return location.reload(); // the lead is another team's by now
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("live");
    if (!live()) return;
    if (fresh) swap(document.getElementById("live"), fresh);
    told.textContent = fresh ? "" : "The service is away: this is how it stood before.";
  } catch {
    told.textContent = "No connection: this is how it stood before.";
  }
}

function watch() {
  const changes = new EventSource("/changes");
  for (const kind of kinds) changes.addEventListener(kind, refresh);
  changes.addEventListener("error", () => {
    told.textContent = "No connection: this is how it stood before.";
    if (changes.readyState !== EventSource.CLOSED) return;
    refresh(); // the session may have ended
    setTimeout(watch, 5000);
  });
}

const every = Number(document.body.dataset.refresh || 0);
if (every) {
  updates.hidden = false;
  updates.addEventListener("click", () => {
    updates.setAttribute("aria-pressed", !live());
    refresh();
  });
  watch();
  setInterval(refresh, every * 1000);
}
