"use strict";
// The tables come after the picture: a browser that runs scripts takes them as one text, which costs nothing, and they
// are set out once the picture is painted, or before if somebody asks. A browser without scripts reads them as ever.
const tables = (function () {
  const place = document.getElementById("tables"), waiting = document.createElement("template");
  const text = place.querySelector("noscript").textContent;
  let read = false, wishes = [];

  function parse() {
    if (read) return;
    read = true;
    waiting.innerHTML = text; // as the page itself holds it: every value in it was escaped
    for (const name of waiting.content.querySelectorAll("tr[id] > th")) Object.assign(name, { tabIndex: 0, title: place.dataset.title });
    place.replaceChildren();
  }
  // one table at a time, so that a click need not wait for all of them
  function setOut() {
    parse();
    if (!waiting.content.firstChild) return fulfil();
    place.append(waiting.content.firstChild);
    setTimeout(setOut);
  }
  function all() {
    parse();
    place.append(waiting.content);
    fulfil();
  }
  function fulfil() {
    const due = wishes;
    wishes = [];
    for (const wish of due) wish();
  }
  // after the first frame, and after what else waits for it
  window.addEventListener("load", () => requestAnimationFrame(() => setTimeout(() => setTimeout(setOut))));
  window.addEventListener("beforeprint", all);
  return {
    place: place,
    row: (id) => (all(), document.getElementById(id)),
    rows: (selector) => (all(), Array.from(place.querySelectorAll(selector))),
    later: (wish) => { wishes.push(wish); if (read && !waiting.content.firstChild) fulfil(); }, // once the tables are there
  };
})();
