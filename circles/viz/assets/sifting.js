// Which edges are seen: those of the kinds, the amounts and the days that are wanted.
const sifting = (function () {
  "use strict";
  const boxes = Array.from(document.querySelectorAll("[data-layer]")), least = document.getElementById("least");
  const days = [document.getElementById("first-day"), document.getElementById("last-day")];
  if (!edges.get({ filter: (edge) => edge.amount }).length) least.closest("p").hidden = true;
  if (!edges.get({ filter: (edge) => edge.since || edge.until }).length) days[0].closest("p").hidden = true;
  let wanted = read(true);

  // what the fields say; at first what the page was written with
  function read(first) {
    const kinds = boxes.filter((box) => (first ? box.defaultChecked : box.checked)).map((box) => box.dataset.layer);
    const [from, to] = first ? ["", ""] : days.map((field) => field.value); // days as text sort like days
    return { kinds: kinds, least: first ? 0 : Number(least.value) || 0, from: from, to: to, crossed: Boolean(from && to && from > to) };
  }
  function hides(edge) {
    const { kinds, from, to, crossed } = wanted;
    if (!kinds.includes(edge.kind) || (edge.amount !== undefined && edge.amount < wanted.least)) return true;
    return !crossed && Boolean((from && edge.until && edge.until < from) || (to && edge.since && edge.since > to));
  }
  function sift() {
    const next = read(false);
    if (JSON.stringify(next) === JSON.stringify(wanted)) return;
    wanted = next;
    choice.showEdges();
  }
  for (const field of [...boxes, least, ...days]) field.addEventListener(field === least ? "input" : "change", () => { sift(); address.note(); });

  // --- the address
  function note(said) {
    if (boxes.some((box) => box.checked !== box.defaultChecked)) said.set("layers", wanted.kinds.join(","));
    if (wanted.least) said.set("least", least.value);
    if (wanted.from) said.set("from", wanted.from);
    if (wanted.to) said.set("to", wanted.to);
  }
  function follow(said, miss) {
    const kinds = said.has("layers") ? said.get("layers").split(",").filter((kind) => kind) : null;
    const known = kinds && kinds.filter((kind) => boxes.some((box) => box.dataset.layer === kind));
    for (const kind of kinds || []) if (!known.includes(kind)) miss("layers", kind);
    const chosen = kinds && (known.length || !kinds.length); // where none is known, all stay as they are
    for (const box of boxes) box.checked = chosen ? known.includes(box.dataset.layer) : box.defaultChecked;
    const amount = said.has("least") && said.get("least").trim() !== "" ? Number(said.get("least")) : 0, sound = Number.isFinite(amount) && amount >= 0;
    if (!sound) miss("least", said.get("least"));
    least.value = String(sound ? amount : 0);
    days.forEach(function (field, at) {
      const day = said.get(["from", "to"][at]) || "";
      if (day && !isDay(day)) miss("day", day);
      field.value = isDay(day) ? day : "";
    });
    sift();
  }
  function isDay(text) {
    const day = new Date(text + "T00:00:00Z");
    return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
  }

  return { hides, sift, note, follow, isCrossed: () => wanted.crossed };
})();
