// The maps of a net, drawn on a canvas. The unit under the mouse, or under the arrow keys, shows at once what it looks
// at; Python, which sent the arrays, says it in words when it comes to it.

const floats = (view) => new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
const bytes = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
const SAY = 120; // milliseconds between two units that Python is told of

function makeMaps({ model, root, signal }) {
  const canvas = element("canvas", "course-maps", {
    tabindex: 0, role: "application",
    "aria-label": "Maps of the layers. Arrow keys move the unit that is looked at; with Shift, left and right change the " +
      "map, up and down the layer.",
  });
  canvas.dataset.lmSuppressShortcuts = "true"; // arrow keys move the unit, not the notebook
  const fine = Math.min(Math.max(window.devicePixelRatio || 1, 1), 2);
  [canvas.width, canvas.height] = [SHEET.width * fine, SHEET.height * fine];
  const pen = canvas.getContext("2d");
  const menus = {
    shown: menu("Show", [["maps", "the maps"], ["filters", "filters and patches"]]),
    scale: menu("One colour scale for", []), expanded: menu("Enlarge", []),
  };
  const bar = element("div", "course-live-bar");
  bar.append(...Object.values(menus).map(({ label }) => label));
  root.append(canvas, bar);

  let constants = null, scene = null, layers = [], maps = [], weights = {}, initial = {}, boxes = [];
  let unit = model.get("unit"), telling = null, sheet = null, colours = {};

  function menu(name, options) {
    const select = element("select", "");
    const key = { Show: "shown", "One colour scale for": "scale", Enlarge: "expanded" }[name];
    select.addEventListener("change", () => { model.set(key, select.value); model.save_changes(); });
    fill(select, options);
    return { select, label: labelled(name, select) };
  }

  function fill(select, options) {
    select.replaceChildren(...options.map(([value, text]) => {
      const option = element("option", "", { value });
      option.textContent = text;
      return option;
    }));
  }

  // What does not depend on the picture.
  function unpack() {
    constants = model.get("constants");
    ({ layers } = constants);
    const unpacked = (pairs) => Object.fromEntries(Object.entries(pairs).map(([name, pair]) => [name, pair.map(floats)]));
    [weights, initial] = [unpacked(constants.weights), unpacked(constants.initial)];
    fill(menus.scale.select, Object.entries(constants.values));
    fill(menus.expanded.select, [["", "no layer"], ...layers.slice(0, -1).map(({ name }) => [name, name])]);
  }

  const valid = () => {
    const [layer, channel, row, column] = unit;
    const at = Math.min(layer, layers.length - 1);
    const [count, rows = 1, columns = 1] = layers[at].shape;
    return [at, Math.min(channel, count - 1), Math.min(row, rows - 1), Math.min(column, columns - 1)];
  };

  const valueOf = ([layer, channel, row, column]) => {
    const [, rows = 1, columns = 1] = layers[layer].shape;
    return maps[layer][(channel * rows + row) * columns + column];
  };

  // What a map's colours stand for: [largest size, are there numbers below 0?].
  function scales() {
    const sizes = maps.map((values, layer) => {
      const each = values.length / layers[layer].shape[0];
      const of = (part) => part.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0);
      const modules = Array.from({ length: layers[layer].shape[0] }, (_, c) => of(values.subarray(c * each, (c + 1) * each)));
      return { modules, whole: Math.max(...modules), signed: values.some((value) => value < 0) };
    });
    const inner = sizes.slice(0, -1);
    const global = Math.max(...(inner.length ? inner : sizes).map(({ whole }) => whole)) || 1;
    const mode = model.get("scale");
    return (layer, channel) => {
      const { modules, whole, signed } = sizes[layer];
      const dense = layers[layer].shape.length === 1;
      const last = layer === sizes.length - 1; // logits have a scale of their own
      const size = mode === "global" && !last ? global : mode === "module" && !dense ? modules[channel] : whole;
      return [size || 1, signed];
    };
  }

  // A picture of values from 0 to 1, or from -1 to 1, in the given colours; grey ones are ink on paper.
  function picture(values, columns, rows, size, kind) {
    const small = new OffscreenCanvas(columns, rows);
    const image = new ImageData(columns, rows);
    const table = kind === "grey" ? null : bytes(constants.colours[kind]);
    const dark = root.dataset.theme === "dark";
    for (let k = 0; k < columns * rows; k++) {
      const share = k < values.length && Number.isFinite(values[k]) ? values[k] / size : null;
      if (share === null) continue; // nothing there
      const place = kind === "diverging" ? (share + 1) / 2 : share;
      const level = Math.round(255 * Math.min(Math.max(place, 0), 1));
      for (let part = 0; part < 3; part++) image.data[4 * k + part] = table ? table[3 * level + part] : dark ? level : 255 - level;
      image.data[4 * k + 3] = 255;
    }
    small.getContext("2d").putImageData(image, 0, 0);
    return small;
  }

  function words(text, x, y, { size = 12, bold = false, align = "left", colour = colours.ink } = {}) {
    pen.fillStyle = colour;
    pen.font = `${bold ? "bold " : ""}${size}px ${getComputedStyle(root).fontFamily}`;
    pen.textAlign = align;
    pen.textBaseline = "middle";
    pen.fillText(text, x, y);
  }

  function box(x, y, wide, high, colour = colours.orange, line = 2) {
    pen.strokeStyle = colour;
    pen.lineWidth = line;
    pen.strokeRect(x, y, wide, high);
  }

  function put(image, x, y, wide, high) {
    pen.drawImage(image, x, y, wide, high);
    box(x, y, wide, high, colours.faint, 1);
  }

  // The maps do not change while the mouse moves: drawn once, and kept.
  function paintMaps() {
    boxes = layout(layers, model.get("expanded"));
    const scale = scales();
    layers.forEach(({ name, shape, parameters }, layer) => {
      const at = boxes[layer];
      const counted = parameters ? `, ${parameters.toLocaleString("en")} parameters` : "";
      words(`${name}: ${shape.join(" × ")}${counted}`, PANEL, at.y - LABEL / 2 + 1);
      if (!at.open) return;
      const each = at.dense ? maps[layer].length : at.rows * at.columns;
      for (let map = 0; map < at.count; map++) {
        const [size, signed] = scale(layer, map);
        const values = maps[layer].subarray(map * each, (map + 1) * each);
        put(picture(values, at.columns, at.rows, size, signed ? "diverging" : "sequential"), ...cornerOf(at, map), at.wide, at.high);
      }
    });
  }

  // First-layer kernels with their numbers, trained and before, and the patches that excite the chosen map most.
  function paintFilters() {
    boxes = [];
    const [layer, channel] = valid();
    const first = layers.findIndex(({ kernels }) => kernels.length === 4);
    let y = LABEL;
    if (first < 0) words("No kernels: FeatureMaps(..., weights=...) shows them.", PANEL, y / 2);
    else {
      const [count, slices, rows, columns] = layers[first].kernels;
      const across = Math.min(count, 16), size = Math.min((SHEET.width - PANEL) / across - 4, 44);
      const rowsOf = [[`kernels of ${layers[first].name}, trained`, weights], ["before training", initial]];
      for (const [title, source] of rowsOf) {
        const values = source[layers[first].name]?.[0];
        if (!values) continue;
        words(title, PANEL, y - LABEL / 2);
        const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
        for (let k = 0; k < count; k++) {
          const [x, top] = [PANEL + (k % across) * (size + 4), y + Math.floor(k / across) * (size + 18)];
          const one = values.subarray(k * slices * rows * columns, (k * slices + 1) * rows * columns);
          put(picture(one, columns, rows, largest, "diverging"), x, top, size, size);
          words(String(k), x + size / 2, top + size + 8, { align: "center", bold: first === layer && k === channel });
          if (first === layer && k === channel) box(x - 1, top - 1, size + 2, size + 2);
        }
        y += Math.ceil(count / across) * (size + 18) + LABEL + 6;
      }
    }
    const { name, field, jump, offset, kernels } = layers[layer];
    y += LABEL;
    words(`the patches that excite map ${channel} of ${name} most`, PANEL, y - LABEL / 2 - 2, { bold: true });
    const best = constants.patches[name]?.[channel] ?? [];
    const all = bytes(constants.images);
    best.forEach(([number, row, column, value], k) => {
      const [x, size] = [PANEL + k * 61, 56];
      const part = new Float32Array(field * field).fill(NaN);
      for (let i = 0; i < field; i++) for (let j = 0; j < field; j++) {
        const [r, c] = [row * jump + offset + i, column * jump + offset + j];
        if (r >= 0 && c >= 0 && r < 28 && c < 28) part[i * field + j] = all[784 * number + 28 * r + c];
      }
      put(picture(part, field, field, 255, "grey"), x, y, size, size);
      words(`${constants.labels[number]}: ${short(value)}`, x + size / 2, y + size + 10, { size: 11, align: "center" });
    });
    if (!best.length) words("Which pixels it sees is known with weights=..., the net's parameters.", PANEL, y + 10);
    y += 56 + 34;
    if (kernels.length === 4 && layer !== first) {
      words(`A kernel of ${name} is ${kernels[1]} slices, which read maps and not pixels: patches say more.`, PANEL, y);
    }
    words("Left and right: another map. Up and down: another layer.", PANEL, y + 18);
  }

  function paintPicture() {
    words("the picture", 0, LABEL / 2);
    put(picture(floats(scene.image), 28, 28, 1, "grey"), 1, LABEL, 140, 140);
    const best = scene.p.indexOf(Math.max(...scene.p));
    const high = Math.min(19, 210 / scene.p.length);
    words("its answer", 0, LABEL + 160);
    scene.p.forEach((p, k) => {
      const y = LABEL + 172 + k * high;
      words(String(k), 4, y + high / 2, { bold: k === best });
      pen.fillStyle = k === best ? colours.orange : colours.blue;
      pen.fillRect(18, y + 2, 74 * p, high - 4);
      words(`${(100 * p).toFixed(1)} %`, 144, y + high / 2, { align: "right", bold: k === best, size: 11 });
    });
  }

  // The field in the picture, the window in the layer before, and below the maps the sum.
  function mark() {
    const now = valid();
    const [layer, channel, row, column] = now;
    const { kind, jump, offset, field, stride, padding, kernel, name } = layers[layer];
    const five = 5; // pixels of the drawing in one of the picture
    if (kind) {
      const [low, left] = [row, column].map((place) => Math.max(place * jump + offset, 0));
      const [high, right] = [row, column].map((place) => Math.min(place * jump + offset + field, 28));
      box(1 + left * five, LABEL + low * five, (right - left) * five, (high - low) * five);
    }
    if (model.get("shown") !== "maps") return;
    const at = boxes[layer];
    if (at.open) {
      const [map, r, c] = placeOf(at, now);
      const [x, y] = cornerOf(at, map);
      box(x, y, at.wide, at.high, colours.orange, 1.5);
      box(x + (c * at.wide) / at.columns - 1, y + (r * at.high) / at.rows - 1, at.wide / at.columns + 2, at.high / at.rows + 2,
        colours.red);
    }
    const place = at.dense ? `unit ${channel}` : `map ${channel}, (${row}, ${column})`;
    const said = `${name}, ${place}: ${valueOf(now).toPrecision(3)}`;
    words(said, PANEL, MAPS_HIGH + 13, { bold: true });
    if (!kind || kind === "dense") {
      words(kind ? "It sees all numbers of the layer before." : "What it looks at is known with weights=...", PANEL, MAPS_HIGH + 31);
      return;
    }
    const before = layer > 0 ? boxes[layer - 1] : null;
    const [count, rows, columns] = layer > 0 ? layers[layer - 1].shape : [1, 28, 28];
    const values = layer > 0 ? maps[layer - 1] : floats(scene.image);
    if (before?.open) {
      for (let map = kind === "conv" ? 0 : channel; map < (kind === "conv" ? before.count : channel + 1); map++) {
        const [x, y] = cornerOf(before, map);
        const pixel = before.wide / before.columns;
        const [top, left] = [row * stride - padding, column * stride - padding];
        const [t, l] = [Math.max(top, 0), Math.max(left, 0)];
        box(x + l * pixel, y + t * pixel, (Math.min(left + kernel, columns) - l) * pixel, (Math.min(top + kernel, rows) - t) * pixel,
          colours.orange, 1.5);
      }
    }
    const patch = (map) => Float32Array.from({ length: kernel * kernel }, (_, k) => {
      const [r, c] = [row * stride - padding + Math.floor(k / kernel), column * stride - padding + (k % kernel)];
      return r >= 0 && c >= 0 && r < rows && c < columns ? values[(map * rows + r) * columns + c] : 0;
    });
    if (kind === "conv") paintSum(count, kernel, patch, weights[name], channel);
    else {
      const seen = Array.from(patch(channel), (value) => value.toPrecision(2)).join(", ");
      words(kind === "pool" ? `the largest of ${seen}` : `from ${seen} in the layer before`, PANEL, MAPS_HIGH + 31);
    }
  }

  function paintSum(count, kernel, patch, [weight, bias], channel) {
    const size = Math.min(22, (SHEET.width - PANEL - 64) / count - 3);
    const each = kernel * kernel;
    const patches = Array.from({ length: count }, (_, map) => patch(map));
    const kernels = patches.map((_, map) => weight.subarray((channel * count + map) * each, (channel * count + map + 1) * each));
    const most = (parts) => Math.max(...parts.map((part) => Math.max(...part.map(Math.abs)))) || 1;
    const signed = patches.some((part) => part.some((value) => value < 0));
    const rows = [["window", patches, most(patches), signed ? "diverging" : "sequential"], ["× kernel", kernels, most(kernels), "diverging"]];
    rows.forEach(([title, parts, largest, colour], line) => {
      const y = MAPS_HIGH + 24 + line * 25;
      words(title, PANEL, y + 11);
      parts.forEach((part, k) => put(picture(part, kernel, kernel, largest, colour), PANEL + 62 + k * (size + 3), y, size, size));
    });
    const sum = patches.reduce((all, part, map) => all + part.reduce((one, value, k) => one + value * kernels[map][k], 0), 0);
    words(`${count * each} products ${sum.toPrecision(3)} + bias ${bias[channel].toPrecision(3)} = ${(sum + bias[channel]).toPrecision(3)}`,
      SHEET.width, MAPS_HIGH + 13, { align: "right" });
  }

  function paintAll() {
    const style = getComputedStyle(root);
    colours = Object.fromEntries(["ink", "paper", "faint", "orange", "blue", "red"].map((name) => [name, style.getPropertyValue(`--${name}`)]));
    pen.setTransform(fine, 0, 0, fine, 0, 0);
    pen.imageSmoothingEnabled = false;
    pen.clearRect(0, 0, SHEET.width, SHEET.height);
    if (model.get("shown") === "maps") paintMaps();
    else paintFilters();
    paintPicture();
    sheet = pen.getImageData(0, 0, canvas.width, canvas.height);
  }

  function look(next) {
    if (!next || next.every((one, k) => one === unit[k])) return;
    unit = next;
    if (model.get("shown") === "maps") pen.putImageData(sheet, 0, 0);
    else paintAll();
    mark();
    root.dataset.unit = unit.join(",");
    telling ??= setTimeout(() => {
      telling = null;
      model.set("unit", [...unit]);
      model.save_changes();
    }, SAY);
  }

  canvas.addEventListener("pointermove", (event) => {
    if (model.get("shown") !== "maps" || !scene) return;
    const frame = canvas.getBoundingClientRect();
    const scale = SHEET.width / frame.width;
    look(unitAt(boxes, layers, (event.clientX - frame.left) * scale, (event.clientY - frame.top) * scale));
  });
  canvas.addEventListener("pointerdown", () => canvas.focus({ preventScroll: true }));
  canvas.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey || !scene) return;
    event.preventDefault();
    event.stopPropagation();
    let [layer, channel, row, column] = valid();
    const [count, rows = 1, columns = 1] = layers[layer].shape;
    const within = (value, size) => Math.max(0, Math.min(value, size - 1));
    if (model.get("shown") !== "maps" || event.shiftKey || layers[layer].shape.length === 1) {
      const next = within(layer + move[0], layers.length);
      channel = move[0] ? Math.min(channel, layers[next].shape[0] - 1) : within(channel + move[1], count);
      if (next !== layer && layers[next].shape.length === 3) {
        // the same part of the picture
        row = within(Math.round((row / rows) * layers[next].shape[1]), layers[next].shape[1]);
        column = within(Math.round((column / columns) * layers[next].shape[2]), layers[next].shape[2]);
      }
      layer = next;
    } else {
      row = within(row + move[0], rows);
      column = within(column + move[1], columns);
    }
    look([layer, channel, row, column]);
  });
  signal.addEventListener("abort", () => clearTimeout(telling));

  let painted = [];
  return {
    draw() {
      if (constants !== model.get("constants")) unpack();
      scene = model.get("scene");
      for (const [name, { select }] of Object.entries(menus)) select.value = model.get(name);
      if (telling === null) unit = [...model.get("unit")];
      const key = [constants, scene, root.isConnected, root.dataset.theme, ...["shown", "scale", "expanded"].map((name) => model.get(name))];
      if (key.some((one, k) => one !== painted[k])) {
        painted = key;
        maps = scene.maps.map(floats);
        paintAll();
      } else if (model.get("shown") === "maps") pen.putImageData(sheet, 0, 0);
      else paintAll();
      mark();
      root.dataset.unit = unit.join(",");
    },
  };
}

export default live(makeMaps);
