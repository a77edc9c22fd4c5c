"use strict";
// Beside the entries: the whole article with its changes marked, or the page image with the place lit.
(() => {
  const { desk, byId, say, el, seen, waits, here, goTo } = window.kanwuDesk;
  const wide = matchMedia("(min-width: 70.01rem)");
  const text = el("div", { id: "text", role: "tabpanel", tabindex: "0", lang: "zh", "aria-label": say.side_text });
  const image = el("div", { id: "image", role: "tabpanel", tabindex: "0", "aria-label": say.side_image, hidden: true });
  const tab = (which, label) => el("button", { type: "button", role: "tab", "aria-selected": "false", onclick: () => show(which) }, label);
  const tabs = { text: tab("text", say.side_text), image: tab("image", say.side_image) };
  const larger = el("button", { type: "button", "aria-label": say.zoom_in, title: say.zoom_in, onclick: () => zoom(1.3) }, "+");
  const smaller = el("button", { type: "button", "aria-label": say.zoom_out, title: say.zoom_out, onclick: () => zoom(1 / 1.3) }, "−");
  const side = el("aside", { id: "side", "aria-label": say.side, hidden: true },
    el("div", { class: "tabs", role: "tablist", "aria-label": say.side }, tabs.text, tabs.image, el("span"), smaller, larger,
      el("button", { type: "button", "aria-label": say.close, title: say.close, onclick: () => show(null) }, "×")),
    text, image);
  document.body.append(side);
  if (!desk.images.length) tabs.image.hidden = true;

  let shown = null;
  const show = (which) => {
    shown = which;
    side.hidden = which === null;
    document.body.classList.toggle("sided", which !== null);
    text.hidden = which !== "text";
    image.hidden = which !== "image";
    larger.hidden = smaller.hidden = which !== "image";
    for (const [name, button] of Object.entries(tabs)) button.setAttribute("aria-selected", String(name === which));
    try { localStorage.setItem("kanwu:side", String(which)); } catch { /* no shelf */ }
    draw();
  };
  const draw = () => {
    if (shown === "text") drawText();
    if (shown === "image") drawImage();
  };

  // ── the article ──
  const articles = new Map();
  let drawn = -1;
  // Segments that are shown: from here to there, and how near to an end the place at hand may come.
  let [from, to] = [0, 0];
  const WINDOW = 160;
  const EDGE = 40;
  const mark = (segment) => {
    const f = segment.f && byId.get(segment.f);
    if (segment.n !== undefined) {
      const out = [];
      if (segment.t) out.push(el("del", { "data-f": segment.f }, seen(segment.t)));
      if (segment.n) out.push(el("ins", { "data-f": segment.f }, segment.n === "\n" ? "⏎" : segment.n));
      // A change that was taken back since shows what was printed.
      return f && f.said && f.said.verdict === "reject" ? [segment.t] : out;
    }
    if (!f) return [segment.t];
    if (waits(f)) return [el("span", { class: "open", "data-f": f.id }, segment.t)];
    if (!f.said || f.said.verdict === "reject" || (f.said.verdict === "accept" && !f.fixes.length)) return [el("span", { class: "kept", "data-f": f.id }, segment.t)];
    return [el("del", { "data-f": f.id }, segment.t)];
  };
  const drawText = async (again) => {
    const f = here();
    if (!f) return;
    const number = f.article;
    if (!articles.has(number)) {
      articles.set(number, fetch(`/api/issue/${desk.number}/article/${number}`).then((a) => (a.ok ? a.json() : [])).catch(() => []));
    }
    const segments = await articles.get(number);
    if (shown !== "text" || here() !== f) return;
    // Of a very long article the neighbourhood is enough, so that a key is answered at once.
    const centre = Math.max(0, segments.findIndex((segment) => segment.f === f.id));
    const near = centre >= from + (from && EDGE) && centre < to - (to < segments.length && EDGE);
    if (drawn !== number || again || !near) {
      if (drawn !== number || !near) [from, to] = [Math.max(0, centre - WINDOW), Math.min(segments.length, centre + WINDOW)];
      const parts = [];
      segments.slice(from, to).forEach((segment, k) => {
        const n = from + k;
        parts.push(...mark(segment));
        // What a person put there follows the last piece of what it stands for.
        const g = segment.f && byId.get(segment.f);
        const more = segments[n + 1] && segments[n + 1].f === segment.f;
        if (g && segment.n === undefined && g.said && g.said.verdict !== "reject" && g.fixes.length + (g.said.verdict === "edit") && !more && g.said.text) {
          parts.push(el("ins", { "data-f": g.id }, g.said.text));
        }
      });
      if (from > 0) parts.unshift("…");
      if (to < segments.length) parts.push("…");
      text.replaceChildren(...parts);
      drawn = number;
    }
    for (const old of text.querySelectorAll(".lit")) old.classList.remove("lit");
    const lit = text.querySelectorAll(`[data-f="${CSS.escape(f.id)}"]`);
    for (const e of lit) e.classList.add("lit");
    if (lit[0]) {
      const top = lit[0].getBoundingClientRect().top - text.getBoundingClientRect().top + text.scrollTop;
      text.scrollTop = Math.max(0, top - text.clientHeight / 3);
    }
  };
  text.addEventListener("click", (e) => {
    const f = byId.get(e.target.dataset && e.target.dataset.f);
    if (f && f.card && document.getElementById(f.card)) goTo(f);
  });

  // ── the page image ──
  const picture = el("img", { alt: "" });
  const lit = el("div", { class: "lit", hidden: true });
  const plate = el("div", { class: "plate" }, picture, lit);
  const remark = el("p", { class: "note", role: "status", hidden: true });
  image.append(remark, plate);
  let scale = 1;
  let loaded = -1;
  const zoom = (by) => {
    const x = (image.scrollLeft + image.clientWidth / 2) / Math.max(1, image.scrollWidth);
    const y = (image.scrollTop + image.clientHeight / 2) / Math.max(1, image.scrollHeight);
    scale = Math.min(12, Math.max(0.2, scale * by));
    plate.style.width = scale * 100 + "%";
    image.scrollLeft = x * image.scrollWidth - image.clientWidth / 2;
    image.scrollTop = y * image.scrollHeight - image.clientHeight / 2;
  };
  const light = () => {
    const spot = here() && here().image;
    lit.hidden = true;
    if (!spot || !picture.naturalWidth) return;
    if (!spot.box) return say1(say.no_box);
    const w = spot.pixels ? picture.naturalWidth : 1;
    const h = spot.pixels ? picture.naturalHeight : 1;
    const [x0, y0, x1, y1] = [spot.box[0] / w, spot.box[1] / h, spot.box[2] / w, spot.box[3] / h];
    // A character of a newspaper is small: the first look is near enough to read it.
    if (scale === 1) {
      scale = Math.min(6, Math.max(1, 0.28 / Math.max(0.02, x1 - x0)));
      plate.style.width = scale * 100 + "%";
    }
    lit.style.left = `calc(${x0 * 100}% - 4px)`;
    lit.style.top = `calc(${y0 * 100}% - 4px)`;
    lit.style.width = `calc(${(x1 - x0) * 100}% + 8px)`;
    lit.style.height = `calc(${(y1 - y0) * 100}% + 8px)`;
    lit.hidden = false;
    image.scrollLeft = ((x0 + x1) / 2) * plate.clientWidth - image.clientWidth / 2;
    image.scrollTop = ((y0 + y1) / 2) * plate.clientHeight - image.clientHeight / 2;
  };
  const say1 = (line) => {
    remark.textContent = line;
    remark.hidden = !line;
  };
  picture.addEventListener("load", () => { say1(""); light(); });
  picture.addEventListener("error", () => say1(say.image_fault));
  const drawImage = () => {
    const f = here();
    const spot = f && f.image;
    plate.hidden = !spot;
    say1(spot ? "" : say.no_image);
    if (!spot) return;
    if (loaded !== spot.number) {
      loaded = spot.number;
      lit.hidden = true;
      picture.alt = desk.images[spot.number];
      picture.src = `/issue/${desk.number}/image/${spot.number}`;
    } else light();
  };
  let drag = null;
  image.addEventListener("pointerdown", (e) => {
    drag = { x: e.clientX + image.scrollLeft, y: e.clientY + image.scrollTop };
    image.setPointerCapture(e.pointerId);
    image.classList.add("drag");
  });
  image.addEventListener("pointermove", (e) => {
    if (!drag) return;
    image.scrollLeft = drag.x - e.clientX;
    image.scrollTop = drag.y - e.clientY;
  });
  const drop = () => { drag = null; image.classList.remove("drag"); };
  image.addEventListener("pointerup", drop);
  image.addEventListener("pointercancel", drop);
  image.addEventListener("wheel", (e) => {
    if (!e.ctrlKey) return;
    e.preventDefault();
    zoom(e.deltaY < 0 ? 1.15 : 1 / 1.15);
  }, { passive: false });

  // ── keys ──
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.target.matches("input, textarea, select")) return;
    const pane = shown === "image" ? image : text;
    const moves = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
    if (e.key === "v") {
      const order = desk.images.length ? [null, "text", "image"] : [null, "text"];
      show(order[(order.indexOf(shown) + 1) % order.length]);
    } else if (shown === "image" && (e.key === "+" || e.key === "=")) zoom(1.3);
    else if (shown === "image" && (e.key === "-" || e.key === "_")) zoom(1 / 1.3);
    else if (shown && e.shiftKey && e.key in moves) {
      e.preventDefault();
      pane.scrollBy(moves[e.key][0] * pane.clientWidth * 0.3, moves[e.key][1] * pane.clientHeight * 0.3);
    }
  });
  document.addEventListener("kanwu-here", draw);
  document.addEventListener("kanwu-said", () => { if (shown === "text") drawText(true); });

  let wish = null;
  try { wish = localStorage.getItem("kanwu:side"); } catch { /* no shelf */ }
  const known = wish === "text" || (wish === "image" && desk.images.length);
  if (wish === "null") show(null);
  else if (known) show(wish);
  else if (wide.matches) show(desk.findings.some((f) => f.image) ? "image" : "text");
})();
