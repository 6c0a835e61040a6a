;const labels = (function () {
  "use strict";
  // Labels that never overlap, in screen pixels: the important ones first, none over another or over a member.
  const FONT = 'system-ui, "Segoe UI", "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';
  const SMALL = "11px " + FONT, BOLD = "600 12px " + FONT, CELL = 40;
  const FEW = 40; // members that were searched for and are all named
  const widths = new Map();

  // what is taken, by squares of the screen, so that a label is held against its neighbours only
  class Room {
    constructor() { this.cells = new Map(); }
    squares(box) {
      const found = [];
      for (let across = Math.floor(box.left / CELL); across * CELL < box.right; across += 1) {
        for (let down = Math.floor(box.top / CELL); down * CELL < box.bottom; down += 1) found.push(across * 65536 + down);
      }
      return found;
    }
    take(box) {
      for (const square of this.squares(box)) {
        if (!this.cells.has(square)) this.cells.set(square, []);
        this.cells.get(square).push(box);
      }
    }
    leave(box) {
      for (const square of this.squares(box)) this.cells.set(square, this.cells.get(square).filter((other) => other !== box));
    }
    isFree(box, except) {
      const hits = (other) => other !== except && box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom;
      return !this.squares(box).some((square) => (this.cells.get(square) || []).some(hits));
    }
  }

  // view: { scale, x, y }, where the origin is and how large one is; only: members to be named, or null for all;
  // first: members that are named before circles, a few of them even where there is no room
  function paint(pen, view, { data, places, byWeight, only, first }) {
    const room = new Room(), ratio = window.devicePixelRatio || 1;
    const spot = (at) => ({ x: at.x * view.scale + view.x, y: at.y * view.scale + view.y });
    const world = { pen, view, data, places, room, spot };
    pen.save();
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    for (const id of byWeight) {
      const at = spot(places[id]), reach = places[id].size * view.scale;
      room.take({ left: at.x - reach, right: at.x + reach, top: at.y - reach, bottom: at.y + reach });
    }
    for (const id of first) insist(world, id, first.length <= FEW);
    const titles = data.hulls.map((hull) => placeTitle(world, hull)); // every circle is named before any has a note
    data.hulls.forEach((hull, at) => writeHull(world, hull, titles[at]));
    for (const ids of group(byWeight, data.homes, only, new Set(first))) writeGroup(world, ids);
    pen.restore();
  }

  function placeTitle({ pen, room, spot }, hull) {
    const top = spot({ x: hull.x, y: hull.y - hull.r });
    const title = place(pen, hull.label, { x: top.x, y: top.y - 8 }, { font: BOLD, colour: hull.lost ? "#7a2b00" : "#26323d" });
    if (!room.isFree(title)) return null;
    room.take(title);
    return title;
  }

  function writeHull({ pen, view, room, spot }, hull, title) {
    const top = spot({ x: hull.x, y: hull.y - hull.r }), foot = spot({ x: hull.x, y: hull.y + hull.r });
    const widest = hull.lost ? Infinity : 2.6 * hull.r * view.scale;
    const small = { font: SMALL, colour: hull.lost ? "#7a2b00" : "#4a5560" };
    const lifted = title && { ...title, y: top.y - 22, top: title.top - 14, bottom: title.bottom - 14 };
    const note = lifted && hull.note && place(pen, hull.note, { x: top.x, y: top.y - 8 }, small);
    if (note && note.right - note.left <= widest && room.isFree(note, title) && room.isFree(lifted, title)) {
      for (const label of [lifted, note]) take(pen, label, room);
      return;
    }
    if (title) write(pen, title);
    const under = hull.lost && place(pen, hull.note, { x: foot.x, y: foot.y + 9 }, small); // a loss is said where it can be
    if (under && room.isFree(under)) take(pen, under, room);
  }

  // the members of a circle are named together or not at all; whoever a cascade touched is named where there is room
  function group(byWeight, homes, only, named) {
    const groups = new Map();
    for (const id of byWeight) {
      if ((only && !only.has(id)) || named.has(id)) continue;
      const home = homes[id] < 0 ? "alone " + id : homes[id];
      if (!groups.has(home)) groups.set(home, []);
      groups.get(home).push(id);
    }
    return groups.values();
  }

  function writeGroup(world, ids) {
    const found = ids.map((id) => seek(world, id, SMALL)), whole = found.every((label) => label);
    found.forEach(function (label, at) {
      if (!label) return;
      if (whole || world.data.weights[ids[at]] >= 1) write(world.pen, label);
      else world.room.leave(label);
    });
  }

  function insist(world, id, whatever) {
    const label = seek(world, id, BOLD) || (whatever && stand(world, id, 1, BOLD));
    if (label) write(world.pen, label);
  }

  function seek(world, id, font) {
    const hull = world.data.hulls[world.data.homes[id]];
    const below = hull === undefined || world.places[id].y >= hull.y - 1;
    for (const side of below ? [1, -1] : [-1, 1]) {
      const label = stand(world, id, side, font);
      if (!world.room.isFree(label)) continue;
      world.room.take(label);
      return label;
    }
    return null;
  }

  // side: 1 under the member, -1 over it
  function stand({ pen, view, data, places, spot }, id, side, font) {
    const at = spot(places[id]), step = places[id].size * view.scale + (font === BOLD ? 14 : 9); // a ring may be between
    return place(pen, data.labels[id], { x: at.x, y: at.y + side * step }, { font: font, colour: "#15202b" });
  }

  function place(pen, text, at, line) {
    const half = measure(pen, text, line.font) / 2;
    return { text: text, line: line, x: at.x, y: at.y, left: at.x - half - 3, right: at.x + half + 3, top: at.y - 7, bottom: at.y + 7 };
  }

  function measure(pen, text, font) {
    const key = font + text;
    if (!widths.has(key)) {
      pen.font = font;
      widths.set(key, pen.measureText(text).width);
    }
    return widths.get(key);
  }

  function take(pen, label, room) {
    room.take(label);
    write(pen, label);
  }

  function write(pen, label) {
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

  return { paint: paint };
})();
