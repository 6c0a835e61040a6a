;const picture = (function () {
  "use strict";
  // The first picture, painted before the drawing library is read, and what is under and over the library's own after
  // that. Members and edges look as the library paints them, so that nothing moves when it takes over.
  const data = JSON.parse(document.getElementById("map-data").textContent);
  const frame = document.getElementById("mynetwork");
  const slim = window.matchMedia("(max-width: 620px)");
  const places = nodes.rows.map((node, id) => ({ x: node.x, y: node.y, size: node.size, wide: [node.x, node.y], narrow: data.narrow[id] }));
  const arrowScale = network.options.edges.arrows.to.scaleFactor;
  for (const hull of data.hulls) hull.wide = [hull.x, hull.y];
  const byWeight = data.labels.map((_, id) => id).sort((a, b) => data.weights[b] - data.weights[a] || a - b);

  // a phone has places of its own, in fewer columns, and a picture as high as they need
  function settle() {
    const kind = slim.matches ? "narrow" : "wide";
    for (const thing of [...places, ...data.hulls]) [thing.x, thing.y] = thing[kind];
  }

  // the scale and the middle at which everything is seen; null if there is nothing, or no room
  function fit() {
    const boxes = [...data.hulls.map((hull) => ({ x: hull.x, y: hull.y, r: hull.r })), ...places.map((at) => ({ x: at.x, y: at.y, r: at.size }))];
    if (!boxes.length) return null;
    const left = Math.min(...boxes.map((box) => box.x - box.r)), right = Math.max(...boxes.map((box) => box.x + box.r));
    const top = Math.min(...boxes.map((box) => box.y - box.r)), bottom = Math.max(...boxes.map((box) => box.y + box.r));
    const side = slim.matches ? 26 : 44, above = 42, below = 26; // pixels that labels may need around everything
    const across = Math.min((frame.clientWidth - 2 * side) / (right - left), 1);
    frame.style.setProperty("--wanted", Math.round(across * (bottom - top) + above + below) + "px");
    const scale = Math.min((frame.clientWidth - 2 * side) / (right - left), (frame.clientHeight - above - below) / (bottom - top), 1.5);
    if (!(scale > 0)) return null;
    return { scale: scale, middle: { x: (left + right) / 2, y: (top + bottom) / 2 - (above - below) / 2 / scale } };
  }

  function paint() {
    settle();
    const seen = fit(), ratio = window.devicePixelRatio || 1, canvas = document.createElement("canvas");
    if (!seen) return;
    const view = { scale: seen.scale, x: frame.clientWidth / 2 - seen.scale * seen.middle.x, y: frame.clientHeight / 2 - seen.scale * seen.middle.y };
    canvas.width = Math.round(frame.clientWidth * ratio);
    canvas.height = Math.round(frame.clientHeight * ratio);
    const pen = canvas.getContext("2d"), lines = edges.rows.filter((edge) => !edge.hidden).map((edge) => trace(edge, view.scale));
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.translate(view.x, view.y);
    pen.scale(view.scale, view.scale);
    paintUnder(pen, view.scale);
    for (const line of lines) paintLine(pen, line);
    for (const node of nodes.rows) paintMember(pen, node, view.scale);
    for (const line of lines) if (line.arrow) paintArrow(pen, line);
    paintOver(pen, view, null, []);
    frame.replaceChildren(canvas);
  }

  // --- hulls and spokes, under everything else
  function paintUnder(pen, scale) {
    const pixel = 1 / scale;
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
  }

  // only: members to be named, or null for all; first: who is named before all others
  function paintOver(pen, view, only, first) {
    labels.paint(pen, view, { data, places, byWeight, only, first });
  }

  // --- an edge: a bow from member to member, up to the arrow where it has one
  function trace(edge, scale) {
    const from = places[edge.from], to = places[edge.to], width = Math.max(edge.width, 0.3 / scale);
    const line = { from, to, end: to, width, dashes: edge.dashes, colour: shade(edge.color), bow: edge.smooth && bend(from, to, edge.smooth) };
    if (edge.arrows) {
      const long = 15 * arrowScale + 3 * width, tip = reach(line, nodes.rows[edge.to]);
      const before = follow(line, tip.t - long / Math.hypot(to.x - from.x, to.y - from.y));
      const angle = Math.atan2(tip.y - before.y, tip.x - before.x);
      line.arrow = { tip, angle, long };
      line.end = { x: tip.x - 0.9 * long * Math.cos(angle), y: tip.y - 0.9 * long * Math.sin(angle) };
    }
    return line;
  }

  function bend(from, to, { type, roundness }) {
    const across = to.x - from.x, up = from.y - to.y, half = 0.5 * roundness + 0.5;
    const angle = Math.atan2(up, across) + (type === "curvedCW" ? half : 1 - half) * Math.PI, far = half * Math.hypot(across, up);
    return { x: from.x + far * Math.sin(angle), y: from.y + far * Math.cos(angle) };
  }

  function follow({ from, to, bow }, t) {
    const near = (1 - t) ** 2, mid = 2 * t * (1 - t);
    return { x: near * from.x + mid * bow.x + t ** 2 * to.x, y: near * from.y + mid * bow.y + t ** 2 * to.y, t: t };
  }

  // where the bow meets its member, found by halving
  function reach(line, node) {
    const to = line.to, round = node.shape === "dot";
    let low = 0, high = 1, point = null;
    for (let tries = 0; tries < 10; tries += 1) {
      const t = 0.5 * (low + high);
      point = follow(line, t);
      const across = Math.abs(to.x - point.x), down = Math.abs(to.y - point.y), far = Math.sqrt(across * across + down * down);
      const missing = (round ? to.size : (to.size * far) / Math.max(across, down) + node.borderWidth) - far;
      if (Math.abs(missing) < 0.2) break;
      if (missing < 0) low = t;
      else high = t;
    }
    return point;
  }

  function shade({ color, opacity }) {
    const part = (at) => parseInt(color.slice(at, at + 2), 16);
    return "rgba(" + part(1) + "," + part(3) + "," + part(5) + "," + (opacity === undefined ? 1 : opacity) + ")";
  }

  function paintLine(pen, { from, end, bow, width, dashes, colour }) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    if (dashes) pen.lineCap = "round";
    pen.setLineDash(dashes || []);
    pen.beginPath();
    pen.moveTo(from.x, from.y);
    if (bow) pen.quadraticCurveTo(bow.x, bow.y, end.x, end.y);
    else pen.lineTo(end.x, end.y);
    pen.stroke();
    pen.setLineDash([]);
  }

  function paintArrow(pen, { colour, arrow: { tip, angle, long } }) {
    const turn = (x, y) => [tip.x + long * (x * Math.cos(angle) - y * Math.sin(angle)), tip.y + long * (x * Math.sin(angle) + y * Math.cos(angle))];
    pen.fillStyle = colour;
    pen.beginPath();
    pen.moveTo(...turn(0, 0));
    pen.lineTo(...turn(-1, 0.3));
    pen.lineTo(...turn(-0.9, 0));
    pen.lineTo(...turn(-1, -0.3));
    pen.closePath();
    pen.fill();
  }

  // --- a member: every state has a shape
  function paintMember(pen, node, scale) {
    const { x, y, size } = places[node.id], wide = node.borderWidth / scale;
    pen.lineWidth = Math.min(2 * size, wide);
    pen.strokeStyle = node.color.border;
    pen.fillStyle = node.color.background;
    pen.beginPath();
    outline(pen, node.shape, x, y, size);
    pen.closePath();
    pen.fill();
    if (wide > 0) pen.stroke();
  }

  function outline(pen, shape, x, y, r) {
    if (shape === "square") return pen.rect(x - r, y - r, 2 * r, 2 * r);
    if (shape === "dot") return pen.arc(x, y, r, 0, 2 * Math.PI, false);
    const side = 1.15 * r, low = y + 0.275 * side, foot = low + side / Math.sqrt(3);
    const corners = shape === "diamond" ? [[x, y + r], [x + r, y], [x, y - r], [x - r, y]] : [[x, low - (side * 2) / Math.sqrt(3)], [x + side, foot], [x - side, foot]];
    corners.forEach(([across, down], at) => (at ? pen.lineTo(across, down) : pen.moveTo(across, down)));
  }

  // --- the library comes after the first picture, or when somebody does something before, or when the address asks for more
  let awake = false;
  function wake() {
    const held = document.getElementById("library");
    if (awake || document.readyState === "loading") return; // what is read in part is not what the policy admits
    awake = true;
    window.removeEventListener("resize", paint);
    const script = document.createElement("script");
    script.textContent = held.textContent;
    document.head.append(script);
    script.remove();
  }
  function start() {
    if (location.hash.length > 1) return document.addEventListener("DOMContentLoaded", wake);
    paint();
    window.addEventListener("resize", paint);
    window.addEventListener("load", () => requestAnimationFrame(() => setTimeout(wake)));
    for (const kind of ["pointerdown", "keydown", "change"]) document.addEventListener(kind, wake, { capture: true });
  }

  return { data, frame, slim, places, settle, fit, paint, paintUnder, paintOver, start };
})();
picture.start();
