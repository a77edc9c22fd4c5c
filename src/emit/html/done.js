// What was changed without asking can be taken back: row by row, with a key or the mouse.
(() => {
  if (!window.kanwuDesk) return;
  const { say, el, isOn, doneAt, commit, undo, progress } = window.kanwuDesk;
  const ROWS = "#applied .rows > li[id]";
  const rowOf = (node) => (node.closest ? node.closest(ROWS) : null);
  const link = (row) => row.querySelector("a");

  const restore = (row) => {
    const f = doneAt(row);
    if (f.said !== null) return;
    commit([{ f, verdict: "reject", text: "", scope: "once" }]);
    progress(say.restored);
    link(row).focus({ preventScroll: true });
  };
  const takeBack = (row) => {
    undo(doneAt(row));
    link(row).focus({ preventScroll: true });
  };

  // The button stands in the row that is pointed at or reached with the keyboard.
  const button = el("button", { type: "button", class: "link", "aria-keyshortcuts": "r", tabindex: "-1", onclick: () => restore(rowOf(button)) }, say.restore, " ", el("kbd", {}, "r"));
  const show = (e) => {
    const row = isOn() && e.target.closest ? rowOf(e.target) : null;
    if (!row || row.contains(button)) return;
    row.classList.contains("said") ? button.remove() : row.append(button);
  };
  document.addEventListener("mouseover", show);
  document.addEventListener("focusin", show);
  document.addEventListener("kanwu-said", (e) => {
    if (e.detail.some((f) => f.done && f.said !== null)) button.remove();
  });

  // ── keys ──
  const next = () => {
    const lists = [...document.querySelectorAll("#applied details")];
    const now = document.activeElement.closest("#applied details");
    const list = lists[(lists.indexOf(now) + 1) % lists.length];
    if (!list) return;
    list.open = true;
    link(list.querySelector(".rows > li[id]")).focus();
  };
  // Before the keys of the cards, which mean something else.
  document.addEventListener("keydown", (e) => {
    if (!isOn() || e.ctrlKey || e.metaKey || e.altKey || e.target.matches("input, textarea, select")) return;
    const row = rowOf(e.target);
    const move = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[e.key];
    if (e.key === "c") next();
    else if (!row) return;
    else if (e.key === "r") restore(row);
    else if (e.key === "u") takeBack(row);
    else if (move) {
      const rows = [...row.closest("details").querySelectorAll(".rows > li[id]")];
      const to = rows[rows.indexOf(row) + move];
      if (to) link(to).focus();
    } else return;
    e.preventDefault();
    e.stopImmediatePropagation();
  }, true);
})();
