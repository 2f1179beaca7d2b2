/* Live hints: while watched fields change, ask the server for a fragment and show it in the region
   (components/hints.html). The newest question wins; composing with an input method asks nothing. */

const WAIT_MS = 350;

for (const region of document.querySelectorAll("[data-hints-url]")) watch(region);

function watch(region) {
  const form = region.closest("form");
  const fields = region.dataset.hintsFields.split(" ").map((name) => form.elements.namedItem(name)).filter(Boolean);
  let timer = 0;
  let request = null;
  let asked = "";

  const ask = async () => {
    const values = fields.map((field) => [field.name, field.value.trim()]);
    const query = new URLSearchParams(values).toString();
    if (query === asked) return;
    asked = query;
    if (request) request.abort();
    if (!values.some(([, value]) => value.length >= Number(region.dataset.hintsLeast))) {
      region.replaceChildren();
      return;
    }
    request = new AbortController();
    const signal = request.signal;
    region.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(`${region.dataset.hintsUrl}?${query}`, { signal, headers: { Accept: "text/html" } });
      /* A redirect is the sign-in page of a session that ended: not a hint. */
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const fragment = await answer.text();
      if (!signal.aborted) show(region, fragment);
    } catch {
      if (signal.aborted) return;
      asked = "";
      region.textContent = region.dataset.hintsFailed;
    }
    region.removeAttribute("aria-busy");
  };

  const later = (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(ask, WAIT_MS);
  };
  for (const field of fields) {
    field.addEventListener("input", later);
    field.addEventListener("compositionend", () => later({ isComposing: false }));
    field.addEventListener("change", ask);
  }
  if (fields.some((field) => field.value)) ask();
}

function show(region, fragment) {
  const parsed = new DOMParser().parseFromString(fragment, "text/html");
  region.replaceChildren(...parsed.body.childNodes);
}
