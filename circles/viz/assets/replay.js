"use strict";
// Goes through the rounds of one or two cascades: states of members, edges of the round, texts and tables.
// Places never change. Every text was written by the page or is set as textContent.
(function () {
  const { panels, words, labels } = JSON.parse(document.getElementById("replay-data").textContent);
  const slider = document.getElementById("slider"), shown = document.getElementById("round"), play = document.getElementById("play");
  const told = document.getElementById("told"), slim = window.matchMedia("(max-width: 620px)"), still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const last = Number(slider.max), PAUSE = 1100;
  const NEAR = 14, LONGEST = 40; // pixels from a member at which it is meant; letters repeated of an address
  const NEXT = 30; // ms: the picture of a round is on the screen before its table is laid out
  let round = -1, timer = null, turning = null, chosen = -1;
  const parts = panels.map(function (panel, number) {
    return {
      panel: panel,
      wide: look(document.querySelector('svg.wide[data-panel="' + number + '"]')),
      narrow: look(document.querySelector('svg.narrow[data-panel="' + number + '"]')),
      status: document.querySelector('.status[data-panel="' + number + '"]'),
      tables: Array.from(document.querySelectorAll('.round[data-panel="' + number + '"]')),
    };
  });

  function look(picture) {
    return {
      picture: picture,
      members: Array.from(picture.querySelectorAll("g.member")).map((group) => ({ group: group, path: group.querySelector("path"), state: "untouched" })),
      falls: Array.from(picture.querySelectorAll(".fall")).map((path) => ({ path: path, round: Number(path.dataset.round), look: "fall" })),
    };
  }

  // every state has a shape of its own, so that it does not rest on colour
  function outline(state, r) {
    if (state === "now") return "M0 " + -1.45 * r + "L" + 1.45 * r + " 0L0 " + 1.45 * r + "L" + -1.45 * r + " 0z";
    if (state === "earlier") return "M0 " + -1.2 * r + "L" + 1.15 * r + " " + r + "H" + -1.15 * r + "z";
    if (state === "paid") return "M" + -r + " " + -r + "H" + r + "V" + r + "H" + -r + "z";
    return "M" + -r + " 0a" + r + " " + r + " 0 1 0 " + 2 * r + " 0a" + r + " " + r + " 0 1 0 " + -2 * r + " 0z";
  }
  for (const path of document.querySelectorAll("path[data-state]")) path.setAttribute("d", outline(path.dataset.state, 7));

  function stateOf(panel, at, now) {
    const failed = panel.failed[at], paid = panel.paid[at], hurt = panel.hurt[at];
    if (failed >= 0 && failed <= now) return failed === now ? "now" : "earlier";
    if (paid >= 0 && paid <= now) return "paid";
    return hurt >= 0 && hurt <= now ? "hurt" : "untouched";
  }

  function show(wanted) {
    const next = Math.min(last, Math.max(0, wanted));
    if (next === round) return;
    clearTimeout(turning);
    turning = setTimeout(turnTables, round < 0 ? 0 : NEXT);
    round = next;
    for (const part of parts) {
      const end = part.panel.texts.length - 1, now = Math.min(round, end);
      paint(part, round > end ? end + 1 : now);
      write(part.status, round > end ? words.ended.replace("{text}", () => part.panel.texts[end]) : part.panel.texts[now]);
    }
    slider.value = String(round);
    shown.textContent = words.shown.replace("{round}", round).replace("{last}", last);
    note();
    if (round === last) stop();
  }
  function note() {
    try {
      history.replaceState(null, "", "#" + new URLSearchParams({ round: round, ...(chosen < 0 ? {} : { member: labels[chosen] }) }));
    } catch { /* inside a notebook there is no address */ }
  }

  // lines end between what is said, not inside it
  function write(status, text) {
    const pieces = text.split(" · ").map((piece) => Object.assign(document.createElement("span"), { textContent: piece }));
    status.replaceChildren(...pieces.flatMap((piece, at) => (at ? [" · ", piece] : [piece])));
  }

  // going through rounds quickly lays out only the table where somebody stops
  function turnTables() {
    for (const part of parts) {
      const now = Math.min(round, part.panel.texts.length - 1);
      part.tables.forEach((table) => { table.hidden = Number(table.dataset.round) !== now; });
    }
  }

  // only the picture that is seen is painted
  function paint(part, now) {
    const picture = slim.matches ? part.narrow : part.wide;
    picture.members.forEach(function (member, at) {
      const state = stateOf(part.panel, at, now);
      if (state === member.state) return;
      member.state = state;
      member.path.setAttribute("class", state);
      member.path.setAttribute("d", outline(state, part.panel.sizes[at]));
    });
    for (const fall of picture.falls) {
      const look = fall.round === now ? "fall now" : fall.round < now ? "fall earlier" : "fall";
      if (look === fall.look) continue;
      fall.look = look;
      fall.path.setAttribute("class", look);
    }
  }

  function stop() {
    clearInterval(timer);
    timer = null;
    play.textContent = words.play;
    play.setAttribute("aria-pressed", "false");
  }
  function toggle() {
    if (timer) return stop();
    if (round === last) show(0);
    timer = setInterval(() => show(round + 1), PAUSE);
    play.textContent = words.pause;
    play.setAttribute("aria-pressed", "true");
  }
  const moves = { first: () => 0, back: () => round - 1, on: () => round + 1, last: () => last };
  for (const button of document.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => { stop(); show(moves[button.dataset.step]()); });
  }
  play.addEventListener("click", toggle);
  slider.addEventListener("input", () => { stop(); show(Number(slider.value)); });
  // --- keys: space plays wherever the focus is but where one writes; a button is pressed by Enter
  const keys = { ArrowLeft: "back", ArrowRight: "on", Home: "first", End: "last" };
  function isTaken({ key, target }) {
    const frame = target.closest(".scroll"); // a table wider than its frame is moved by the arrows
    return target === slider || (key.startsWith("Arrow") && frame !== null && frame.scrollWidth > frame.clientWidth);
  }
  document.addEventListener("keydown", function (event) {
    if (event.altKey || event.ctrlKey || event.metaKey || isWritten(event.target)) return;
    if (event.key === " ") {
      event.preventDefault();
      if (!event.repeat) toggle();
    } else if (keys[event.key] && !isTaken(event)) {
      event.preventDefault();
      stop();
      show(moves[keys[event.key]]());
    }
  });
  document.addEventListener("keyup", (event) => { if (event.key === " " && event.target.tagName === "BUTTON") event.preventDefault(); });
  function isWritten(target) {
    return target.matches("input:not([type=range]), textarea, select, [contenteditable]");
  }

  // --- choosing a member: a ring in all pictures, its rows, and what becomes of it in words
  function choose(at) {
    chosen = at;
    for (const mark of document.querySelectorAll("g.ring")) mark.remove();
    for (const row of document.querySelectorAll("tr.chosen")) markRow(row, false);
    if (at >= 0) parts.forEach(function (part, number) {
      for (const seen of [part.wide, part.narrow]) ring(seen, at, part.panel.sizes[at]);
      const row = findRow(number, at);
      if (row) markRow(row, true);
    });
    tell(at < 0 ? words.keys : labels[at] + words.colon + panels.map((panel) => (panel.name ? panel.name + words.colon : "") + describe(panel, at)).join(words.semicolon));
    note();
  }
  function tell(text) {
    told.textContent = text;
    told.classList.toggle("says", text !== words.keys);
  }
  function describe(panel, at) {
    const state = ["failed", "paid", "hurt"].find((each) => panel[each][at] >= 0);
    return state ? words["told_" + state].replace("{round}", panel[state][at]) : words.told_untouched;
  }
  function ring({ picture, members }, at, size) {
    const space = "http://www.w3.org/2000/svg", mark = document.createElementNS(space, "g"), circle = document.createElementNS(space, "circle");
    const named = Array.from(picture.querySelectorAll(".label")).some((label) => label.textContent === labels[at]);
    mark.setAttribute("class", "ring");
    mark.setAttribute("transform", members[at].group.getAttribute("transform"));
    circle.setAttribute("r", 1.45 * size + 5);
    mark.append(circle);
    if (!named) {
      const label = document.createElementNS(space, "text"), font = Number(picture.querySelector("g[font-size]").getAttribute("font-size"));
      label.setAttribute("class", "label");
      label.setAttribute("text-anchor", "middle");
      label.setAttribute("font-size", font);
      label.setAttribute("y", -(1.45 * size + 5 + 0.4 * font));
      label.textContent = labels[at];
      mark.append(label);
    }
    picture.append(mark);
  }
  // rows of a round are its members in the order of the drawing
  function listFallen(number, step) {
    return panels[number].failed.flatMap((failed, at) => (failed === step ? [at] : []));
  }
  function findRow(number, at) {
    const step = panels[number].failed[at], table = parts[number].tables[step];
    return table && table.querySelectorAll("tbody tr")[listFallen(number, step).indexOf(at)];
  }
  function markRow(row, now) {
    row.classList.toggle("chosen", now);
    if (now) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
    const frame = row.closest(".scroll"), high = frame.clientHeight;
    if (now && (row.offsetTop < frame.scrollTop || row.offsetTop + row.offsetHeight > frame.scrollTop + high)) frame.scrollTop = row.offsetTop - high / 2;
  }
  function chooseRow(event) {
    const row = event.target.closest(".round tbody tr"), frame = row && row.closest(".round");
    if (!row || (event.type === "keydown" && event.key !== "Enter")) return;
    const number = Number(frame.dataset.panel), part = parts[number];
    choose(listFallen(number, Number(frame.dataset.round))[row.sectionRowIndex]);
    (slim.matches ? part.narrow : part.wide).picture.scrollIntoView({ block: "nearest", behavior: still.matches ? "auto" : "smooth" });
  }
  document.addEventListener("click", chooseRow);
  document.addEventListener("keydown", chooseRow);
  for (const name of document.querySelectorAll(".round tbody th")) Object.assign(name, { tabIndex: 0, title: words.show_row });
  // the member nearest to where one points, as members are small
  for (const part of parts) for (const { picture, members } of [part.wide, part.narrow]) {
    picture.addEventListener("click", function (event) {
      const far = members.map(function ({ path }) {
        const box = path.getBoundingClientRect();
        return Math.hypot(event.clientX - box.x - box.width / 2, event.clientY - box.y - box.height / 2) - box.width / 2;
      });
      const at = far.indexOf(Math.min(...far));
      choose(at >= 0 && far[at] <= NEAR ? at : -1);
    });
  }

  // --- the address: #round=2&member=ID
  function read() {
    if (location.hash.length > 1 && document.getElementById(location.hash.slice(1))) return; // the way to the controls
    const said = new URLSearchParams(location.hash.slice(1)), step = said.get("round") || "0", name = said.get("member");
    const known = /^\d{1,6}$/.test(step) && Number(step) <= last, at = name === null ? -1 : labels.indexOf(name);
    show(known ? Number(step) : 0);
    choose(at);
    const missed = [known ? "" : words.told_round.replace("{name}", () => cut(step)), name === null || at >= 0 ? "" : words.told_member.replace("{name}", () => cut(name))];
    if (missed.join("")) tell(missed.join(" ").trim());
  }
  function cut(text) {
    return text.length > LONGEST ? text.slice(0, LONGEST) + "…" : text;
  }
  window.addEventListener("hashchange", read);
  slim.addEventListener("change", () => { const again = round; round = -1; show(again); });
  window.circlesReplay = { show: show };
  read();
})();
