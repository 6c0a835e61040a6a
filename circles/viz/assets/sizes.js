// By which measure members are sized.
const sizes = (function () {
  "use strict";
  const { data, places } = picture;
  const measure = document.getElementById("measure"), names = Array.from(measure.options, (option) => option.value);
  let shown = names[0];

  function resize() {
    if (measure.value === shown) return;
    shown = measure.value;
    data.sizes[shown].forEach((size, id) => { places[id].size = size; });
    nodes.update(data.sizes[shown].map((size, id) => ({ id: id, size: size })));
  }
  measure.addEventListener("change", () => { resize(); address.note(); });

  // --- the address: #size=resources
  const shorten = (name) => name.replace(/_fen$/, "");
  function note(said) {
    if (shown !== names[0]) said.set("size", shorten(shown));
  }
  function follow(said, miss) {
    const wanted = said.get("size"), name = names.find((each) => shorten(each) === wanted);
    if (wanted !== null && name === undefined) miss("size", wanted);
    measure.value = name || names[0];
    resize();
  }

  return { resize, note, follow };
})();
