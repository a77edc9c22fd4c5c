// A whole series decided at once: all its places with the text around them, the exceptions unticked.
(() => {
  if (!window.kanwuDesk) return;
  const { desk, say, waits, here, isOn, callOf, places, session, commit, decide, nextWaiting } = window.kanwuDesk;
  const { fill, el, seen, clip, flat, changed } = window.kanwuText;
  const alike = (f, g) => f.quote === g.quote && f.fixes[0] === g.fixes[0];
  const group = (f, rule) =>
    desk.findings.filter((g) => g.rule === f.rule && g.card && (g === f || waits(g)) && places(callOf.get(g.card)).includes(g) && (rule || alike(f, g)));
  const dialog = el("dialog", { class: "series" });
  const series = (verdict) => {
    const f = here();
    if (!isOn() || !f) return;
    const lists = [group(f, false), group(f, true)];
    // A card of several places is one question; else what is changed alike is.
    let which = f.series || lists[0].length < 2 ? 1 : 0;
    if (lists[1].length < 2) return decide(verdict, verdict === "accept" ? f.fixes[0] ?? "" : "");
    const without = new Set();
    const list = el("ul", { class: "concordance", lang: "zh" });
    const go = el("button", { type: "button", class: "yes" });
    const count = () => (go.textContent = fill(say.series_do, { n: lists[which].filter((g) => !without.has(g.id)).length }));
    const row = (g) => {
      const box = el("input", { type: "checkbox", "data-f": g.id });
      box.checked = !without.has(g.id);
      const change = verdict === "accept" && g.fixes.length ? changed(g.quote, g.fixes[0]) : [el("mark", {}, clip(seen(g.quote), 24))];
      return el("li", {}, el("label", {}, box, el("span", { class: "l" }, flat(g.before)), el("span", { class: "m" }, ...change), el("span", { class: "r" }, flat(g.after))), el("span", { class: "at" }, g.place));
    };
    const show = () => {
      list.replaceChildren();
      const all = lists[which];
      // The first screens at once, the rest in its own time.
      const more = (from) => {
        if (from >= all.length || !dialog.open || lists[which] !== all) return;
        list.append(...all.slice(from, from + 200).map(row));
        setTimeout(() => more(from + 200), 0);
      };
      more(0);
      count();
      list.querySelector("input")?.focus();
    };
    const tabs = [say.series_same, say.series_rule].map((line, n) => {
      const button = el("button", { type: "button", onclick: () => pick(n) }, fill(line, { n: lists[n].length }));
      button.disabled = lists[n].length < 2;
      return button;
    });
    const pick = (n) => {
      if (lists[n].length < 2) return;
      which = n;
      tabs.forEach((t, i) => t.setAttribute("aria-pressed", String(i === n)));
      show();
    };
    const done = () => {
      const chosen = lists[which].filter((g) => !without.has(g.id));
      dialog.close();
      if (!chosen.length) return;
      session.push(chosen);
      commit(chosen.map((g) => ({ f: g, verdict, text: verdict === "accept" ? g.fixes[0] ?? "" : "", scope: "once" })));
      nextWaiting(`${verdict === "accept" ? say.accept : say.reject} ${chosen.length}`);
    };
    go.addEventListener("click", done);
    dialog.replaceChildren(
      el("h2", {}, verdict === "accept" ? say.series_accept : say.series_reject),
      el("p", { class: "note" }, f.message, " ", el("code", {}, f.rule)),
      el("p", { class: "tabs" }, ...tabs), list, el("p", { class: "note" }, say.series_hint),
      el("p", { class: "tools" }, go, " ", el("button", { type: "button", onclick: () => dialog.close() }, say.cancel)));
    dialog.setAttribute("aria-label", verdict === "accept" ? say.series_accept : say.series_reject);
    list.addEventListener("change", (e) => {
      e.target.checked ? without.delete(e.target.dataset.f) : without.add(e.target.dataset.f);
      count();
    });
    dialog.onkeydown = (e) => {
      e.stopPropagation();
      if (e.key === "Escape") return;
      const boxes = list.getElementsByTagName("input");
      const now = [...boxes].indexOf(document.activeElement);
      const to = (n) => { e.preventDefault(); boxes[Math.max(0, Math.min(boxes.length - 1, n))]?.focus(); };
      if (e.key === "j" || e.key === "ArrowDown") to(now + 1);
      else if (e.key === "k" || e.key === "ArrowUp") to(now - 1);
      else if (e.key === "x" && now >= 0) { e.preventDefault(); boxes[now].click(); }
      else if (e.key === "t") pick(1 - which);
      else if (e.key === "Enter" && document.activeElement?.tagName !== "BUTTON") { e.preventDefault(); done(); }
    };
    dialog.onclose = () => { if (here()) callOf.get(here().card).card.focus({ preventScroll: true }); };
    dialog.showModal();
    pick(which);
  };
  document.body.append(dialog);
  window.kanwuDesk.series = series;
})();
