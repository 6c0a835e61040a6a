// What the picture does beyond being looked at begins: notes, then everything that the address chooses.
// Every text reaches the page as textContent or on the canvas, never as markup. Figures are read from the tables.
(function () {
  "use strict";
  network.on("beforeDrawing", (pen) => picture.paintUnder(pen, network.getScale()));
  network.on("afterDrawing", function (pen) {
    const scale = network.getScale();
    choice.paint(pen, scale);
    picture.paintOver(pen, { scale: scale, ...network.canvasToDOM({ x: 0, y: 0 }) }, choice.near(), choice.listNamed());
  });

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

  view.settle();
  address.begin();
  requestAnimationFrame(() => network.redraw()); // lines end at their arrows from the library's second time on
  tables.later(() => { document.body.dataset.ready = "yes"; });
})();
