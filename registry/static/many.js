/* Ticks in a list (components/tick_bar.html): all of the page at once, how many, and a stretch with the shift key.
   Comfort only: without script the boxes and buttons do the same. */

for (const bar of document.querySelectorAll("form[data-ticks]")) watch(bar);

function watch(bar) {
  const boxes = [...bar.elements].filter((one) => "tick" in one.dataset);
  const all = bar.querySelector("[data-tick-all]");
  const count = bar.querySelector("[data-tick-count]");
  let last = null;

  const show = () => {
    const number = boxes.filter((box) => box.checked).length;
    if (count) count.textContent = number ? count.dataset.tickCount.replace("{n}", number) : "";
    bar.classList.toggle("has-ticks", number > 0);
    for (const box of boxes) box.closest("tr")?.classList.toggle("is-ticked", box.checked);
    if (!all) return;
    all.checked = number > 0 && number === boxes.length;
    all.indeterminate = number > 0 && number < boxes.length;
  };
  if (all) {
    all.parentElement.hidden = false;
    all.addEventListener("change", () => {
      for (const box of boxes) box.checked = all.checked;
      show();
    });
  }
  for (const box of boxes) {
    box.addEventListener("click", (event) => {
      if (event.shiftKey && last) {
        const ends = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
        for (const one of boxes.slice(ends[0], ends[1] + 1)) one.checked = box.checked;
      }
      last = box;
      show();
    });
  }
  window.addEventListener("pageshow", show);
  show();
}
