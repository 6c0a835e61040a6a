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
const yuan = (fen) => Math.round(fen / 100).toLocaleString("en");
const counted = (key, number) => book.words[key].replace("{count}", number.toLocaleString("en"));
function add(parent, kind, text) { const made = document.createElement(kind); if (text !== undefined) made.textContent = text; parent.append(made); return made; }
const wide = Math.max(100, ...book.bubbles.map((b) => b[2] + 50)), high = Math.max(100, ...book.bubbles.map((b) => b[3] + 50));
const columns = new Map(book.bubbles.map((b) => [b[1], b[2]])), rows = new Map(book.bubbles.map((b) => [b[0], b[3]]));
const homes = new Map(book.bubbles.map((b, place) => [(b[3] / 100 | 0) * 1000 + (b[2] / 100 | 0), place]));
const layers = [...document.querySelectorAll("[data-layer]")], SMALL = "12px system-ui, sans-serif";
const ROOM = 24, FEW_DOTS = 14; // square pixels a member, radius of its bubble: less of either, and dots are a grey haze
let edge = 110, brow = 34, slanted = false, tall = 560, lastWide = 0;
function whole() {
  const w = lastWide = canvas.clientWidth, narrow = w < 480;
  edge = narrow ? 84 : 110; pen.font = SMALL;
  let k = Math.min(3, Math.max((w - edge - 4) / wide, narrow ? .45 : .1));
  slanted = [...columns.keys()].some((name) => pen.measureText(name).width > 100 * k - 8); brow = slanted ? 74 : 34;
  const most = narrow ? 720 : Math.min(720, Math.max(420, window.innerHeight - canvas.getBoundingClientRect().top - window.scrollY - 12));
  tall = Math.round(Math.min(most, Math.max(240, brow + high * k + 4))); k = Math.min(k, (tall - brow) / high);
  canvas.style.height = tall + "px"; view = { x: edge, y: brow, k }; ask();
}
function ask() { if (!due) { due = true; requestAnimationFrame(() => { due = false; draw(); }); } }
function short(text, room) { let cut = text; while (cut.length > 1 && pen.measureText(cut).width > room) cut = cut.slice(0, -2) + "…"; return cut; }
function draw() {
  const ratio = window.devicePixelRatio || 1, w = canvas.clientWidth, h = tall;
  if (canvas.width !== Math.round(w * ratio) || canvas.height !== Math.round(h * ratio)) { canvas.width = Math.round(w * ratio); canvas.height = Math.round(h * ratio); }
  pen.setTransform(ratio, 0, 0, ratio, 0, 0); pen.fillStyle = "#fff"; pen.fillRect(0, 0, w, h);
  layers.filter((layer) => layer.checked).forEach(lines);
  for (const [place, b] of book.bubbles.entries()) {
    pen.beginPath(); pen.arc(view.x + b[2] * view.k, view.y + b[3] * view.k, b[4] * view.k, 0, 7);
    const t = Math.min(1, (b[6] || 0) / (book.darkest || 1));
    pen.fillStyle = b[6] === null ? "#f2f4f6" : `hsl(28 ${40 + 50 * t}% ${92 - 32 * t}%)`; pen.fill();
    pen.setLineDash(b[6] === null && b[4] * view.k >= 5 ? [4, 3] : []); pen.lineWidth = place === chosen ? 4 : 1; pen.strokeStyle = place === chosen ? "#0b5c8f" : "#6b4a2a"; pen.stroke();
  }
  pen.setLineDash([]); dots(ratio); figures(); heads(w, h);
}
function lines(layer) {
  pen.strokeStyle = pen.fillStyle = layer.dataset.colour; pen.setLineDash(layer.dataset.layer === "guarantee" ? [8, 4] : []);
  for (const [kind, from, to, part] of book.lines) {
    if (kind !== layer.dataset.layer) continue;
    const a = book.bubbles[from], b = book.bubbles[to], k = view.k, far = Math.hypot(b[2] - a[2], b[3] - a[3]);
    const x = view.x + b[2] * k, y = view.y + b[3] * k, mx = view.x + (a[2] + b[2]) / 2 * k + (b[3] - a[3]) * .12 * k, my = view.y + (a[3] + b[3]) / 2 * k - (b[2] - a[2]) * .12 * k;
    pen.globalAlpha = chosen < 0 ? .7 : from === chosen || to === chosen ? .95 : .15; pen.lineWidth = 1 + 7 * Math.min(1, k / .55) * Math.sqrt(part);
    const turn = Math.atan2(y - my, x - mx), rim = b[4] * k + 2, tip = 4 + pen.lineWidth;
    pen.beginPath(); pen.moveTo(view.x + a[2] * k, view.y + a[3] * k);
    pen.quadraticCurveTo(mx, my, x - (rim + tip) * Math.cos(turn), y - (rim + tip) * Math.sin(turn)); if (far) pen.stroke();
    pen.beginPath(); pen.moveTo(x - rim * Math.cos(turn), y - rim * Math.sin(turn));
    for (const side of [.35, -.35]) pen.lineTo(x - rim * Math.cos(turn) - 1.6 * tip * Math.cos(turn + side), y - rim * Math.sin(turn) - 1.6 * tip * Math.sin(turn + side));
    pen.fill();
  }
  pen.globalAlpha = 1; pen.setLineDash([]);
}
function dots(ratio) {
  const room = book.bubbles.map((b) => b[4] * view.k < FEW_DOTS ? 0 : Math.PI * (b[4] * view.k) ** 2 / b[7]);
  if (!room.some((each) => each >= ROOM)) return;
  const image = pen.getImageData(0, 0, canvas.width, canvas.height), pixels = new Uint32Array(image.data.buffer);
  const k = view.k * ratio, x0 = view.x * ratio, y0 = view.y * ratio, w = canvas.width, h = canvas.height;
  for (let i = 0; i < places.length; i += 2) {
    const x = (places[i] * k + x0) | 0, y = (places[i + 1] * k + y0) | 0;
    if (x < 0 || y < 0 || x >= w || y >= h) continue;
    const free = room[homes.get((places[i + 1] / 100 | 0) * 1000 + (places[i] / 100 | 0))];
    if (free < ROOM) continue;
    const size = Math.round(Math.min(5, Math.sqrt(free) / 3) * ratio) || 1;
    if (x + size > w || y + size > h) continue;
    for (let a = 0; a < size; a++) for (let c = 0; c < size; c++) pixels[(y + a) * w + x + c] = 0xff6e5a46;
  }
  pen.putImageData(image, 0, 0);
}
function figures() {
  pen.textAlign = "center"; pen.textBaseline = "middle"; pen.font = "600 " + SMALL; pen.lineWidth = 3; pen.strokeStyle = "#fff"; pen.fillStyle = "#1b2733";
  for (const b of book.bubbles) {
    if (b[4] * view.k < 15) continue;
    pen.strokeText(b[5], view.x + b[2] * view.k, view.y + b[3] * view.k); pen.fillText(b[5], view.x + b[2] * view.k, view.y + b[3] * view.k);
  }
  if (spot >= 0 && places.length > 2 * spot) { pen.beginPath(); pen.arc(view.x + places[2 * spot] * view.k, view.y + places[2 * spot + 1] * view.k, 9, 0, 7); pen.strokeStyle = "#c00000"; pen.stroke(); }
}
function heads(w, h) {
  const k = view.k, lean = slanted && 100 * k < 130;
  pen.fillStyle = "#fff"; pen.fillRect(0, 0, w, brow); pen.fillRect(0, 0, edge, h);
  pen.font = SMALL; pen.fillStyle = "#1b2733"; pen.textAlign = lean ? "left" : "center";
  for (const [name, x] of columns) {
    const at = view.x + x * k; if (at < edge || at > w || 100 * k < 14) continue;
    if (!lean) { pen.fillText(short(name, 100 * k - 4), at, brow - 17); continue; }
    pen.save(); pen.translate(at, brow - 6); pen.rotate(-.95); pen.fillText(short(name, 78), 0, 0); pen.restore();
  }
  pen.textAlign = "right"; pen.font = "600 22px system-ui, sans-serif"; pen.fillStyle = "#0b5c8f";
  if (Math.max(...columns.values()) * k + view.x > w) pen.fillText("›", w - 4, brow / 2);
  pen.font = SMALL; pen.fillStyle = "#1b2733";
  for (const [name, y] of rows) if (view.y + y * k > brow && 100 * k >= 14) pen.fillText(short(name, edge - 12), edge - 6, view.y + y * k);
}
function zoom(by, x, y) { const k = Math.min(40, Math.max(.1, view.k * by)); view.x = x - (x - view.x) * k / view.k; view.y = y - (y - view.y) * k / view.k; view.k = k; ask(); }
async function choose(place) {
  chosen = place; ask();
  document.querySelectorAll("tr.chosen").forEach((row) => row.classList.remove("chosen"));
  document.getElementById("row-" + place).classList.add("chosen");
  const data = await load("bubble-" + place), box = document.getElementById("bubble"); box.replaceChildren();
  add(box, "h2", book.bubbles[place][0] + " · " + book.bubbles[place][1]);
  list(box, book.words.circles, data.circles.map((c) => [c[0], counted("count", c[1]), yuan(c[2]), c[3]]));
  if (data.more) add(box, "p", counted("more", data.more));
  list(box, book.words.members, data.members.map((m) => [m[0], m[1], yuan(m[2]), ""]));
}
function list(box, title, rows) {
  add(box, "h2", title); if (!rows.length) { add(box, "p", book.words.none); return; }
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
  box.replaceChildren(); if (!hits.length) { add(box, "p", book.words.not_found); return; }
  const once = hits.filter((hit, place) => hit[5] < 0 || hits.findIndex((other) => other[5] === hit[5]) === place);
  for (const hit of once.slice(0, 20)) show(add(box, "div"), hit);
}
function show(line, [, id, name, bubble, owed, place, count, link]) {
  const said = place < 0 ? [id, counted("count", count), yuan(owed)] : [(id + " " + name).trim(), yuan(owed)];
  const button = add(line, "button", said.join(" · ")); button.type = "button";
  button.onclick = () => placed.then(() => {
    spot = place;
    if (place < 0) whole(); else view = { x: canvas.clientWidth / 2 - places[2 * place] * 8, y: tall / 2 - places[2 * place + 1] * 8, k: 8 };
    choose(bubble);
  });
  if (/^circle-\d+\.html$/.test(link)) { line.append(" "); add(line, "a", book.words.map).href = link; }
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
  if (event.key === "+" || event.key === "-") zoom(event.key === "+" ? 1.3 : 1 / 1.3, canvas.clientWidth / 2, tall / 2);
};
document.getElementById("closer").onclick = () => zoom(1.3, canvas.clientWidth / 2, tall / 2);
document.getElementById("farther").onclick = () => zoom(1 / 1.3, canvas.clientWidth / 2, tall / 2);
document.getElementById("whole").onclick = whole;
document.getElementById("query").oninput = search;
document.querySelectorAll("[data-bubble]").forEach((button) => { button.onclick = () => choose(Number(button.dataset.bubble)); });
for (const layer of layers) layer.onchange = ask;
window.onresize = () => { if (canvas.clientWidth !== lastWide) whole(); };
whole();
const placed = load("places").then((text) => { places = new Float32Array(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer); ask(); });
