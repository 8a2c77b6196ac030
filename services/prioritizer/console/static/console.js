// Keys, forms that survive a lost connection, leases that stay while a page is open, live pages.
const told = document.getElementById("status");
const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

async function send(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await fetch(form.action, { method: "POST", body });
      if (answer.status < 500) return answer;
    } catch {
      // no connection: the key in the form makes another attempt harmless
    }
    told.textContent = `No connection. Nothing is lost; attempt ${attempt + 1} follows.`;
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
  location.assign(answer.url);
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select")) return;
  const wanted = document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`);
  if (wanted) {
    event.preventDefault();
    wanted.click();
  }
});

const article = document.querySelector("[data-renew]");
if (article) {
  setInterval(() => {
    const claim = new URLSearchParams(new FormData(article.querySelector("form")));
    claim.delete("key"); // each renewal is a write of its own
    fetch("/stay", { method: "POST", body: claim }).catch(() => {});
  }, Number(article.dataset.renew) * 1000);
}

const kinds = ["reload", "lead-planned", "lead-cleared", "lead-claimed", "claim-ended"];
let refreshing = false;

async function refresh() {
  if (refreshing) return;
  refreshing = true;
  await pause(0.5); // what changes at once is shown at once
  refreshing = false;
  try {
    const page = await (await fetch(location.href)).text();
    const fresh = new DOMParser().parseFromString(page, "text/html").getElementById("live");
    document.getElementById("live").replaceWith(fresh);
    told.textContent = "";
  } catch {
    told.textContent = "No connection: this is how it stood before.";
  }
}

function watch() {
  const changes = new EventSource("/changes");
  for (const kind of kinds) changes.addEventListener(kind, refresh);
  changes.addEventListener("error", () => {
    told.textContent = "No connection: this is how it stood before.";
    if (changes.readyState === EventSource.CLOSED) setTimeout(watch, 5000);
  });
}

const every = Number(document.body.dataset.refresh || 0);
if (every) {
  watch();
  setInterval(refresh, every * 1000); // time passes, and nobody tells of it
}
