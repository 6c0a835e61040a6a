"use strict";
// What the picture does beyond drawing members and edges: hulls, labels that never overlap, notes, search, layers.
// Every text reaches the page as textContent or on the canvas, never as markup. Figures are read from the tables.
(function () {
  const data = JSON.parse(document.getElementById("map-data").textContent);
  const frame = document.getElementById("mynetwork");
  const FAINT = data.faint;
  const FONT = 'system-ui, "Segoe UI", "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';
  const places = data.labels.map(function (_, id) {
    const node = nodes.get(id);
    return { x: node.x, y: node.y, size: node.size, wide: [node.x, node.y], narrow: data.narrow[id] };
  });
  for (const hull of data.hulls) hull.wide = [hull.x, hull.y];
  const slim = window.matchMedia("(max-width: 620px)");
  const byWeight = data.labels.map((_, id) => id).sort((a, b) => data.weights[b] - data.weights[a] || a - b);
  let near = null; // members in sight when one is chosen, or null for all

  // --- hulls and spokes, under everything else
  network.on("beforeDrawing", function (pen) {
    const pixel = 1 / network.getScale();
    for (const hull of data.hulls) {
      pen.beginPath();
      pen.arc(hull.x, hull.y, hull.r, 0, 2 * Math.PI);
      pen.fillStyle = hull.lost ? "#f8ece5" : "#eff2f1";
      pen.fill();
      pen.lineWidth = (hull.lost ? 1.6 : 1) * pixel;
      pen.strokeStyle = hull.lost ? "#b06a48" : "#c3cbc9";
      pen.stroke();
    }
    pen.setLineDash([1.5 * pixel, 3.5 * pixel]);
    pen.strokeStyle = "#5c6670";
    pen.lineWidth = 1.3 * pixel;
    for (const [member, at] of data.spokes) {
      const from = places[member], hull = data.hulls[at];
      const way = Math.hypot(from.x - hull.x, from.y - hull.y) || 1;
      pen.beginPath();
      pen.moveTo(from.x, from.y);
      pen.lineTo(hull.x + ((from.x - hull.x) * hull.r) / way, hull.y + ((from.y - hull.y) * hull.r) / way);
      pen.stroke();
    }
    pen.setLineDash([]);
  });

  // --- labels, in screen pixels: the important ones first, none over another or over a member
  network.on("afterDrawing", function (pen) {
    const scale = network.getScale();
    const taken = [];
    pen.save();
    pen.setTransform(window.devicePixelRatio || 1, 0, 0, window.devicePixelRatio || 1, 0, 0);
    for (const id of byWeight) {
      const at = network.canvasToDOM(places[id]), reach = places[id].size * scale;
      taken.push({ left: at.x - reach, right: at.x + reach, top: at.y - reach, bottom: at.y + reach });
    }
    const titles = data.hulls.map((hull) => placeTitle(pen, hull, taken)); // every circle is named before any has a note
    data.hulls.forEach((hull, at) => writeHull(pen, hull, { title: titles[at], scale: scale, taken: taken }));
    writeMembers(pen, scale, taken);
    pen.restore();
  });

  function placeTitle(pen, hull, taken) {
    const top = network.canvasToDOM({ x: hull.x, y: hull.y - hull.r });
    const title = place(pen, hull.label, { x: top.x, y: top.y - 8 }, { font: "600 12px " + FONT, colour: hull.lost ? "#7a2b00" : "#26323d" }, taken);
    if (title) taken.push(title);
    return title;
  }

  function writeHull(pen, hull, { title, scale, taken }) {
    const top = network.canvasToDOM({ x: hull.x, y: hull.y - hull.r });
    const foot = network.canvasToDOM({ x: hull.x, y: hull.y + hull.r });
    const widest = hull.lost ? Infinity : 2.6 * hull.r * scale, others = taken.filter((box) => box !== title);
    const small = { font: "11px " + FONT, colour: hull.lost ? "#7a2b00" : "#4a5560" };
    const lifted = title && { ...title, y: top.y - 22, top: title.top - 14, bottom: title.bottom - 14 };
    const note = hull.note && place(pen, hull.note, { x: top.x, y: top.y - 8 }, small, others);
    if (lifted && note && note.right - note.left <= widest && isFree(lifted, others)) return [lifted, note].forEach((label) => write(pen, label, taken));
    if (title) write(pen, title, taken);
    const under = hull.lost && place(pen, hull.note, { x: foot.x, y: foot.y + 9 }, small, taken); // a loss is said where it can be
    if (under) write(pen, under, taken);
  }

  // the members of a circle are named together or not at all; whoever a cascade touched is named where there is room
  function writeMembers(pen, scale, taken) {
    const groups = new Map();
    for (const id of byWeight) {
      if (near && !near.has(id)) continue;
      const group = data.homes[id] < 0 ? "alone " + id : data.homes[id];
      groups.set(group, [...(groups.get(group) || []), id]);
    }
    for (const ids of groups.values()) {
      const room = [...taken], labels = ids.map((id) => seek(pen, id, scale, room));
      const whole = labels.every((label) => label);
      labels.forEach((label, at) => label && (whole || data.weights[ids[at]] >= 1) && write(pen, label, taken));
    }
  }

  function seek(pen, id, scale, taken) {
    const at = network.canvasToDOM(places[id]), hull = data.hulls[data.homes[id]];
    const below = hull === undefined || places[id].y >= hull.y - 1;
    const step = places[id].size * scale + 9;
    const line = { font: "11px " + FONT, colour: "#15202b" };
    for (const side of below ? [1, -1] : [-1, 1]) {
      const label = place(pen, data.labels[id], { x: at.x, y: at.y + side * step }, line, taken);
      if (label) {
        taken.push(label);
        return label;
      }
    }
    return null;
  }

  function place(pen, text, at, line, taken) {
    pen.font = line.font;
    const half = pen.measureText(text).width / 2;
    const label = { text: text, line: line, x: at.x, y: at.y, left: at.x - half - 3, right: at.x + half + 3, top: at.y - 7, bottom: at.y + 7 };
    return isFree(label, taken) ? label : null;
  }

  function isFree(box, taken) {
    return !taken.some((other) => box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom);
  }

  function write(pen, label, taken) {
    taken.push(label);
    pen.font = label.line.font;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    pen.lineWidth = 3;
    pen.strokeStyle = "rgba(251, 251, 249, 0.85)";
    pen.strokeText(label.text, label.x, label.y);
    pen.fillStyle = label.line.colour;
    pen.fillText(label.text, label.x, label.y);
  }

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
    set.update({ id: id, title: makeNote(document.getElementById(kind + id)) });
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
    for (const row of document.querySelectorAll("tr.chosen")) row.classList.remove("chosen");
    near = null;
    chosen = id;
    if (id !== undefined) {
      near = new Set([id, ...network.getConnectedNodes(id)]);
      if (data.homes[id] >= 0) data.homes.forEach((home, other) => home === data.homes[id] && near.add(other));
      const row = document.getElementById("member-" + id);
      if (row) {
        row.classList.add("chosen");
        const frame = row.closest(".scroll"); // the table moves to the row, the page stays
        if (frame) frame.scrollTop = row.offsetTop - frame.clientHeight / 2;
      }
    }
    nodes.update(data.labels.map((_, other) => ({ id: other, opacity: !near || near.has(other) ? 1 : 0.18 })));
    edges.update(edges.get().map((edge) => {
      const plain = edge.faint ? FAINT : 1, touches = edge.from === id || edge.to === id;
      return { id: edge.id, color: { color: edge.color.color, opacity: !near ? plain : touches ? 1 : 0.1 } };
    }));
    note();
  }
  network.on("click", (event) => choose(event.nodes[0]));

  // a row of the table chooses its member and brings it into the middle of the picture
  function find(id) {
    choose(id);
    network.moveTo({ position: { x: places[id].x, y: places[id].y }, animation: false });
  }
  data.labels.forEach(function (_, id) {
    const row = document.getElementById("member-" + id), name = row && row.cells[0];
    if (!name) return;
    name.tabIndex = 0;
    name.title = data.words.show_row;
    row.addEventListener("click", () => find(id));
    name.addEventListener("keydown", (event) => { if (event.key === "Enter") find(id); });
  });

  // --- the address says what is chosen, and can be passed on: #member=ID&layers=guarantee,failure&least=5000&from=2007-01-01&to=2007-06-30
  let quiet = true;
  function nameOf(id) {
    return document.getElementById("member-" + id).cells[0].textContent;
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
    const rows = Array.from(document.querySelectorAll('tr[id^="member-"]'));
    const hits = wanted ? rows.filter((row) => has(row.cells[0].textContent) || has(row.cells[1].textContent) || has(row.cells[2].textContent)) : [];
    found.textContent = wanted ? (hits.length === 1 ? data.words.found_one : data.words.found.replace("{count}", hits.length)) : "";
    if (!hits.length) return wanted ? choose(undefined) : show(undefined);
    const ids = hits.map((row) => Number(row.id.slice("member-".length)));
    choose(ids[0]);
    network.fit({ nodes: ids, maxZoomLevel: 1.6, animation: false });
  });

  // --- size and place: a phone has places of its own, in fewer columns, and a picture as high as they need
  function settle() {
    const kind = slim.matches ? "narrow" : "wide";
    for (const thing of [...places, ...data.hulls]) [thing.x, thing.y] = thing[kind];
    nodes.update(places.map((at, id) => ({ id: id, x: at.x, y: at.y })));
    frameAll();
  }

  function frameAll() {
    const boxes = [
      ...data.hulls.map((hull) => ({ left: hull.x - hull.r, right: hull.x + hull.r, top: hull.y - hull.r, bottom: hull.y + hull.r })),
      ...places.map((at) => ({ left: at.x - at.size, right: at.x + at.size, top: at.y - at.size, bottom: at.y + at.size })),
    ];
    if (!boxes.length) return;
    const left = Math.min(...boxes.map((box) => box.left)), right = Math.max(...boxes.map((box) => box.right));
    const top = Math.min(...boxes.map((box) => box.top)), bottom = Math.max(...boxes.map((box) => box.bottom));
    const side = slim.matches ? 26 : 44, above = 42, below = 26; // pixels that labels may need around everything
    const across = Math.min((frame.clientWidth - 2 * side) / (right - left), 1);
    frame.style.setProperty("--wanted", Math.round(across * (bottom - top) + above + below) + "px");
    network.setSize("100%", "100%"); // take the new height now: later it would change the scale again
    const scale = Math.min((frame.clientWidth - 2 * side) / (right - left), (frame.clientHeight - above - below) / (bottom - top), 1.5);
    const middle = { x: (left + right) / 2, y: (top + bottom) / 2 - (above - below) / 2 / scale };
    network.moveTo({ position: middle, scale: scale, animation: false });
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
})();
