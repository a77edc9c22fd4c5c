"use strict";
(() => {
  const cards = [...document.querySelectorAll(".card")];
  window.kanwuPage = { cards, now: () => null, mark: () => {}, goTo: () => {} };
  const form = document.getElementById("filters");
  const help = document.getElementById("help");
  if (!form) return;
  const find = document.getElementById("find");
  const count = document.getElementById("count");
  const none = document.getElementById("none");
  const button = document.getElementById("keys");
  const stories = [...document.querySelectorAll(".story")];
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  form.hidden = false;

  // The words of a card, read once, when first searched.
  const words = new Map();
  const text = (card) => {
    if (!words.has(card)) words.set(card, card.textContent.toLowerCase() + " " + [...card.querySelectorAll("[id]")].map((e) => e.id).join(" "));
    return words.get(card);
  };

  const filter = () => {
    const data = new FormData(form);
    const categories = new Set(data.getAll("c"));
    const rules = new Set(data.getAll("r"));
    const query = find.value.trim().toLowerCase();
    const chosen = categories.size + rules.size > 0;
    let shown = 0;
    for (const card of cards) {
      const fits = !chosen || categories.has(card.dataset.c) || rules.has(card.dataset.r);
      card.hidden = !(fits && (!query || text(card).includes(query)));
      if (!card.hidden) shown += 1;
    }
    for (const story of stories) story.hidden = !story.querySelector(".card:not([hidden])");
    none.hidden = shown > 0;
    count.textContent = chosen || query ? count.dataset.line.replace("{n}", shown) : "";
  };
  let waiting = 0;
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 120); });
  form.addEventListener("reset", () => setTimeout(filter, 0));
  form.addEventListener("submit", (e) => e.preventDefault());

  let now = null;
  const mark = (card) => {
    if (now) now.classList.remove("now");
    now = card;
    now.classList.add("now");
    document.dispatchEvent(new CustomEvent("kanwu-now", { detail: card }));
  };
  const goTo = (card) => {
    if (card.hidden) { form.reset(); filter(); }
    mark(card);
    card.focus({ preventScroll: true });
    // With the keys held down there is no time for a journey.
    const calm = still.matches || document.body.classList.contains("deciding");
    card.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
  };
  window.kanwuPage = { cards, now: () => now, mark, goTo };
  const go = (step) => {
    const seen = cards.filter((c) => !c.hidden);
    if (!seen.length) return;
    let at = seen.indexOf(now);
    if (at < 0) {
      const below = seen.findIndex((c) => c.getBoundingClientRect().top > 60);
      at = below < 0 ? seen.length : below;
      if (step > 0) at -= 1;
    }
    goTo(seen[Math.max(0, Math.min(seen.length - 1, at + step))]);
  };
  const toggle = (show) => {
    help.hidden = !show;
    button.setAttribute("aria-expanded", String(show));
  };
  button.addEventListener("click", () => toggle(help.hidden));
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === "Escape") { toggle(false); if (e.target === find) find.blur(); return; }
    if (e.key === "Enter" && e.target === find) { find.blur(); clearTimeout(waiting); filter(); now = null; go(1); return; }
    if (e.target.matches("input, textarea, select")) return;
    if (e.key === "j") go(1);
    else if (e.key === "k") go(-1);
    else if (e.key === "?") toggle(help.hidden);
    else if (e.key === "/") { e.preventDefault(); find.focus(); }
  });

  // A link to a folded place opens what it is folded into; a link to a filtered card shows all again.
  const reveal = () => {
    const there = document.getElementById(location.hash.slice(1));
    if (!there) return;
    for (let e = there; e; e = e.parentElement) {
      if (e.tagName === "DETAILS") e.open = true;
      if (e.hidden && e.matches(".card")) { form.reset(); filter(); }
    }
    there.scrollIntoView();
    // The keys go on from here.
    const card = there.closest(".card");
    if (card) mark(card);
  };
  addEventListener("hashchange", reveal);
  if (location.hash) reveal();

  // On paper nothing can be opened any more.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll(".card details:not([open])")];
    for (const d of opened) d.open = true;
  });
  addEventListener("afterprint", () => { for (const d of opened) d.open = false; });
})();
