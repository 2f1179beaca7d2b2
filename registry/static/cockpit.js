/* The cockpit: one verdict open at a time and its first control at hand, Enter and Esc, values marked for return. Without script the same panels open
   and close by themselves, and every mark is an ordinary box with a line beside it. */

const panels = [...document.querySelectorAll(".verdict-panel")];

/* -- verdicts --------------------------------------------------------------------------------------- */
for (const panel of panels) {
  panel.addEventListener("toggle", () => {
    if (!panel.open) return;
    for (const other of panels) if (other !== panel) other.open = false;
    const asked = panel.querySelector(".is-invalid, [required]") || panel.querySelector('button[type="submit"]');
    if (asked) asked.focus();
  });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
  if (event.key === "Escape") close(event);
  if (event.key === "Enter") enter(event);
  if (event.key === "\uff1f" && !event.target.closest("input, select, textarea")) {
    document.querySelector('[data-key="?"]')?.click(); /* the same key with a Chinese keyboard */
  }
});

function close(event) {
  const panel = event.target.closest("details") || panels.find((one) => one.open);
  if (!panel || !panel.open) return;
  panel.open = false;
  panel.querySelector("summary").focus();
}

/* Where nothing is chosen, Enter presses the button that names it. */
function enter(event) {
  if (event.target.closest("a, button, summary, input, select, textarea, [contenteditable]")) return;
  const target = document.querySelector('[data-key~="enter"]');
  if (!target) return;
  event.preventDefault();
  target.click();
}

/* -- marks ------------------------------------------------------------------------------------------ */
const boxes = [...document.querySelectorAll(".mark-box")];

for (const box of boxes) {
  const remark = box.parentElement.querySelector(".mark-remark input");
  box.addEventListener("change", () => {
    count(box.form);
    if (box.checked) remark.focus();
  });
}

function count(form) {
  const number = boxes.filter((box) => box.form === form && box.checked).length;
  for (const place of document.querySelectorAll(`[data-marks-of="${form.id}"]`)) {
    place.textContent = number ? `（${number}）` : "";
  }
}

for (const form of new Set(boxes.map((box) => box.form).filter(Boolean))) count(form);

/* -- the queue -------------------------------------------------------------------------------------- */
const here = document.querySelector(".queue [aria-current]");
if (here && here.offsetParent) here.scrollIntoView({ block: "center" });

/* -- paper: what is folded on the screen is printed --------------------------------------------------- */
const unfolded = new Set();

window.addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll(".folded:not([open])")) {
    part.open = true;
    unfolded.add(part);
  }
});

window.addEventListener("afterprint", () => {
  for (const part of unfolded) part.open = false;
  unfolded.clear();
});
