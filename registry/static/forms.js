/* Forms: a second press sends nothing, unsaved changes are not lost by a stray click, a paper dropped on its row
   is sent, keys press marked buttons, the print button prints. Everything here is comfort: without script the forms
   work the same. */

const RELEASE_MS = 10000;

/* -- once: a form that is on its way is not sent again --------------------------------------------- */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  mark(form, "true");
  /* A download leaves the page standing, and an answer may never come: the form opens again by itself. */
  setTimeout(() => release(form), "download" in form.dataset ? 2000 : RELEASE_MS);
});

/* A page brought back by the Back button is a fresh one. */
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

function release(form) {
  delete form.dataset.sent;
  mark(form, null);
  if ("download" in form.dataset) renew(form);
}

/* The page of a download stays: its next press is another one, and not the last one sent again. */
function renew(form) {
  const key = form.elements.namedItem("form_key");
  const fresh = crypto.getRandomValues(new Uint8Array(24));
  if (key) key.value = Array.from(fresh, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function mark(form, value) {
  for (const button of form.querySelectorAll('button[type="submit"]')) {
    if (value) button.setAttribute("aria-disabled", value);
    else button.removeAttribute("aria-disabled");
  }
}

/* -- leave: warn before unsaved changes are lost ---------------------------------------------------- */
const changed = new Set();
const note = (event) => {
  const form = event.target.form;
  if (form && "leave" in form.dataset) changed.add(form);
};
document.addEventListener("input", note);
document.addEventListener("change", note);
document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented) changed.delete(event.target);
});
window.addEventListener("beforeunload", (event) => {
  if (changed.size) {
    event.preventDefault();
    event.returnValue = "";
  }
});

/* -- drop: a paper put on its row is sent by the small form of that row (components/paper_drop.html) --------- */
for (const form of document.querySelectorAll("form[data-drop]")) {
  const row = form.closest("[data-drop-row]") || form;
  const input = form.elements.namedItem("file");
  const over = (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    row.classList.toggle("drop-over", event.type === "dragover");
  };
  form.classList.add("is-live");
  input.setAttribute("aria-label", input.dataset.liveLabel);
  input.addEventListener("change", () => input.files.length && form.requestSubmit());
  row.addEventListener("dragover", over);
  row.addEventListener("dragleave", () => row.classList.remove("drop-over"));
  row.addEventListener("drop", (event) => {
    over(event);
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    form.requestSubmit();
  });
}

/* -- keys: one letter or digit presses the button or link that has it among its own ------------------ */
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.key.length !== 1) return;
  if (event.repeat) return; /* a key held down presses once, not on every page that follows */
  if (event.target.closest("input, select, textarea, [contenteditable]")) return;
  const target = document.querySelector(`[data-key~="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!target) return;
  event.preventDefault();
  if (target.matches("input")) target.select();
  else target.click();
});

/* -- the panel of the search field: asked for once, when the field is entered; Esc leaves -------------- */
for (const field of document.querySelectorAll("[data-panel]")) {
  const form = field.form;
  const panel = form.querySelector(".top-panel");
  const show = () => (panel.hidden = Boolean(field.value) || !panel.firstChild || !form.contains(document.activeElement));
  let asked = false;
  field.addEventListener("focus", async () => {
    show();
    if (asked) return;
    asked = true;
    try {
      const answer = await fetch(field.dataset.panel, { headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
      panel.replaceChildren(...parsed.body.childNodes);
      show();
    } catch {
      asked = false; /* the page of the search shows the same */
    }
  });
  field.addEventListener("input", show);
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) panel.hidden = true;
  });
}
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing) return;
  const form = event.target.closest(".top-search");
  if (!form) return;
  document.activeElement.blur();
  const panel = form.querySelector(".top-panel");
  if (panel) panel.hidden = true;
});

/* -- print ------------------------------------------------------------------------------------------ */
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

/* -- unfolded: paper has nothing to click on, so what is folded on the screen is printed open ---------------- */
let unfolded = [];
window.addEventListener("beforeprint", () => {
  unfolded = [...document.querySelectorAll("main details:not([open])")].filter((one) => !one.closest(".no-print"));
  for (const one of unfolded) one.open = true;
});
window.addEventListener("afterprint", () => {
  for (const one of unfolded) one.open = false;
  unfolded = [];
});
