// What the picture does beyond being looked at: notes, search, layers, other sizes, addresses.
// Every text reaches the page as textContent or on the canvas, never as markup. Figures are read from the tables.
;(function () {
  "use strict";
  const { data, frame, slim, places } = picture;
  const FAINT = data.faint;
  let near = null; // members in sight when one is chosen, or null for all

  // --- the library takes over: it is given members where they stand, and what it was given when the page was read
  picture.settle();
  nodes = new vis.DataSet(nodes.rows.map((node, id) => ({ ...node, x: places[id].x, y: places[id].y })));
  edges = new vis.DataSet(edges.rows);
  network = new vis.Network(frame, { nodes: nodes, edges: edges }, network.options);
  network.on("beforeDrawing", (pen) => picture.paintUnder(pen, network.getScale()));
  network.on("afterDrawing", (pen) => picture.paintOver(pen, { scale: network.getScale(), ...network.canvasToDOM({ x: 0, y: 0 }) }, near));

  // --- notes: the row of the table, as text
  function makeNote(row) {
    if (!row) return undefined;
    const note = document.createElement("div"), list = document.createElement("dl");
    const heads = row.closest("table").tHead.rows[0].cells;
    note.className = "note";
    note.appendChild(document.createElement("strong")).textContent = row.cells[0].textContent;
    for (let column = 1; column < row.cells.length; column += 1) {
      const text = row.cells[column].textContent;
      if (text === "" || text === "–") continue;
      list.appendChild(document.createElement("dt")).textContent = heads[column].textContent;
      list.appendChild(document.createElement("dd")).textContent = text;
    }
    note.appendChild(list);
    return note;
  }
  // made when first pointed at: a thousand at once would take longer than all drawing
  const noted = new Set();
  function give(set, kind, id) {
    if (noted.has(kind + id)) return;
    noted.add(kind + id);
    set.update({ id: id, title: makeNote(tables.row(kind + id)) });
  }
  network.on("hoverNode", (event) => give(nodes, "member-", event.node));
  network.on("hoverEdge", (event) => give(edges, "edge-", event.edge));

  // --- layers and amounts: an edge is seen if its kind is wanted and its amount is not below the least wanted
  const boxes = Array.from(document.querySelectorAll("[data-layer]")), least = document.getElementById("least");
  const days = [document.getElementById("first-day"), document.getElementById("last-day")];
  if (!edges.get({ filter: (edge) => edge.amount }).length) least.closest("p").hidden = true;
  if (!edges.get({ filter: (edge) => edge.since || edge.until }).length) days[0].closest("p").hidden = true;
  function sift() {
    const wanted = new Set(boxes.filter((box) => box.checked).map((box) => box.dataset.layer)), from = Number(least.value) || 0;
    const [first, last] = days.map((field) => field.value); // days as text sort like days
    const holds = (edge) => !(first && edge.until && edge.until < first) && !(last && edge.since && edge.since > last);
    edges.update(edges.get().map((edge) => ({ id: edge.id, hidden: !wanted.has(edge.kind) || (edge.amount !== undefined && edge.amount < from) || !holds(edge) })));
    note();
  }
  boxes.forEach((box) => box.addEventListener("change", sift));
  least.addEventListener("input", sift);
  days.forEach((field) => field.addEventListener("change", sift));

  // --- sizes by another measure
  const measure = document.getElementById("measure");
  measure.addEventListener("change", function () {
    const sizes = data.sizes[measure.value];
    if (!sizes) return;
    sizes.forEach((size, id) => { places[id].size = size; });
    nodes.update(sizes.map((size, id) => ({ id: id, size: size })));
  });

  // --- choosing a member: it and whom it touches stay, the rest fades, its row is marked
  let chosen;
  function choose(id) {
    near = null;
    chosen = id;
    if (id !== undefined) {
      near = new Set([id, ...network.getConnectedNodes(id)]);
      if (data.homes[id] >= 0) data.homes.forEach((home, other) => home === data.homes[id] && near.add(other));
    }
    tables.later(markRow);
    nodes.update(data.labels.map((_, other) => ({ id: other, opacity: !near || near.has(other) ? 1 : 0.18 })));
    edges.update(edges.get().map((edge) => {
      const plain = edge.faint ? FAINT : 1, touches = edge.from === id || edge.to === id;
      return { id: edge.id, color: { color: edge.color.color, opacity: !near ? plain : touches ? 1 : 0.1 } };
    }));
    note();
  }
  network.on("click", (event) => choose(event.nodes[0]));
  function markRow() {
    for (const row of document.querySelectorAll("tr.chosen")) row.classList.remove("chosen");
    const row = document.getElementById("member-" + chosen);
    if (!row) return;
    row.classList.add("chosen");
    const frame = row.closest(".scroll"); // the table moves to the row, the page stays
    if (frame) frame.scrollTop = row.offsetTop - frame.clientHeight / 2;
  }

  // a row of the table chooses its member and brings it into the middle of the picture
  function find(id) {
    choose(id);
    network.moveTo({ position: { x: places[id].x, y: places[id].y }, animation: false });
  }
  function findRow(event) {
    const row = event.target.closest('tr[id^="member-"]');
    if (row) find(Number(row.id.slice("member-".length)));
  }
  tables.place.addEventListener("click", findRow);
  tables.place.addEventListener("keydown", (event) => { if (event.key === "Enter") findRow(event); });

  // --- the address says what is chosen, and can be passed on: #member=ID&layers=guarantee,failure&least=5000&from=2007-01-01&to=2007-06-30
  let quiet = true;
  function nameOf(id) {
    return data.labels[id].endsWith("…") ? tables.row("member-" + id).cells[0].textContent : data.labels[id];
  }
  function note() {
    if (quiet) return;
    const said = new URLSearchParams();
    if (chosen !== undefined) said.set("member", nameOf(chosen));
    if (boxes.some((box) => box.checked !== box.defaultChecked)) said.set("layers", boxes.filter((box) => box.checked).map((box) => box.dataset.layer).join(","));
    if (Number(least.value)) said.set("least", least.value);
    days.forEach((field, at) => field.value && said.set(["from", "to"][at], field.value));
    try {
      history.replaceState(null, "", said.toString() ? "#" + said : "#");
    } catch { /* inside a notebook there is no address */ }
  }
  function follow() {
    const said = new URLSearchParams(location.hash.slice(1));
    const layers = said.get("layers"), from = Number(said.get("least"));
    quiet = true;
    if (layers !== null) boxes.forEach((box) => { box.checked = layers.split(",").includes(box.dataset.layer); });
    if (from > 0 && Number.isFinite(from)) least.value = String(from);
    days.forEach(function (field, at) { field.value = said.get(["from", "to"][at]) || ""; }); // a field takes days only
    if (layers !== null || from > 0 || days.some((field) => field.value)) sift();
    const id = said.has("member") ? data.labels.findIndex((_, at) => nameOf(at) === said.get("member")) : -1;
    if (id >= 0) find(id);
    quiet = false;
  }
  window.addEventListener("hashchange", follow);

  // --- search
  const found = document.getElementById("found");
  document.getElementById("search").addEventListener("submit", function (event) {
    event.preventDefault();
    const wanted = document.getElementById("wanted").value.trim().toLowerCase();
    const has = (text) => text.toLowerCase().includes(wanted);
    const rows = tables.rows('tr[id^="member-"]');
    const hits = wanted ? rows.filter((row) => has(row.cells[0].textContent) || has(row.cells[1].textContent) || has(row.cells[2].textContent)) : [];
    found.textContent = wanted ? (hits.length === 1 ? data.words.found_one : data.words.found.replace("{count}", hits.length)) : "";
    if (!hits.length) return wanted ? choose(undefined) : show(undefined);
    const ids = hits.map((row) => Number(row.id.slice("member-".length)));
    choose(ids[0]);
    network.fit({ nodes: ids, maxZoomLevel: 1.6, animation: false });
  });

  // --- size and place
  let settled = slim.matches;
  function settle() {
    if (slim.matches !== settled) {
      settled = slim.matches;
      picture.settle();
      nodes.update(places.map((at, id) => ({ id: id, x: at.x, y: at.y })));
    }
    frameAll();
  }

  function frameAll() {
    const seen = picture.fit();
    if (!seen) return;
    const drawn = frame.querySelector("canvas"), ratio = window.devicePixelRatio || 1;
    const fits = drawn.width === Math.round(frame.clientWidth * ratio) && drawn.height === Math.round(frame.clientHeight * ratio);
    if (!fits) network.setSize("100%", "100%"); // take the new size now: later it would change the scale again
    network.moveTo({ position: seen.middle, scale: seen.scale, animation: false });
  }

  function show() {
    choose(undefined);
    frameAll();
  }
  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", function () {
      const factor = Number(button.dataset.zoom);
      if (factor) network.moveTo({ scale: Math.min(8, Math.max(0.05, network.getScale() * factor)), animation: false });
      else show();
    });
  }
  // the picture takes the keyboard when it is pointed at; the page must not jump because of it
  const canvas = frame.querySelector(".vis-network");
  canvas.focus = () => HTMLElement.prototype.focus.call(canvas, { preventScroll: true });
  // the wheel scrolls the page unless Ctrl (or ⌘) is held, so that the tables stay within reach
  frame.addEventListener("wheel", (event) => { if (!event.ctrlKey && !event.metaKey) event.stopPropagation(); }, true);
  // a finger that moves up or down on a phone scrolls the page: the picture goes back to where it was
  let held = null;
  network.on("dragStart", () => { held = network.getViewPosition(); });
  window.addEventListener("pointercancel", () => { if (held) network.moveTo({ position: held, animation: false }); });
  slim.addEventListener("change", settle);
  window.addEventListener("resize", frameAll);
  window.addEventListener("beforeprint", frameAll);
  settle();
  follow();
  requestAnimationFrame(() => network.redraw()); // lines end at their arrows from the library's second time on
  tables.later(() => { document.body.dataset.ready = "yes"; });
})();
