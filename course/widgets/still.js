// Sliders over saved pictures, in a page without a kernel. The data stand in the script element before this one.
for (const still of document.querySelectorAll(".course-still:not(.course-still-moves)")) {
  const data = still.querySelector('script[type="application/json"]');
  if (!data) continue;
  still.classList.add("course-still-moves");
  const { axes, frames, start, together } = JSON.parse(data.textContent);
  const images = still.querySelectorAll("img");
  const words = still.querySelector("figcaption");
  words.setAttribute("aria-live", "polite");
  const state = [...start];
  const rows = axes.map(({ name, places, labels }, axis) => {
    const row = document.createElement("label");
    const [title, input, output] = ["span", "input", "output"].map((tag) => document.createElement(tag));
    row.className = "course-still-control";
    title.textContent = name;
    Object.assign(input, { type: "range", min: 0, max: places.length - 1, step: 1 });
    row.append(title, input, output);
    input.addEventListener("input", () => {
      if (!together) state.splice(0, state.length, ...start);
      state[axis] = places[input.valueAsNumber];
      show();
    });
    return { row, input, output, places, labels };
  });
  const box = document.createElement("div");
  box.append(...rows.map(({ row }) => row));
  if (!together) {
    const note = document.createElement("p");
    note.textContent = "Saved pictures: one control moves at a time. In the notebook all do.";
    box.append(note);
  }
  images[0].before(box);

  function place(row, axis) {
    const at = row.places.indexOf(state[axis]);
    row.input.value = at;
    row.output.textContent = row.labels[at];
    row.input.setAttribute("aria-valuetext", row.labels[at]);
  }

  function show() {
    rows.forEach(place);
    const frame = frames[state.join(",")] ?? { words: "Here the function failed." };
    words.textContent = frame.words;
    for (const image of frame.png ? images : []) {
      image.src = `data:image/png;base64,${frame.png}`;
      image.alt = frame.alt;
    }
  }

  rows.forEach(place);
}
