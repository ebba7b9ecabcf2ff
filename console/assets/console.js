// Comfort only: counts down what the page says in words, and says when a promise passes. Without it every page works.
(() => {
  "use strict";
  document.documentElement.classList.add("js");
  const pad = n => String(n).padStart(2, "0");
  const left = ms => {
    const s = Math.floor(ms / 1000), h = Math.floor(s / 3600);
    return (h ? h + ":" + pad(Math.floor(s / 60) % 60) : Math.floor(s / 60)) + ":" + pad(s % 60);
  };
  const tick = () => {
    for (const el of document.querySelectorAll("[data-due]")) {
      const ms = Date.parse(el.dataset.due) - Date.now();
      if (ms > 0 && ms < 86400000) el.textContent = left(ms);
      else if (ms <= 0 && !el.dataset.passed) {
        el.dataset.passed = "1";
        el.textContent = "0:00";
      }
    }
  };
  tick();
  setInterval(tick, 1000);
  // One key says what came of a call, wherever the focus is but in a field.
  document.addEventListener("keydown", e => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.repeat || e.target.closest("input:not([type=radio]), textarea, select")) return;
    const b = document.querySelector(`[data-key="${CSS.escape(e.key)}"]:not(:disabled)`);
    if (b) { e.preventDefault(); b.click(); }
  });
  // Who is talking longer than the claim lasts keeps it.
  const keep = document.querySelector("[data-keep]");
  if (keep) setInterval(() => fetch(keep.dataset.keep, {method: "POST"}), 240000);
  // Figures that move: what stands in data-live is looked at again every so many seconds, while somebody sees it.
  for (const part of document.querySelectorAll("[data-live]")) setInterval(async () => {
    const here = document.getElementById(part.id);
    if (document.hidden || !here?.dataset.live || here.contains(document.activeElement)) return;
    const answer = await fetch(location.pathname + location.search).catch(() => null);
    if (!answer || !answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
    if (fresh) here.replaceWith(fresh);
  }, part.dataset.live * 1000);
  // A form is sent once however often it is tapped; the server would answer twice the same anyway.
  document.addEventListener("submit", e => {
    for (const b of e.target.querySelectorAll("button[type=submit]")) setTimeout(() => { b.disabled = true; setTimeout(() => { b.disabled = false; }, 4000); });
  });
})();
