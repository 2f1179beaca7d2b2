/* Progress of long work: ask for JSON, move the bar, load the page again when it is finished
   (components/progress.html). When the server does not answer, ask more slowly, and never stop. */

const FIRST_MS = 1000;
const LAST_MS = 15000;

for (const job of document.querySelectorAll("[data-progress-url]")) follow(job, FIRST_MS);

async function follow(job, wait) {
  await new Promise((resume) => setTimeout(resume, wait));
  let next = FIRST_MS;
  try {
    const answer = await fetch(job.dataset.progressUrl, { headers: { Accept: "application/json" } });
    if (answer.redirected || answer.status === 401 || answer.status === 404) return location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    const state = await answer.json();
    if (state.finished) return location.reload();
    show(job, state);
  } catch {
    next = Math.min(wait * 2, LAST_MS);
  }
  follow(job, next);
}

function show(job, state) {
  const bar = job.querySelector("progress");
  if (state.total) {
    bar.max = state.total;
    bar.value = state.done;
  }
  const text = job.querySelector("[data-progress-text]");
  if (state.text && text.textContent !== state.text) text.textContent = state.text;
}
