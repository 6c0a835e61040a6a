// The address says what is chosen, and can be passed on; following one sets everything, so that nothing earlier stays:
// #member=ID&layers=guarantee,failure&least=5000&from=2007-01-01&to=2007-06-30&size=resources, or circle=, edge=, find=.
const address = (function () {
  "use strict";
  const { data } = picture;
  const KINDS = ["member", "circle", "edge"], PARTS = ["find", ...KINDS, "layers", "least", "from", "to", "size"];
  const told = document.getElementById("told"), LONGEST = 40;
  let quiet = true;

  function nameOf(kind, id) {
    if (kind === "edge") return [nameOf("member", edges.get(id).from), nameOf("member", edges.get(id).to), edges.get(id).kind].join("~");
    const label = kind === "member" ? data.labels[id] : data.hulls[id].label;
    return label.endsWith("…") ? tables.row(kind + "-" + id).cells[0].textContent : label;
  }
  function seek(kind, name) {
    const count = { member: data.labels, circle: data.hulls, edge: edges.getIds() }[kind].length;
    for (let id = 0; id < count; id += 1) if (nameOf(kind, id) === name) return id;
    return -1;
  }

  function note() {
    if (quiet) return;
    const said = new URLSearchParams(), thing = choice.thing();
    search.note(said);
    if (thing) said.set(thing.kind, nameOf(thing.kind, thing.id));
    for (const part of [sifting, sizes]) part.note(said);
    tell([]);
    try {
      history.replaceState(null, "", said.toString() ? "#" + said : "#");
    } catch { /* inside a notebook there is no address */ }
  }

  // what an address names and this page lacks is said, the rest of it is followed
  function follow() {
    const text = location.hash.slice(1), said = new URLSearchParams(text), missed = [];
    if (text && document.getElementById(text)) return; // the way to the tables
    const miss = (what, name) => missed.push(data.words["told_" + what].replace("{name}", () => shorten(name)));
    for (const part of new Set(said.keys())) if (!PARTS.includes(part)) miss("part", part);
    quiet = true;
    for (const part of [sifting, sizes]) part.follow(said, miss);
    chooseSaid(said, miss);
    quiet = false;
    tell(missed);
  }
  function chooseSaid(said, miss) {
    const things = KINDS.filter((kind) => said.has(kind)).map((kind) => ({ kind: kind, id: seek(kind, said.get(kind)) }));
    for (const { kind, id } of things) if (id < 0) miss(kind, said.get(kind));
    const thing = things.find(({ id }) => id >= 0), text = (said.get("find") || "").trim();
    search.follow(text, thing && thing.kind === "member" ? thing.id : undefined);
    if (text) return;
    if (thing) return choice.find(thing);
    choice.choose(null);
    view.frameAll();
  }
  function shorten(name) {
    return name.length > LONGEST ? name.slice(0, LONGEST) + "…" : name;
  }
  function tell(missed) {
    told.textContent = [...missed, ...(sifting.isCrossed() ? [data.words.told_days] : [])].join(" ");
  }
  window.addEventListener("hashchange", follow);

  // without an address the fields count: somebody may have changed one already
  function begin() {
    if (location.hash.length > 1) follow();
    quiet = false;
    sifting.sift();
    sizes.resize();
  }

  return { note, begin };
})();
