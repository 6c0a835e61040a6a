// Finds members by id, name or circle; all that are found stay, and Enter or the arrows go from one to the next. It is no form:
// a notebook forbids those.
const search = (function () {
  "use strict";
  const { data } = picture;
  const wanted = document.getElementById("wanted"), found = document.getElementById("found");
  const steps = Array.from(document.querySelectorAll("[data-hit]"));
  let asked = "", hits = [], at = 0;

  function ask(text, member) {
    const has = (cell) => cell.textContent.toLowerCase().includes(text.toLowerCase());
    const rows = text ? tables.rows('tr[id^="member-"]').filter((row) => [0, 1, 2].some((column) => has(row.cells[column]))) : [];
    asked = text;
    hits = rows.map((row) => Number(row.id.slice("member-".length)));
    at = Math.max(0, hits.indexOf(member));
    choice.choose(hits.length ? { kind: "member", id: hits[at] } : null, hits);
    say();
    if (hits.length) network.fit({ nodes: hits, maxZoomLevel: 1.6, animation: false });
    else if (!text) view.frameAll();
  }
  function step(by) {
    at = (at + by + hits.length) % hits.length;
    const next = { kind: "member", id: hits[at] };
    choice.choose(next, hits);
    if (!view.holds(choice.locate(next))) view.centre(choice.locate(next));
    say();
  }
  function say() {
    const key = hits.length === 1 ? "found_one" : hits.length ? "found_at" : "found";
    found.textContent = asked && data.words[key].replace("{count}", hits.length).replace("{at}", at + 1);
    for (const button of steps) button.hidden = hits.length < 2;
  }
  // something else was chosen: what was found is no longer asked for
  function forget() {
    asked = "";
    hits = [];
    say();
  }

  wanted.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    const text = wanted.value.trim();
    if (text && text === asked && hits.length > 1) step(event.shiftKey ? -1 : 1);
    else ask(text);
    view.show();
  });
  wanted.addEventListener("input", () => { if (asked && !wanted.value) ask(""); }); // the field was emptied
  for (const button of steps) button.addEventListener("click", () => step(Number(button.dataset.hit)));

  // --- the address
  function note(said) {
    if (asked && hits.length) said.set("find", asked);
  }
  function follow(text, member) {
    wanted.value = text;
    if (text) ask(text, member);
    else forget();
  }

  return { forget, note, follow };
})();
