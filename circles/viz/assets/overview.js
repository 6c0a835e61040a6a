"use strict";
const book = JSON.parse(document.getElementById("data").textContent);
const canvas = document.querySelector("canvas"), pen = canvas.getContext("2d", { willReadFrequently: true });
const waiting = new Map(), loaded = new Map();
let places = new Float32Array(0), view = { x: 0, y: 0, k: 1 }, chosen = -1, spot = -1, due = false;
window.overviewPiece = (name, data) => { loaded.set(name, data); (waiting.get(name) || []).forEach((go) => go(data)); waiting.delete(name); };
function load(name) {
  if (loaded.has(name)) return Promise.resolve(loaded.get(name));
  return new Promise((go) => {
    if (waiting.has(name)) { waiting.get(name).push(go); return; }
    waiting.set(name, [go]);
    const script = document.createElement("script");
    script.src = name + ".js";
    document.head.append(script);
  });
}
const yuan = (fen) => Math.floor(fen / 100).toLocaleString("en");
function add(parent, kind, text) { const made = document.createElement(kind); if (text !== undefined) made.textContent = text; parent.append(made); return made; }
const wide = Math.max(100, ...book.bubbles.map((b) => b[2] + 50)), high = Math.max(100, ...book.bubbles.map((b) => b[3] + 50));
const EDGE = 110, TOP = 34;
function whole() {
  const w = canvas.clientWidth, h = canvas.clientHeight;
  view.k = Math.min((w - EDGE) / wide, (h - TOP) / high, 3); view.x = EDGE; view.y = TOP; ask();
}
function ask() { if (!due) { due = true; requestAnimationFrame(() => { due = false; draw(); }); } }
function short(text, room) { let cut = text; while (cut.length > 1 && pen.measureText(cut).width > room) cut = cut.slice(0, -2) + "…"; return cut; }
function draw() {
  const ratio = window.devicePixelRatio || 1, w = canvas.clientWidth, h = canvas.clientHeight;
  if (canvas.width !== Math.round(w * ratio)) { canvas.width = Math.round(w * ratio); canvas.height = Math.round(h * ratio); }
  pen.setTransform(ratio, 0, 0, ratio, 0, 0); pen.fillStyle = "#fff"; pen.fillRect(0, 0, w, h);
  const most = Math.max(1e-9, ...book.bubbles.map((b) => b[6] || 0));
  for (const [place, b] of book.bubbles.entries()) {
    pen.beginPath(); pen.arc(view.x + b[2] * view.k, view.y + b[3] * view.k, b[4] * view.k, 0, 7);
    const t = b[6] === null ? 0 : b[6] / most;
    pen.fillStyle = b[6] === null ? "#f2f4f6" : `hsl(28 ${40 + 50 * t}% ${92 - 32 * t}%)`; pen.fill();
    pen.setLineDash(b[6] === null ? [4, 3] : []); pen.lineWidth = place === chosen ? 4 : 1; pen.strokeStyle = place === chosen ? "#0b5c8f" : "#6b4a2a"; pen.stroke();
  }
  pen.setLineDash([]); dots(ratio); names(w, h);
}
function dots(ratio) {
  const image = pen.getImageData(0, 0, canvas.width, canvas.height), pixels = new Uint32Array(image.data.buffer);
  const k = view.k * ratio, x0 = view.x * ratio, y0 = view.y * ratio, w = canvas.width, h = canvas.height, size = Math.max(1, Math.min(4, Math.round(view.k)));
  const step = view.k < 1 ? 4 : view.k < 2 ? 2 : 1;
  for (let i = 0; i < places.length; i += 2 * (places.length > 40000 ? step : 1)) {
    const x = (places[i] * k + x0) | 0, y = (places[i + 1] * k + y0) | 0;
    if (x < 0 || y < 0 || x + size > w || y + size > h) continue;
    for (let a = 0; a < size; a++) for (let c = 0; c < size; c++) pixels[(y + a) * w + x + c] = 0xffb8a088;
  }
  pen.putImageData(image, 0, 0);
}
function names(w, h) {
  const k = view.k, columns = new Map(), rows = new Map();
  pen.textAlign = "center"; pen.textBaseline = "middle"; pen.font = "600 12px system-ui, sans-serif";
  for (const b of book.bubbles) {
    columns.set(b[1], b[2]); rows.set(b[0], b[3]);
    if (b[4] * k > 16) { pen.lineWidth = 3; pen.strokeStyle = "#fff"; pen.strokeText(b[5], view.x + b[2] * k, view.y + b[3] * k); pen.fillStyle = "#1b2733"; pen.fillText(b[5], view.x + b[2] * k, view.y + b[3] * k); }
  }
  pen.fillStyle = "rgba(255,255,255,.93)"; pen.fillRect(0, 0, w, TOP); pen.fillRect(0, 0, EDGE, h);
  pen.font = "12px system-ui, sans-serif"; pen.fillStyle = "#1b2733";
  for (const [name, x] of columns) if (view.x + x * k > EDGE) pen.fillText(short(name, 100 * k - 4), view.x + x * k, TOP / 2);
  pen.textAlign = "right";
  for (const [name, y] of rows) if (view.y + y * k > TOP) pen.fillText(short(name, EDGE - 12), EDGE - 6, view.y + y * k);
  if (spot >= 0 && places.length > 2 * spot) { pen.beginPath(); pen.arc(view.x + places[2 * spot] * k, view.y + places[2 * spot + 1] * k, 9, 0, 7); pen.lineWidth = 3; pen.strokeStyle = "#c00000"; pen.stroke(); }
}
function zoom(by, x, y) { const k = Math.min(40, Math.max(.1, view.k * by)); view.x = x - (x - view.x) * k / view.k; view.y = y - (y - view.y) * k / view.k; view.k = k; ask(); }
async function choose(place) {
  chosen = place; ask();
  document.querySelectorAll("tr.chosen").forEach((row) => row.classList.remove("chosen"));
  document.getElementById("row-" + place).classList.add("chosen");
  const data = await load("bubble-" + place), box = document.getElementById("bubble"); box.replaceChildren();
  add(box, "h2", book.bubbles[place][0] + " · " + book.bubbles[place][1]);
  list(box, "Circles, most exposed first", data.circles.map((c) => [c[0], c[1] + " members", yuan(c[2]), c[3]]));
  if (data.more) add(box, "p", data.more.toLocaleString("en") + " more circles are not listed.");
  list(box, "Largest members", data.members.map((m) => [m[0], m[1], yuan(m[2]), ""]));
}
function list(box, title, rows) {
  add(box, "h2", title); if (!rows.length) { add(box, "p", "none"); return; }
  const table = add(box, "table");
  for (const [id, note, owed, link] of rows) {
    const row = add(table, "tr"), cell = add(row, "td");
    if (/^circle-\d+\.html$/.test(link)) { const a = add(cell, "a", id); a.href = link; } else cell.textContent = id;
    add(row, "td", note); add(row, "td", owed);
  }
}
async function search() {
  const text = document.getElementById("query").value.trim().toLowerCase(), box = document.getElementById("found");
  if (!text) { box.replaceChildren(); return; }
  let piece = 0; while (piece + 1 < book.firsts.length && book.firsts[piece + 1] < text) piece++;
  const hits = [];
  for (; piece < book.firsts.length && hits.length < 20; piece++) {
    if (book.firsts[piece] > text && !book.firsts[piece].startsWith(text)) break;
    hits.push(...(await load("search-" + piece)).filter((row) => row[0].startsWith(text)));
  }
  if (document.getElementById("query").value.trim().toLowerCase() !== text) return;
  box.replaceChildren(); if (!hits.length) { add(box, "p", "No member begins so."); return; }
  for (const hit of hits.slice(0, 20)) {
    const button = add(add(box, "div"), "button", hit[1] + " " + hit[2] + " · " + yuan(hit[4])); button.type = "button";
    button.onclick = () => { spot = hit[5]; const b = book.bubbles[hit[3]]; view.k = 4; view.x = canvas.clientWidth / 2 - b[2] * 4; view.y = canvas.clientHeight / 2 - b[3] * 4; choose(hit[3]); };
  }
}
let held = null;
canvas.onpointerdown = (event) => { held = [event.offsetX, event.offsetY, view.x, view.y]; canvas.setPointerCapture(event.pointerId); };
canvas.onpointermove = (event) => { if (held) { view.x = held[2] + event.offsetX - held[0]; view.y = held[3] + event.offsetY - held[1]; ask(); } };
canvas.onpointercancel = () => { held = null; };
canvas.onpointerup = (event) => {
  if (held && Math.hypot(event.offsetX - held[0], event.offsetY - held[1]) < 4) {
    const x = (event.offsetX - view.x) / view.k, y = (event.offsetY - view.y) / view.k;
    const hit = book.bubbles.findIndex((b) => Math.hypot(b[2] - x, b[3] - y) <= b[4]); if (hit >= 0) choose(hit);
  }
  held = null;
};
canvas.addEventListener("wheel", (event) => { if (event.ctrlKey || document.activeElement === canvas) { event.preventDefault(); zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, event.offsetX, event.offsetY); } }, { passive: false });
canvas.onkeydown = (event) => {
  const move = { ArrowLeft: [40, 0], ArrowRight: [-40, 0], ArrowUp: [0, 40], ArrowDown: [0, -40] }[event.key];
  if (move) { view.x += move[0]; view.y += move[1]; ask(); event.preventDefault(); }
  if (event.key === "+" || event.key === "-") zoom(event.key === "+" ? 1.3 : 1 / 1.3, canvas.clientWidth / 2, canvas.clientHeight / 2);
};
document.getElementById("closer").onclick = () => zoom(1.3, canvas.clientWidth / 2, canvas.clientHeight / 2);
document.getElementById("farther").onclick = () => zoom(1 / 1.3, canvas.clientWidth / 2, canvas.clientHeight / 2);
document.getElementById("whole").onclick = whole;
document.getElementById("query").oninput = search;
document.querySelectorAll("[data-bubble]").forEach((button) => { button.onclick = () => choose(Number(button.dataset.bubble)); });
window.onresize = () => { canvas.width = 0; whole(); };
whole();
load("places").then((text) => { places = new Float32Array(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer); ask(); });
