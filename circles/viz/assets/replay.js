"use strict";
// Goes through the rounds of one or two cascades: states of members, edges of the round, texts and tables.
// Places never change. Every text was written by the page or is set as textContent.
(function () {
  const { panels, words } = JSON.parse(document.getElementById("replay-data").textContent);
  const slider = document.getElementById("slider"), shown = document.getElementById("round"), play = document.getElementById("play");
  const slim = window.matchMedia("(max-width: 620px)");
  const last = Number(slider.max), PAUSE = 1100;
  const NEXT = 30; // ms: the picture of a round is on the screen before its table is laid out
  let round = -1, timer = null, turning = null;
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
      members: Array.from(picture.querySelectorAll("g.member")).map((group) => ({ path: group.querySelector("path"), state: "untouched" })),
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
      part.status.textContent = round > end ? words.ended.replace("{text}", () => part.panel.texts[end]) : part.panel.texts[now];
    }
    slider.value = String(round);
    shown.textContent = words.shown.replace("{round}", round).replace("{last}", last);
    try {
      history.replaceState(null, "", "#round=" + round);
    } catch { /* inside a notebook there is no address */ }
    if (round === last) stop();
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
  const keys = { ArrowLeft: "back", ArrowRight: "on", Home: "first", End: "last" };
  document.addEventListener("keydown", function (event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target === slider) return;
    if (event.key === " " && event.target.tagName !== "BUTTON") {
      event.preventDefault();
      toggle();
    } else if (keys[event.key]) {
      event.preventDefault();
      stop();
      show(moves[keys[event.key]]());
    }
  });
  function read() {
    const found = /^#round=(\d{1,6})$/.exec(location.hash);
    return found ? Number(found[1]) : 0;
  }
  window.addEventListener("hashchange", () => show(read()));
  slim.addEventListener("change", () => { const again = round; round = -1; show(again); });
  window.circlesReplay = { show: show };
  show(read());
})();
