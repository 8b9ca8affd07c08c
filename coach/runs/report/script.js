"use strict";
const run = JSON.parse(document.getElementById("run").textContent);
const chart = document.querySelector("[data-readout]"), readout = document.querySelector(".readout"), here = chart.querySelector(".here");
const clock = (s) => { const h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60, two = (n) => String(n).padStart(2, "0"); return h ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`; };
chart.addEventListener("pointermove", (event) => {
  if (event.target.dataset.told) return;
  const box = chart.getBoundingClientRect(), share = (event.clientX - box.left) / box.width, at = share * run.length;
  if (share < 0 || share > 1 || !run.rows.length) return;
  let low = 0, high = run.rows.length - 1;
  while (low < high) { const middle = (low + high) >> 1; if (run.rows[middle][0] < at) low = middle + 1; else high = middle; }
  const [second, pace, target, heart] = run.rows[low];
  here.style.left = `${100 * second / run.length}%`; here.style.display = "block";
  readout.textContent = `${clock(second)}  ${run.names[0]} ${pace}, ${run.names[1]} ${target}` + (heart ? `, ${run.names[2]} ${heart}` : "");
});
chart.addEventListener("pointerleave", () => { here.style.display = "none"; });
for (const mark of document.querySelectorAll(".mark")) for (const kind of ["pointerenter", "focus", "click"])
  mark.addEventListener(kind, () => { readout.textContent = mark.dataset.told; });
document.getElementById("kept").addEventListener("change", (event) => { document.body.classList.toggle("with-kept", event.target.checked); });
