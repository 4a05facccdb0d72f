// A convolution, cell by cell: input, kernels, products and output. What it shows of a step came from Python with the
// arrays; stepping, playing and pointing ask nobody.

const WIDTH = 720, HIGHEST = 392, LARGEST = 46, TOP = 26, BETWEEN = 42; // pixels
const SPEED = 900; // milliseconds a step
const KEYS = "Arrow keys move, a number and Enter write.";

function makeStepper({ model, root, signal }) {
  let scene = null, sumAt = 0;
  const drawing = svg("svg", { role: "group", "aria-label": "Input, kernels, products and output" });
  const hint = element("p", "course-live-hint", { "aria-live": "polite" });
  const say = (text) => setText(hint, text);
  const layers = Object.fromEntries(["titles", "still", "marks"].map((name) => [name, svg("g")]));
  drawing.append(layers.titles);
  const input = new Grid(drawing, `Input. ${KEYS}`, { onWrite: (...at) => write("image", at), say });
  const kernels = [], biases = [];
  const products = new Grid(drawing, "Products");
  const output = new Grid(drawing, "Output. Arrow keys choose the cell, Space plays and pauses.",
    { onPick: (f, r, c) => go(number(f, r, c)), onKey: outputKey, say });
  drawing.append(layers.marks);

  const back = button("◀ Back", () => go(position() - 1));
  const step = button("Step ▶", () => go(position() + 1));
  const play = button("Play", () => (player.playing ? player.stop() : startPlaying()));
  const slider = element("input", "", { type: "range", min: 0, step: 1 });
  slider.addEventListener("input", () => go(Number(slider.value)));
  const box = element("input", "", { type: "text", inputmode: "decimal", autocomplete: "off" });
  const answer = labelled("Output cell =", box);
  const check = button("Check", () => tell(Number(box.value.replace("−", "-"))));
  const show = button("Show it", () => tell(null));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") (box.readOnly ? step : check).click();
  });
  const bar = element("div", "course-live-bar");
  bar.append(back, step, play, labelled("Position", slider), answer, check, show);
  root.append(drawing, bar, hint);
  const player = new Player(root, () => go(position() + 1), () => { play.textContent = player.playing ? "Pause" : "Play"; },
    signal);

  const count = () => scene.steps.length;
  const position = () => Math.min(model.get("position"), Math.max(count() - 1, 0));
  const cellOf = (k) => {
    const [, rows, columns] = scene.out.shape;
    return [Math.floor(k / (rows * columns)), Math.floor(k / columns) % rows, k % columns];
  };
  function number(f, r, c) {
    const [, rows, columns] = scene.out.shape;
    return (f * rows + r) * columns + c;
  }

  // True if there was a cell to go to.
  function go(k) {
    if (k < 0 || k >= count()) return false;
    if (k !== model.get("position")) {
      model.set("position", k); // draws
      model.save_changes();
    }
    return k < count() - 1;
  }

  function startPlaying() {
    if (!count()) return;
    if (position() >= count() - 1) go(0);
    player.start(SPEED);
  }

  function outputKey(key) {
    if (key === "Home") go(0);
    else if (key === "End") go(count() - 1);
    else if (key === " ") play.click();
    else return false;
    return true;
  }

  function write(name, at) {
    const place = at.slice(0, -1);
    if (name === "image") {
      place[1] -= scene.padding;
      place[2] -= scene.padding;
      const [rows, columns] = [scene.input.values[0].length, scene.input.values[0][0].length];
      const inside = (at, size) => at >= 0 && at < size - 2 * scene.padding;
      if (!inside(place[1], rows) || !inside(place[2], columns)) {
        say("The padding is always 0.");
        return;
      }
    }
    model.send({ write: [name, place, at.at(-1)] });
  }

  function tell(value) {
    if (box.readOnly) return;
    if (value !== null && (box.value.trim() === "" || !Number.isFinite(value))) {
      say("Type a number first.");
      return;
    }
    model.set("answers", { ...model.get("answers"), [position()]: value });
    model.save_changes();
    box.value = "";
  }

  // All grids anew: the arrays have changed.
  function build() {
    const { input: given, padding, out } = scene;
    const [channels, rows, columns] = [given.text.length, given.text[0].length, given.text[0][0].length];
    const [kernelRows, kernelColumns] = [scene.kernels[0].text[0].length, scene.kernels[0].text[0][0].length];
    const [filters, outRows, outColumns] = out.shape;
    const gaps = BETWEEN * (filters + 2);
    const stacked = (planes, height) => planes * height + 0.5 * (planes - 1);
    const tall = HIGHEST - TOP - 34;
    const inSize = Math.min(LARGEST, tall / stacked(channels, rows), (0.45 * WIDTH) / columns);
    const others = (filters + 1) * kernelColumns + outColumns;
    const size = Math.min(LARGEST, (WIDTH - gaps - columns * inSize) / others,
      (tall - 30) / stacked(channels, kernelRows), tall / Math.max(stacked(filters, outRows), 1));
    const titles = [];
    const title = (text, x) => titles.push(svg("text", { x, y: TOP / 2, "font-size": 14, class: "course-left" }, text));

    const inside = (r, c) => r >= padding && c >= padding && r < rows - padding && c < columns - padding;
    title(given.title, 2);
    input.lay({ planes: given.text, x: 2, y: TOP, size: inSize, gap: 0.5 * inSize, look: (p, r, c) => ({
      share: given.share[p][r][c], signed: given.values[p][r][c] < 0,
      kind: `${inside(r, c) ? "" : "course-padding"} ${r < scene.covered[0] && c < scene.covered[1] ? "" : "course-unused"}`,
    }) });
    let x = 2 + columns * inSize + BETWEEN;
    while (kernels.length > filters) {
      kernels.pop().node.remove();
      biases.pop().node.remove();
    }
    for (let f = kernels.length; f < filters; f++) {
      kernels.push(new Grid(drawing, `Kernel ${f + 1}. ${KEYS}`, { onWrite: (p, r, c, v) => write("weight", [f, p, r, c, v]), say }));
      biases.push(new Grid(drawing, `Bias ${f + 1}. Type a number.`, { onWrite: (p, r, c, v) => write("bias", [f, v]), say }));
      for (const grid of [kernels[f], biases[f]]) drawing.insertBefore(grid.node, products.node);
    }
    kernels.forEach((grid, f) => {
      const { text, share } = scene.kernels[f];
      title(filters > 1 ? `kernel ${f + 1}` : `kernel ${kernelRows}×${kernelColumns}`, x);
      grid.lay({ planes: text, x, y: TOP, size, gap: 0.5 * size, look: (p, r, c) => ({ share: share[p][r][c] }) });
      biases[f].node.style.display = scene.bias ? "" : "none";
      if (scene.bias) {
        const y = TOP + grid.height + 10;
        titles.push(svg("text", { x, y: y + 12, "font-size": 13, class: "course-left" }, "bias"));
        biases[f].lay({ planes: [[[scene.bias[f]]]], x: x + 34, y, size: 24, gap: 0, look: () => ({}) });
      }
      x += kernelColumns * size + BETWEEN;
    });
    title("products", x);
    products.place = { x, size };
    x += kernelColumns * size + BETWEEN;
    title(`output ${filters > 1 ? `${filters}×` : ""}${outRows}×${outColumns}`, x);
    output.lay({ planes: out.text, x, y: TOP, size, gap: 0.5 * size, look: (f, r, c) => ({
      share: out.share[f][r][c], kind: scene.wrong[number(f, r, c)] ? "course-wrong" : "",
    }) });
    layers.titles.replaceChildren(...titles);
    const bottom = TOP + Math.max(input.height, kernels[0].height + (scene.bias ? 36 : 0), output.height || 0);
    sumAt = Math.max(bottom + 22, 120);
    drawing.setAttribute("viewBox", `0 0 ${WIDTH} ${sumAt + 14}`);
    slider.max = Math.max(count() - 1, 0);
    slider.disabled = count() === 0;
  }

  // What moves: the window, the products, the output so far.
  function mark() {
    const k = position();
    const now = scene.steps[k];
    const first = model.get("answer_first");
    for (const control of [answer, check, show]) control.hidden = !first;
    box.readOnly = !now || now.open;
    for (const control of [check, show]) rest(control, box.readOnly);
    rest(play, !now);
    rest(back, k === 0);
    rest(step, k >= count() - 1);
    if (!now) {
      products.node.replaceChildren();
      layers.marks.replaceChildren();
      return;
    }
    const [f, r, c] = cellOf(k);
    const { stride } = scene;
    const kernel = scene.kernels[f].values;
    const values = kernel.map((plane, p) => plane.map((row, i) => row.map((weight, j) => {
      const pixel = scene.input.values[p][r * stride + i][c * stride + j];
      return { pixel, weight, product: pixel * weight };
    })));
    const largest = Math.max(...values.flat(2).map(({ product }) => Math.abs(product))) || 1;
    const { x, size } = products.place;
    const words = ({ pixel, weight, product }) => {
      const pair = `${short(pixel)}×${short(weight)}`;
      return !now.open ? "?" : size >= 36 && pair.length <= 6 ? pair : short(product);
    };
    products.lay({
      planes: values.map((plane) => plane.map((row) => row.map(words))), x, y: TOP, size, gap: 0.5 * size,
      look: (p, i, j) => ({ share: now.open ? values[p][i][j].product / largest : 0 }),
    });
    for (const [name, cell] of output.cells) {
      const place = number(...name.split(",").map(Number));
      const [plane, row, column] = cellOf(place);
      const text = place > k ? "" : scene.steps[place].open ? output.planes[plane][row][column] : "?";
      output.write(cell, text);
      cell.children[1].style.visibility = text && text !== "?" ? "" : "hidden";
      cell.classList.toggle("course-wrong", scene.wrong[place] && scene.steps[place].open && place <= k);
    }
    output.cursor = [f, r, c];
    output.moveRing();
    const [rows, columns] = [kernel[0].length, kernel[0][0].length];
    const around = kernel.map((_, p) => input.around(p, r * stride, c * stride, rows, columns));
    around.push(...kernel.map((_, p) => kernels[f].around(p, 0, 0, rows, columns)), output.around(f, r, c));
    const sum = svg("text", { x: 2, y: sumAt, "font-size": 16, class: "course-left course-strong" }, now.sum);
    layers.marks.replaceChildren(...around.map((box) => svg("rect", { ...box, class: "course-frame" })), sum);
    kernels.forEach((grid, other) => grid.node.classList.toggle("course-unused", other !== f));
    slider.value = k;
    slider.setAttribute("aria-valuetext", `cell ${k + 1} of ${count()}`);
  }

  return {
    draw() {
      if (scene !== model.get("scene")) {
        scene = model.get("scene");
        build();
      }
      mark();
    },
    words() {
      const now = scene?.steps[position()];
      return scene && (now ? `${scene.head}\n${now.says}` : scene.head);
    },
  };
}

export default live(makeStepper);
