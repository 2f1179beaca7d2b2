/* "Fill from the register" in place: the form keeps what it holds beside the fields that the register knows.
   Without script the same link opens the form filled in (components of templates/register/_offers.html). */

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-fill]");
  const form = link && link.closest("form");
  const kept = form && form.elements.namedItem("registered");
  if (!kept) return;
  event.preventDefault();
  kept.value = link.dataset.fillId;
  const texts = JSON.parse(link.dataset.fill);
  for (const [name, text] of Object.entries(texts)) fill(form.elements.namedItem(name), text, link.dataset.fillNote);
  form.elements.namedItem("name").focus();
});

function fill(field, text, note) {
  if (!field || field.value === text) return;
  if (field.options && ![...field.options].some((option) => option.value === text)) return;
  field.value = text;
  mark(field, note);
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function mark(field, note) {
  const id = `${field.id}-register`;
  if (document.getElementById(id)) return;
  const hint = document.createElement("p");
  hint.className = "field-hint";
  hint.id = id;
  hint.textContent = note;
  const group = field.closest(".input-group") || field;
  group.before(hint);
  field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") || ""} ${id}`.trim());
}
