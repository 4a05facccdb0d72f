// Pooling: input with its windows, the pooled numbers, and those without the shift. The shift, and the window that is
// looked at, move without asking Python, which sent all shifts at once.

const SHEET = 720, LARGEST = 46, TOP = 26, APART = 56; // pixels

function makePooling({ model, root }) {
  let scene = null, fixed = [];
  const drawing = svg("svg", { role: "group", "aria-label": "Input, pooled numbers, and those without the shift" });
  const hint = element("p", "course-live-hint", { "aria-live": "polite" });
  const say = (text) => setText(hint, text);
  const titles = svg("g"), marks = svg("g");
  drawing.append(titles);
  const input = new Grid(drawing, "Input. Arrow keys move, a number and Enter write.", { onWrite: write, say });
  const output = new Grid(drawing, "Pooled numbers. Arrow keys choose a window.", { onPick: look, onHover: look, say });
  const before = new Grid(drawing, "Pooled numbers without the shift");
  drawing.append(marks);
  const slider = element("input", "", { type: "range", min: 0, step: 1 });
  slider.addEventListener("input", () => set("shift", Number(slider.value)));
  const flag = element("strong", "");
  const bar = element("div", "course-live-bar");
  bar.append(labelled("Shift to the right", slider), flag);
  root.append(drawing, bar, hint);

  const shift = () => Math.min(model.get("shift"), scene.shifts.length - 1);
  const cell = () => Math.min(model.get("cell"), scene.letters.length - 1);

  function set(name, value) {
    if (value === model.get(name)) return;
    model.set(name, value); // draws
    model.save_changes();
  }

  function look(_, r, c) {
    set("cell", r * scene.shape[1] + c);
  }

  function write(_, r, c, value) {
    const column = c - shift();
    if (column < 0) say("What the shift brought in is 0.");
    else model.send({ write: [[r, column], value] });
  }

  // The window of an input cell, or nothing where it is in none or in several.
  function owner(r, c) {
    const { window: size, stride, shape } = scene;
    if (stride < size) return null;
    const [i, j] = [Math.floor(r / stride), Math.floor(c / stride)];
    const inside = i < shape[0] && j < shape[1] && r - i * stride < size && c - j * stride < size;
    return inside ? i * shape[1] + j : null;
  }

  function seen(r, c) {
    const { window: size, stride, shape } = scene;
    return r < (shape[0] - 1) * stride + size && c < (shape[1] - 1) * stride + size;
  }

  function build() {
    const now = scene.shifts[shift()];
    const [rows, columns, [outRows, outColumns]] = [now.text.length, now.text[0].length, scene.shape];
    const size = Math.min(LARGEST, 350 / rows, (SHEET - 2 * APART) / (columns + 2 * outColumns));
    const coloured = scene.letters[0] !== "";
    const colour = (number) => scene.colours[number % scene.colours.length];
    input.lay({ planes: [now.text], x: 4, y: TOP, size, gap: 0, look: (_, r, c) => {
      const number = owner(r, c);
      const kind = seen(r, c) ? "" : "course-unused";
      return coloured && number !== null && scene.read
        ? { colour: colour(number), share: 0.6, kind } : { share: now.share[r][c], signed: scene.signed, kind };
    } });
    const at = [4 + columns * size + APART, 4 + (columns + outColumns) * size + 2 * APART];
    const { changed, wrong, outShare } = now;
    output.lay({ planes: [now.out], x: at[0], y: TOP, size, gap: 0, look: (_, r, c) => {
      const number = r * outColumns + c;
      const kind = wrong[number] ? "course-wrong" : changed[number] && !scene.read ? "course-differs" : "";
      return coloured && scene.read ? { colour: colour(number), share: 0.6, kind }
        : { share: outShare[r][c], signed: scene.signed, kind };
    } });
    const first = scene.shifts[0];
    before.lay({ planes: [first.out], x: at[1], y: TOP, size, gap: 0,
      look: (_, r, c) => ({ share: first.outShare[r][c], signed: scene.signed }) });
    const title = (text, x) => svg("text", { x, y: TOP / 2, "font-size": 14, class: "course-left" }, text);
    titles.replaceChildren(title(`input, shift ${shift()}`, 4), title(`pooled: ${scene.kind}`, at[0]),
      title("without the shift", at[1]));
    const rings = scene.kind === "max" ? now.winners.map(([r, c]) => {
      const [x, y] = input.corner(0, r, c);
      return svg("circle", { cx: x + size / 2, cy: y + size / 2, r: 0.42 * size, class: "course-winner" });
    }) : [];
    const letters = scene.letters.flatMap((letter, number) => {
      const [r, c] = [Math.floor(number / outColumns), number % outColumns];
      return letter === "" ? [] : [[input, r * scene.stride, c * scene.stride], [output, r, c]].map(([grid, row, column]) => {
        const [x, y] = grid.corner(0, row, column);
        return svg("text", { x: x + 7, y: y + 8, "font-size": 10 }, letter);
      });
    });
    const crosses = scene.read ? changed.map((is, number) => {
      const [x, y] = output.corner(0, Math.floor(number / outColumns), number % outColumns);
      return is && svg("text", { x: x + size - 7, y: y + 8, "font-size": 12, class: "course-changed" }, "≠");
    }).filter(Boolean) : [];
    fixed = [...(scene.read ? rings : []), ...letters, ...crosses];
    drawing.setAttribute("viewBox", `0 0 ${SHEET} ${TOP + Math.max(input.height, output.height) + 8}`);
    const count = changed.filter(Boolean).length;
    flag.textContent = count ? `changed in ${count} of ${changed.length}` : "unchanged";
    slider.max = scene.shifts.length - 1;
    slider.value = shift();
  }

  function mark() {
    const [r, c] = [Math.floor(cell() / scene.shape[1]), cell() % scene.shape[1]];
    output.cursor = [0, r, c];
    output.moveRing();
    const { window: size, stride } = scene;
    const boxes = [input.around(0, r * stride, c * stride, size, size), output.around(0, r, c)];
    marks.replaceChildren(...fixed, ...boxes.map((box) => svg("rect", { ...box, class: "course-frame" })));
  }

  let drawn = [];
  return {
    draw() {
      const news = [model.get("scene"), model.get("shift")];
      if (news.some((one, k) => one !== drawn[k])) {
        [scene] = drawn = news;
        build();
      }
      mark();
    },
    words() {
      const now = scene?.shifts[shift()];
      return now && `${now.head}\n${now.steps[cell()]}`;
    },
  };
}

export default live(makePooling);
