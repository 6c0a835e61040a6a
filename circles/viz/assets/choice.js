// What is chosen: a member, a circle, an edge, or one of the members that a search found. It and whom it touches stay,
// the rest fades, its row is marked.
const choice = (function () {
  "use strict";
  const { data, places } = picture;
  const FADED = 0.18, FADED_EDGE = 0.1, INK = "#111827";
  let thing = null; // { kind: "member", "circle" or "edge", id }, or null
  let hits = []; // members that a search found; all of them stay
  let near = null; // members that stay, or null for all
  let core = new Set(); // members whose edges stay

  function choose(next, found) {
    if (!next && !thing && !hits.length && !found) return;
    thing = next;
    hits = found || [];
    core = new Set(!thing || thing.kind === "edge" ? [] : thing.kind === "member" ? [thing.id] : listMembers(thing.id));
    near = thing && new Set([...core, ...hits, ...listTouched()]);
    nodes.update(data.labels.map((_, id) => ({ id: id, opacity: !near || near.has(id) ? 1 : FADED })));
    showEdges();
    tables.later(mark);
    address.note();
  }
  function listMembers(circle) {
    const here = data.homes.flatMap((home, id) => (home === circle ? [id] : []));
    return [...here, ...data.spokes.filter(([, at]) => at === circle).map(([id]) => id)];
  }
  function listTouched() {
    if (thing.kind === "edge") return ["from", "to"].map((end) => edges.get(thing.id)[end]);
    const others = [...core].flatMap((id) => network.getConnectedNodes(id));
    const home = thing.kind === "member" ? data.homes[thing.id] : -1;
    return home < 0 ? others : [...others, ...listMembers(home)];
  }

  // an edge that was chosen is seen whatever is sifted out
  function showEdges() {
    edges.update(edges.get().map(function (edge) {
      const chosen = is("edge", edge.id), stays = chosen || core.has(edge.from) || core.has(edge.to);
      const plain = edge.faint && !chosen ? data.faint : 1;
      return { id: edge.id, hidden: !chosen && sifting.hides(edge), color: { color: edge.color.color, opacity: !near ? plain : stays ? 1 : FADED_EDGE } };
    }));
  }
  function is(kind, id) {
    return thing !== null && thing.kind === kind && thing.id === id;
  }

  // --- in the picture: rings around what is chosen and what was found, and who is named first
  function paint(pen, scale) {
    for (const id of hits) ring(pen, places[id], places[id].size + 4 / scale, 1 / scale);
    if (!thing || thing.kind === "edge") return;
    if (thing.kind === "member") ring(pen, places[thing.id], places[thing.id].size + 5 / scale, 2.5 / scale);
    else ring(pen, data.hulls[thing.id], data.hulls[thing.id].r, 2.5 / scale);
  }
  function ring(pen, at, radius, width) {
    pen.beginPath();
    pen.arc(at.x, at.y, radius, 0, 2 * Math.PI);
    pen.lineWidth = width;
    pen.strokeStyle = INK;
    pen.stroke();
  }
  function listNamed() {
    if (!thing) return [];
    return thing.kind === "member" ? [thing.id, ...hits.filter((id) => id !== thing.id)] : thing.kind === "edge" ? listTouched() : [];
  }
  network.on("click", function (event) {
    const edge = event.edges.find((id) => !edges.get(id).hidden), spot = event.pointer.canvas;
    const circle = data.hulls.findIndex((hull) => Math.hypot(spot.x - hull.x, spot.y - hull.y) <= hull.r);
    search.forget();
    if (event.nodes.length) choose({ kind: "member", id: event.nodes[0] });
    else if (edge !== undefined) choose({ kind: "edge", id: edge });
    else choose(circle < 0 ? null : { kind: "circle", id: circle });
  });

  // --- in the tables: the row of what is chosen, and of what was found; a row chooses what it is about
  function mark() {
    for (const row of tables.place.querySelectorAll("tr.chosen, tr.found")) {
      row.classList.remove("chosen", "found");
      row.removeAttribute("aria-current");
    }
    for (const id of hits) document.getElementById("member-" + id).classList.add("found");
    const row = thing && document.getElementById(thing.kind + "-" + thing.id);
    if (!row) return;
    row.classList.add("chosen");
    row.setAttribute("aria-current", "true");
    const fold = row.closest("details"), frame = row.closest(".scroll");
    if (fold) fold.open = true;
    const box = frame.getBoundingClientRect(), line = row.getBoundingClientRect(); // the table moves to the row, the page stays
    if (line.top < box.top + frame.querySelector("thead").offsetHeight || line.bottom > box.bottom) frame.scrollTop = row.offsetTop - frame.clientHeight / 2;
  }
  function findRow(event) {
    const row = event.target.closest("tr[id]");
    if (!row) return;
    const [kind, id] = row.id.split("-");
    search.forget();
    find({ kind: kind, id: Number(id) });
    view.show();
  }
  tables.place.addEventListener("click", findRow);
  tables.place.addEventListener("keydown", (event) => { if (event.key === "Enter") findRow(event); });

  // what is found is brought into the middle of the picture
  function find(next, found) {
    choose(next, found);
    view.centre(locate(next));
  }
  function locate({ kind, id }) {
    if (kind === "circle") return data.hulls[id];
    if (kind === "member") return places[id];
    const [from, to] = listTouched().map((end) => places[end]);
    return { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  }

  return { choose, find, locate, showEdges, paint, listNamed, near: () => near, thing: () => thing };
})();
