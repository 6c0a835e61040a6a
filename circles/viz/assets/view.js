// The library takes over from the first picture: it is given members where they stand, and what it was given when the
// page was read. After that the view decides which part of the picture is seen, and how large.
const view = (function () {
  "use strict";
  const { frame, slim, places } = picture;
  const STILL = window.matchMedia("(prefers-reduced-motion: reduce)");
  let settled = slim.matches;

  picture.settle();
  nodes = new vis.DataSet(nodes.rows.map((node, id) => ({ ...node, x: places[id].x, y: places[id].y })));
  edges = new vis.DataSet(edges.rows);
  network = new vis.Network(frame, { nodes: nodes, edges: edges }, network.options);

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

  function centre(at) {
    network.moveTo({ position: { x: at.x, y: at.y }, animation: false });
  }
  function holds(at) {
    const spot = network.canvasToDOM({ x: at.x, y: at.y });
    return spot.x > 0 && spot.y > 0 && spot.x < frame.clientWidth && spot.y < frame.clientHeight;
  }
  // the page moves to the picture, if it is not to be seen anyway
  function show() {
    const whole = frame.clientHeight <= window.innerHeight;
    frame.scrollIntoView({ block: whole ? "nearest" : "center", behavior: STILL.matches ? "auto" : "smooth" });
  }

  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", function () {
      const factor = Number(button.dataset.zoom);
      if (factor) return network.moveTo({ scale: Math.min(8, Math.max(0.05, network.getScale() * factor)), animation: false });
      search.forget();
      choice.choose(null);
      frameAll();
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

  return { settle, frameAll, centre, holds, show };
})();
