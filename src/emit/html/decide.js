// Deciding: the page asks, a person answers with a key, and each verdict is kept at once: by the server that gave the
// page, or, where the page is a file, in the browser until it is exported.
(() => {
  if (!window.kanwuText) return;
  const { desk, fill, el, seen, clip } = window.kanwuText;
  const page = window.kanwuPage;
  const say = desk.say;
  const live = desk.number !== null;

  // ── what is to be decided ──
  const byId = new Map(desk.findings.map((f) => [f.id, f]));
  const calls = [];
  const callOf = new Map();
  for (const f of desk.findings) {
    f.lines = [];
    f.said = null;
  }
  for (const f of desk.findings) {
    if (!f.card) continue;
    if (!callOf.has(f.card)) callOf.set(f.card, { id: f.card, places: [], inside: [] });
    callOf.get(f.card)[f.inside ? "inside" : "places"].push(f);
  }
  for (const card of page.cards) {
    const call = callOf.get(card.id);
    if (!call) continue;
    call.card = card;
    call.number = calls.push(call);
  }
  const isRemoved = (call) => {
    const said = call.places[0].said;
    return said !== null && said.verdict !== "reject";
  };
  const places = (call) => (isRemoved(call) || !call.places[0].said ? call.places : call.places.concat(call.inside));
  const waits = (f) => f.said === null && (f.status === "open" || f.status === "stale");
  const callWaits = (call) => places(call).some(waits);

  // What was changed without asking becomes a finding of the page when it is first spoken of: there may be very many.
  const doneAt = (row) => {
    if (!byId.has(row.id)) {
      const place = row.querySelector("a").textContent;
      byId.set(row.id, { id: row.id, done: true, status: "applied", card: null, rule: "", quote: "", fixes: [""], proposal: "", place, lines: [], said: null });
    }
    return byId.get(row.id);
  };

  // A line of the log.
  const hear = (line) => {
    const f = byId.get(line.finding);
    if (!f) return null;
    if (line.verdict === "undo") {
      f.lines = [];
      f.said = null;
      if (f.status === "accepted" || f.status === "rejected") f.status = "open";
    } else {
      f.lines.push(line);
      f.said = line;
    }
    return f;
  };
  for (const line of desk.log) {
    const f = byId.get(line.finding);
    if (f) line.verdict === "undo" ? (f.lines = []) : f.lines.push(line);
  }
  for (const f of desk.findings) {
    if (f.status === "accepted" || f.status === "rejected") {
      const verdict = f.status === "rejected" ? "reject" : "accept";
      f.said = f.lines[f.lines.length - 1] || { verdict, text: f.applied || "", by: f.by || "", at: "" };
    }
  }

  const verdictText = (f, said) => {
    if (f.done) return say.restored;
    const flag = f.fixes.length === 0;
    if (said.verdict === "reject") return flag ? say.rejected_flag : say.rejected;
    if (said.verdict === "accept" && flag) return say.accepted_flag;
    return fill(said.verdict === "edit" ? say.edited : say.accepted, { text: clip(seen(said.text), 40) });
  };
  const timeOf = (at) => {
    const when = new Date(at);
    if (!at || Number.isNaN(when.getTime())) return "";
    const two = (n) => String(n).padStart(2, "0");
    const clock = `${two(when.getHours())}:${two(when.getMinutes())}`;
    return when.toDateString() === new Date().toDateString() ? clock : `${when.getMonth() + 1}-${when.getDate()} ${clock}`;
  };
  const whoWhen = (said) => [said.by, timeOf(said.at)].filter(Boolean).join(desk.lang === "en" ? ", " : "，");

  // ── what the page shows of it ──
  const status = el("p", { id: "progress", class: "progress", role: "status", "aria-live": "polite" });
  const meter = el("progress", { "aria-hidden": "true" });
  const notice = el("div", { id: "notice", class: "notice", role: "alert", hidden: true });
  const tell = (text, action, keep) => {
    notice.replaceChildren(text);
    if (action) notice.append(" ", action);
    notice.append(el("button", { type: "button", class: "x", "aria-label": say.close, onclick: () => (notice.hidden = true) }, "×"));
    notice.hidden = false;
    clearTimeout(tell.wait);
    if (!keep) tell.wait = setTimeout(() => (notice.hidden = true), 8000);
  };

  const lineOf = (f) => {
    const row = el("p", { class: "verdict", id: "v-" + f.id });
    const said = f.said;
    if (said === null) return row;
    row.append(el("b", {}, verdictText(f, said)));
    const who = whoWhen(said);
    if (who) row.append(" ", el("span", { class: "at" }, who));
    const others = f.lines.filter((l) => l.by !== said.by && (l.verdict !== said.verdict || l.text !== said.text));
    for (const other of others.slice(-2)) {
      row.append(" ", el("span", { class: "both" }, fill(say.both, { name: other.by || "?", verdict: verdictText(f, other) })));
    }
    if (said.note) row.append(" ", el("span", { class: "remark" }, said.note));
    row.append(" ", el("button", { type: "button", class: "link", onclick: (e) => { e.stopPropagation(); undo(f); } }, say.undo));
    return row;
  };
  const placeOf = (f) => document.getElementById(f.id);
  const draw = (f) => {
    const place = placeOf(f);
    if (!place) return;
    const old = place.querySelector(":scope > .verdict");
    if (old) old.remove();
    place.classList.toggle("said", f.said !== null);
    place.removeAttribute("aria-describedby");
    if (f.said !== null) {
      const sentence = place.querySelector(":scope > p.q");
      sentence ? sentence.after(lineOf(f)) : place.append(lineOf(f));
      // Who hears the page is told what was decided with the name of the place.
      place.setAttribute("aria-describedby", "v-" + f.id);
    }
    const call = f.card && callOf.get(f.card);
    if (call && call.card) call.card.classList.toggle("settled", !callWaits(call));
  };
  const drawStale = (f) => {
    const place = placeOf(f);
    if (!place || !f.was) return;
    const said = fill(say.before, { verdict: verdictText(f, f.was), who: whoWhen(f.was) || "?" });
    const sentence = place.querySelector(":scope > p.q");
    if (!sentence) return;
    sentence.after(el("p", { class: "before", id: "b-" + f.id }, said));
    place.setAttribute("aria-describedby", "b-" + f.id);
  };

  // The reviewer's own pace: the middle one of the last intervals, seconds.
  const pace = { last: 0, took: [] };
  const step = () => {
    const now = performance.now();
    const took = (now - pace.last) / 1000;
    if (pace.last && took < 180) pace.took.push(Math.max(0.3, took));
    pace.took = pace.took.slice(-25);
    pace.last = now;
  };
  const middle = () => {
    const sorted = [...pace.took].sort((a, b) => a - b);
    return sorted.length >= 3 ? sorted[sorted.length >> 1] : 8;
  };
  const progress = (spoken) => {
    const left = calls.filter(callWaits).length;
    const call = here && here.card ? callOf.get(here.card) : null;
    const parts = [];
    if (calls.length > 0 && left === 0) parts.push(fill(say.finished, { total: calls.length }));
    else if (calls.length > 0) {
      if (call) parts.push(fill(say.progress, { n: call.number, total: calls.length }));
      const minutes = Math.round((left * middle()) / 60);
      parts.push(fill(say.left, { n: left }), minutes < 1 ? say.moment : fill(say.minutes, { n: minutes }));
    }
    status.textContent = (spoken ? [spoken, ...parts] : parts).join(desk.lang === "en" ? " · " : "　");
    meter.max = Math.max(1, calls.length);
    meter.value = calls.length - left;
    finish.hidden = !(on && calls.length > 0 && left === 0);
  };
  const finish = el("div", { class: "finish", hidden: true });
  finish.append(el("b", {}, fill(say.finished, { total: calls.length })), " ");
  finish.append(live ? say.finished_live : fill(say.finished_file, { issue: desk.issue }), " ");
  if (live) finish.append(el("button", { type: "button", onclick: () => location.reload() }, say.reload));

  // ── the place at hand ──
  let here = null;
  let scope = "once";
  let on = live;
  const bar = el("div", { class: "bar", role: "toolbar", "aria-label": say.actions });
  const key = (name, label, act, extra) =>
    el("button", { type: "button", "aria-keyshortcuts": name, ...extra, onclick: (e) => { e.stopPropagation(); act(); } }, label, " ", el("kbd", {}, name));
  const fillBar = () => {
    const f = here;
    if (!f) return bar.remove();
    const flag = f.fixes.length === 0;
    const tools = [key("a", flag ? say.accept_flag : say.accept, () => accept(0), { class: "yes" }), key("r", flag ? say.reject_flag : say.reject, reject)];
    f.fixes.slice(0, 9).forEach((fix, n) => {
      if (f.fixes.length > 1) tools.push(key(String(n + 1), clip(seen(fix), 16), () => accept(n), { class: "alt", lang: "zh" }));
    });
    tools.push(key("e", say.edit, edit));
    if (f.was && waits(f)) tools.push(key("y", say.same, asBefore));
    tools.push(key("s", say.skip, skip), key("u", say.undo, () => undo()));
    if (desk.findings.some((g) => g !== f && g.rule === f.rule && g.card && waits(g))) {
      tools.push(key("A", say.all_accept, () => window.kanwuDesk.series("accept")), key("R", say.all_reject, () => window.kanwuDesk.series("reject")));
    }
    const reach = el("select", { "aria-label": say.scope, "aria-keyshortcuts": "o", onchange: (e) => (scope = e.target.value) });
    for (const s of ["once", "issue", "always"]) {
      const option = el("option", { value: s }, say["scope_" + s]);
      option.selected = s === scope;
      reach.append(option);
    }
    tools.push(el("label", { class: "reach" }, say.scope, " ", el("kbd", {}, "o"), " ", reach));
    bar.replaceChildren(...tools);
  };
  const at = (f, quiet) => {
    const old = here && placeOf(here);
    if (old) {
      old.classList.remove("here");
      old.removeAttribute("aria-current");
    }
    here = f;
    const place = f && placeOf(f);
    if (!place) return;
    for (let e = place.parentElement; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
    place.classList.add("here");
    place.setAttribute("aria-current", "true");
    if (on) {
      fillBar();
      const sentence = place.querySelector(":scope > .verdict, :scope > p.q");
      const after = place.querySelector(":scope > p.or, :scope > p.before") || sentence;
      after ? after.after(bar) : place.append(bar);
    }
    document.dispatchEvent(new CustomEvent("kanwu-here", { detail: f }));
    if (!quiet) progress();
  };
  document.addEventListener("kanwu-now", (e) => {
    const call = callOf.get(e.detail.id);
    if (!call) return;
    if (here && here.card === call.id) return;
    scope = "once";
    at(places(call).find(waits) || call.places[0], moving);
  });
  let moving = false;
  const goTo = (f, quiet) => {
    const call = callOf.get(f.card);
    moving = quiet;
    if (page.now() !== call.card) page.goTo(call.card);
    else if (!call.card.contains(document.activeElement)) call.card.focus();
    moving = false;
    if (here !== f || bar.parentElement !== placeOf(f)) at(f, quiet);
    const place = placeOf(f);
    if (place !== call.card) place.scrollIntoView({ block: "nearest" });
  };
  const nextWaiting = (spoken) => {
    const call = here && callOf.get(here.card);
    const start = call ? call.number - 1 : 0;
    const inCall = call && places(call).find((f) => f !== here && waits(f) && places(call).indexOf(f) > places(call).indexOf(here));
    const rest = [...calls.slice(start + (call ? 1 : 0)), ...calls.slice(0, start + 1)];
    const next = inCall ? call : rest.find((c) => callWaits(c) && !c.card.hidden);
    if (next) goTo(inCall || places(next).find(waits), true);
    else if (here) at(here, true);
    progress(spoken);
    if (!next && !finish.hidden) finish.scrollIntoView({ block: "nearest" });
  };
  const skip = () => nextWaiting();
  const beside = (by) => {
    const call = here && callOf.get(here.card);
    const all = call ? places(call) : [];
    const next = all[all.indexOf(here) + by];
    if (next) goTo(next);
  };

  // ── verdicts ──
  const mine = () => (live ? desk.by : name.value.trim());
  const session = [];
  const commit = (verdicts, spoken) => {
    step();
    const reach = verdicts[0].scope || "once";
    for (const v of verdicts) {
      v.before = v.f.said;
      v.known = v.f.lines.length;
      v.at = new Date().toISOString().replace(/\.\d+Z$/, "Z");
      v.f.said = v.verdict === "undo" ? null : { verdict: v.verdict, text: v.text, by: mine(), at: v.at, note: v.note || "" };
      if (v.verdict === "undo" && (v.f.status === "accepted" || v.f.status === "rejected")) v.f.status = "open";
      draw(v.f);
    }
    if (!live && reach === "always" && verdicts[0].verdict === "reject") {
      const { f } = verdicts[0];
      tellAlways(f, (desk.accept || `+ "\uFFFC"`).replace('"\uFFFC"', () => JSON.stringify(f.accept ?? f.quote)));
    }
    scope = "once";
    for (let n = 0; n < verdicts.length; n += CHUNK) keep(verdicts.slice(n, n + CHUNK));
    document.dispatchEvent(new CustomEvent("kanwu-said", { detail: verdicts.map((v) => v.f) }));
    return spoken;
  };
  // The change to the desk's list, as a diff: a person makes it, or has it made.
  const tellAlways = (f, diff) => {
    const kind = (line) => (/^\+(?!\+\+ )/.test(line) ? "ins" : /^-(?!-- )/.test(line) ? "del" : "span");
    const lines = diff.trimEnd().split("\n").map((line) => el(kind(line), {}, line + "\n"));
    const write = `kanwu decide ${desk.issue} ${f.id} --reject --scope always --write-accept`;
    tell(say.always_note, el("div", { class: "diff" }, el("pre", {}, ...lines), el("p", {}, say.always_write, " ", el("code", {}, write))), true);
  };
  // What goes to the server at a time fits its limit.
  const CHUNK = 100;
  const decide = (verdict, text, note) => {
    if (!on || !here) return;
    const f = here;
    session.push([f]);
    commit([{ f, verdict, text, scope, note }]);
    nextWaiting(verdictText(f, { verdict, text }));
  };
  const accept = (n) => {
    if (!here) return;
    if (here.fixes.length === 0) return n === 0 && decide("accept", "");
    if (n < here.fixes.length) decide("accept", here.fixes[n]);
  };
  const reject = () => decide("reject", "");
  const asBefore = () => {
    if (!here || !here.was || !waits(here)) return;
    const { verdict, text } = here.was;
    if (verdict === "reject") return reject();
    const n = here.fixes.indexOf(text);
    if (verdict === "accept" && (here.fixes.length === 0 || n >= 0)) return accept(Math.max(0, n));
    decide("edit", text);
  };
  const undo = (one) => {
    if (!on) return;
    let which = one ? [one] : here && here.said ? [here] : session.pop();
    which = (which || []).filter((f) => f.said !== null);
    if (!which.length) return progress(say.nothing_to_undo);
    const back = which.filter((f) => f.card && callOf.get(f.card).card);
    commit(which.map((f) => ({ f, verdict: "undo", text: "", scope: "once" })));
    if (back.length) goTo(back[0]);
    progress(say.undone);
    // What stands in no card has one when the page is made again.
    if (live && !back.length && which.some((f) => !f.done)) chain.then(() => { location.hash = which[0].id; location.reload(); });
  };

  const edit = () => {
    if (!on || !here) return;
    const f = here;
    const place = placeOf(f);
    const open = place.querySelector(":scope > form.edit");
    if (open) return open.querySelector("textarea").focus();
    const text = el("textarea", { rows: Math.min(8, 1 + Math.ceil(((f.fixes[0] ?? f.quote).length + 1) / 40)), "aria-label": say.edit_label, lang: "zh" });
    text.value = f.said && f.said.verdict === "edit" ? f.said.text : f.fixes[0] ?? f.quote;
    const note = el("input", { type: "text", maxlength: 500, placeholder: say.note_label, "aria-label": say.note_label });
    const leave = () => {
      form.remove();
      callOf.get(f.card)?.card.focus({ preventScroll: true });
    };
    const save = () => {
      form.remove();
      at(f, true);
      // What is one of the alternatives is that one; what stands there already is left alone.
      const n = f.fixes.indexOf(text.value);
      if (n >= 0) decide("accept", f.fixes[n], note.value);
      else decide("edit", text.value, note.value);
    };
    const form = el("form", { class: "edit", onsubmit: (e) => { e.preventDefault(); save(); } },
      el("label", {}, say.edit_label, text), note,
      el("span", { class: "note" }, say.edit_hint), " ",
      el("button", { type: "submit", class: "yes" }, say.save), " ",
      el("button", { type: "button", onclick: leave }, say.cancel));
    form.addEventListener("keydown", (e) => {
      e.stopPropagation();
      if (e.isComposing || e.keyCode === 229) return;
      if (e.key === "Escape") { e.preventDefault(); leave(); }
      if (e.key === "Enter" && !e.shiftKey && e.target.tagName !== "BUTTON") { e.preventDefault(); save(); }
    });
    bar.parentElement === place ? bar.after(form) : place.append(form);
    text.focus();
    text.select();
  };

  // ── keeping ──
  let chain = Promise.resolve();
  let underway = 0;
  // Who leaves while a verdict is on its way is asked to wait.
  addEventListener("beforeunload", (e) => { if (underway) e.preventDefault(); });
  const revert = (verdicts) => {
    for (const v of verdicts) {
      v.f.said = v.f.lines.length > v.known ? v.f.lines[v.f.lines.length - 1] : v.before;
      draw(v.f);
    }
    document.dispatchEvent(new CustomEvent("kanwu-said", { detail: verdicts.map((v) => v.f) }));
    progress();
  };
  const linkTo = (f) => el("a", { href: "#" + f.id }, f.place);
  const hearAll = (news, from) => {
    const fresh = news.log.slice(Math.max(0, desk.position - from));
    desk.position = Math.max(desk.position, news.position);
    const heard = fresh.map(hear).filter(Boolean);
    heard.forEach(draw);
    if (heard.length) {
      document.dispatchEvent(new CustomEvent("kanwu-said", { detail: heard }));
      if (here && heard.includes(here)) at(here, true);
    }
    return fresh;
  };
  const keepLive = (verdicts) => {
    underway += 1;
    chain = chain.then(async () => {
      const met = verdicts.filter((v) => v.f.lines.length !== v.known && v.f.lines.length > 0 && v.f.lines[v.f.lines.length - 1].by !== desk.by);
      if (met.length) {
        revert(verdicts);
        return conflict(met[0].f);
      }
      const from = desk.position;
      const body = { position: from, verdicts: verdicts.map((v) => ({ finding: v.f.id, verdict: v.verdict, text: v.text || "", scope: v.scope || "once", proposal: v.f.proposal, note: v.note || "" })) };
      let answer;
      try {
        answer = await fetch(`/api/issue/${desk.number}/decisions`, { method: "POST", keepalive: true, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
      } catch {
        revert(verdicts);
        return tell(say.no_server, null, true);
      }
      if (answer.ok) {
        const news = await answer.json();
        hearAll(news, from);
        if (news.accept) tellAlways(verdicts[0].f, news.accept);
        if (verdicts.some((v) => v.verdict !== "reject" || v.f.done)) lookLater();
        return;
      }
      let why = { error: "fault", why: String(answer.status) };
      try { why = await answer.json(); } catch { /* an answer without a reason */ }
      if (why.error === "met") hearAll(why.news, from);
      revert(verdicts);
      if (why.error === "met") conflict(verdicts.map((v) => v.f).find((f) => f.said && f.said.by !== desk.by) || verdicts[0].f);
      else if (why.error === "changed") tell(say.changed, el("button", { type: "button", onclick: () => location.reload() }, say.reload), true);
      else tell(fill(say.not_kept, { why: why.why }), linkTo(verdicts[0].f), true);
    }).finally(() => { underway -= 1; });
  };
  const conflict = (f) => {
    const said = f.said || { verdict: "reject", text: "", by: "?" };
    tell(fill(say.met, { name: said.by || "?", verdict: verdictText(f, said) }), linkTo(f), true);
  };
  const listen = async () => {
    const from = desk.position;
    try {
      const answer = await fetch(`/api/issue/${desk.number}/events?from=${from}`);
      if (answer.ok) {
        if (listen.lost) tell(say.kept_again);
        listen.lost = false;
        const news = await answer.json();
        const waiting = desk.position === from;
        const fresh = waiting ? hearAll(news, from) : [];
        const names = new Map();
        for (const line of fresh) if (line.by !== desk.by && line.verdict !== "undo") names.set(line.by, (names.get(line.by) || 0) + 1);
        if (names.size) progress([...names].map(([who, n]) => fill(say.news, { name: who || "?", n })).join(" "));
      } else listen.lost = true;
    } catch {
      if (!listen.lost) tell(say.no_server, null, true);
      listen.lost = true;
    }
    setTimeout(listen, document.hidden ? 5000 : 1500);
  };

  // A change that was made may raise something new. When the reviewer pauses, the server is asked what waits now.
  let fresh = 0;
  const lookLater = () => {
    clearTimeout(lookLater.wait);
    lookLater.wait = setTimeout(look, 2500);
  };
  const look = async () => {
    if (underway) return lookLater();
    try {
      const answer = await fetch(`/api/issue/${desk.number}`);
      if (!answer.ok) return;
      const waiting = (await answer.json()).findings.filter((g) => g.card && (g.status === "open" || g.status === "stale"));
      const found = waiting.filter((g) => !byId.has(g.id) || byId.get(g.id).done).length;
      if (found > fresh) tell(fill(say.fresh, { n: found }), el("button", { type: "button", "aria-keyshortcuts": "l", onclick: () => location.reload() }, say.reload, " ", el("kbd", {}, "l")), true);
      fresh = found;
    } catch { /* whether the server answers is told elsewhere */ }
  };

  // A file keeps them in the browser.
  const shelf = "kanwu:" + desk.issue;
  let kept = [];
  const name = el("input", { type: "text", class: "name", maxlength: 60, placeholder: say.your_name, "aria-label": say.your_name });
  const out = el("button", { type: "button", id: "export", hidden: true });
  const store = () => {
    out.textContent = fill(say.export, { n: kept.length });
    out.title = say.export_note;
    try { localStorage.setItem(shelf, JSON.stringify({ by: name.value, on, lines: kept })); } catch { /* no shelf: they stay in this page */ }
  };
  const keepHere = (verdicts) => {
    for (const v of verdicts) {
      const old = kept.length;
      kept = kept.filter((line) => line.finding !== v.f.id);
      const line = { finding: v.f.id, verdict: v.verdict, text: v.text || "", proposal: v.f.proposal, scope: v.scope || "once", by: mine(), at: v.at, note: v.note || "" };
      if (v.verdict !== "undo" || kept.length === old) kept.push(line);
    }
    store();
  };
  const keep = live ? keepLive : keepHere;
  const download = () => {
    const text = kept.map((line) => JSON.stringify({ ...line, by: line.by || mine() }) + "\n").join("");
    const link = el("a", { href: URL.createObjectURL(new Blob([text], { type: "application/x-ndjson" })), download: desk.issue + ".decisions.jsonl" });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };
  out.addEventListener("click", download);
  const turnOn = (yes) => {
    on = yes;
    document.body.classList.toggle("deciding", on);
    out.hidden = name.hidden = !on;
    toggle.setAttribute("aria-pressed", String(on));
    on && here ? at(here) : bar.remove();
    if (on && !here) nextWaiting();
    progress();
    store();
  };
  const toggle = el("button", { type: "button", id: "decide", "aria-pressed": "false", onclick: () => turnOn(!on) }, say.decide);

  // ── keys ──
  document.addEventListener("keydown", (e) => {
    if (!on || e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented) return;
    if (e.target.matches("input, textarea, select")) return;
    let k = e.key;
    // An input method that is on keeps the letter to itself.
    if (k === "Process" && e.code.startsWith("Key")) k = e.shiftKey ? e.code[3] : e.code[3].toLowerCase();
    if (e.key === "Escape") notice.hidden = true;
    if (k === "u") { e.preventDefault(); return undo(); }
    if (k === "l" && fresh) return location.reload();
    if (!here) { if (k === "s") nextWaiting(); return; }
    const acts = { a: () => accept(0), r: reject, e: edit, s: skip, y: asBefore, A: () => window.kanwuDesk.series("accept"), R: () => window.kanwuDesk.series("reject"), n: () => beside(1), p: () => beside(-1) };
    if (k in acts) { e.preventDefault(); acts[k](); }
    else if (k >= "1" && k <= "9") accept(Number(k) - 1);
    else if (k === "o") {
      scope = { once: "issue", issue: "always", always: "once" }[scope];
      fillBar();
      progress(`${say.scope}: ${say["scope_" + scope]}`);
    }
  });
  document.addEventListener("click", (e) => {
    const place = e.target.closest(".card li[id], .card");
    if (!place || e.target.closest("a, button, summary, form, select, input")) return;
    const f = byId.get(place.id) || byId.get(place.closest(".card").id);
    if (f && f.card && callOf.get(f.card).card) {
      page.mark(callOf.get(f.card).card);
      at(f);
    }
  });
  const help = document.querySelector("#help dl");
  if (help) {
    const rows = live ? [...say.keys, ...say.keys_live] : say.keys;
    const made = rows.map(([keys, what]) => el("div", {}, el("dt", {}, ...keys.split(" ").map((k) => el("kbd", {}, k))), el("dd", {}, what)));
    help.replaceChildren(...made, help.lastElementChild);
  }

  // ── begin ──
  const form = document.getElementById("filters");
  if (live) document.body.classList.add("deciding", "live");
  document.body.append(notice);
  if (form) {
    form.append(meter, status);
    if (!live) form.append(toggle, name, out);
    document.getElementById("h-decide").after(finish);
    // What is gone to stands below the bar at the top, however high that is.
    const fit = () => {
      const fixed = getComputedStyle(form).position === "sticky" ? form.offsetHeight : 0;
      document.documentElement.style.scrollPaddingTop = fixed + 10 + "px";
    };
    new ResizeObserver(fit).observe(form);
    progress();
    fit();
  }
  for (const f of desk.findings) {
    if (f.said !== null && live) draw(f);
    if (f.status === "stale") drawStale(f);
  }
  if (live && desk.lost.length) tell(fill(say.lost, { n: desk.lost.length }));
  window.kanwuDesk = { desk, byId, say, fill, el, seen, waits, here: () => here, goTo, tell, isOn: () => on, doneAt, commit, undo, progress, callOf, places, session, decide, nextWaiting };
  if (live) {
    if (desk.issues > 1) document.querySelector(".masthead").prepend(el("a", { href: "/", class: "back" }, "← " + say.issues));
    const there = byId.get(location.hash.slice(1));
    if (there && there.card && callOf.get(there.card).card) goTo(there);
    else nextWaiting();
    setTimeout(listen, 1500);
  } else if (form) {
    let saved = null;
    try { saved = JSON.parse(localStorage.getItem(shelf)); } catch { /* no shelf */ }
    if (saved && Array.isArray(saved.lines)) {
      name.value = saved.by || "";
      for (const line of saved.lines) {
        const row = document.getElementById(line.finding);
        const f = row && row.closest("#applied") ? doneAt(row) : byId.get(line.finding);
        if (!f || f.proposal !== line.proposal) continue;
        kept.push(line);
        f.said = line.verdict === "undo" ? null : line;
        draw(f);
      }
    }
    name.addEventListener("input", store);
    turnOn(Boolean(saved && saved.on));
  }
})();
