// What the page knows, and how it shows texts: all of it is put in as text, never as markup.
(() => {
  const block = document.getElementById("desk");
  if (!block) return;
  const desk = JSON.parse(block.textContent);
  const say = desk.say;
  const fill = (line, values) => line.replace(/\{(\w+)\}/g, (all, key) => (key in values ? String(values[key]) : all));

  const el = (tag, props, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(props || {})) {
      if (name === "class") made.className = value;
      else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children.filter((c) => c !== null && c !== undefined));
    return made;
  };
  const seen = (text) => (text === "" ? say.delete : text.replace(/\r?\n|\r/g, "⏎").replace(/ /g, "␣"));
  const clip = (text, most) => ([...text].length > most ? [...text].slice(0, most - 1).join("") + "…" : text);

  const flat = (text) => text.replace(/[\r\n]+/g, " ⏎ ");
  // What goes and what comes, without what both have at their ends.
  const changed = (old, fresh) => {
    const mark = (tag, text) => (text ? [el(tag, {}, clip(seen(text), 24))] : []);
    const inner = old ? fresh.indexOf(old) : -1;
    if (inner >= 0) return [...mark("ins", fresh.slice(0, inner)), clip(seen(old), 24), ...mark("ins", fresh.slice(inner + old.length))];
    const [a, b] = [[...old], [...fresh]];
    let head = 0;
    while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
    let tail = 0;
    while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
    const part = (list, from, to) => list.slice(from, to).join("");
    return [flat(part(a, 0, head)), ...mark("del", part(a, head, a.length - tail)), ...mark("ins", part(b, head, b.length - tail)), flat(part(a, a.length - tail))];
  };
  window.kanwuText = { desk, fill, el, seen, clip, flat, changed };
})();
