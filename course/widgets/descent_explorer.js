// A race downhill: a landscape from above with a path for each method, and their heights step by step. All steps come at
// once; stepping and playing ask nobody, a click on the landscape asks for a race from there.

const MAP = { left: 6, top: 24, width: 390, height: 296 };
const LOSS = { left: 448, top: 24, width: 262, height: 296, low: -6, high: 3 }; // powers of ten
const SPEEDS = { slow: 160, normal: 60, fast: 16 }; // milliseconds a step

function makeRace({ model, root, signal }) {
  let scene = null;
  const drawing = svg("svg", { viewBox: "0 0 720 350", role: "group", "aria-label": "Landscape and heights" });
  const still = svg("g"), moving = svg("g");
  const frame = svg("clipPath", { id: `course-map-${Math.random().toString(36).slice(2)}` },
    svg("rect", { x: MAP.left, y: MAP.top, width: MAP.width, height: MAP.height }));
  const inside = svg("clipPath", { id: `course-loss-${Math.random().toString(36).slice(2)}` },
    svg("rect", { x: LOSS.left, y: LOSS.top - 6, width: LOSS.width, height: LOSS.height + 12 }));
  const land = svg("g", { tabindex: 0, role: "application", "aria-label":
    "Landscape. Right arrow steps on, left arrow back, Home and End go to the ends, Space plays and pauses. A click starts there." });
  land.dataset.lmSuppressShortcuts = "true"; // arrow keys step here, not in the notebook
  land.append(still, moving);
  drawing.append(svg("defs", {}, frame, inside), land);
  const hint = element("p", "course-live-hint", { "aria-live": "polite" });

  const back = button("◀ Back", () => go(position() - 1));
  const step = button("Step ▶", () => go(position() + 1));
  const play = button("Play", () => (player.playing ? player.stop() : startPlaying()));
  const slider = element("input", "", { type: "range", min: 0, step: 1 });
  slider.addEventListener("input", () => go(Number(slider.value)));
  const speed = element("select", "");
  speed.append(...Object.keys(SPEEDS).map((name) => new Option(name, name, name === "normal", name === "normal")));
  speed.addEventListener("change", () => { if (player.playing) player.start(SPEEDS[speed.value]); });
  const bar = element("div", "course-live-bar");
  bar.append(back, step, play, labelled("Step", slider), labelled("Speed", speed));
  const choice = element("div", "course-live-bar", { role: "group", "aria-label": "Methods drawn" });
  root.append(drawing, bar, choice, hint);
  const player = new Player(root, () => go(position() + 1), () => {
    play.textContent = player.playing ? "Pause" : "Play";
    if (!player.playing) model.save_changes();
  }, signal);

  const position = () => Math.min(model.get("position"), scene.steps);
  const isShown = ({ name }) => model.get("shown").includes(name);

  // Here at once; Python, which says the words, when the race pauses.
  function go(k) {
    const to = Math.max(0, Math.min(k, scene.steps));
    if (to !== model.get("position")) {
      model.set("position", to); // draws
      if (!player.playing) model.save_changes();
    }
    return to < scene.steps;
  }

  function startPlaying() {
    if (position() === scene.steps) go(0);
    player.start(SPEEDS[speed.value]);
  }

  land.addEventListener("keydown", (event) => {
    const to = { ArrowRight: position() + 1, ArrowLeft: position() - 1, Home: 0, End: scene.steps }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || (to === undefined && event.key !== " ")) return;
    event.preventDefault();
    if (event.key === " ") play.click();
    else go(to);
  });
  land.addEventListener("click", (event) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(drawing.getScreenCTM().inverse());
    const [x, y] = [(at.x - MAP.left) / MAP.width, (at.y - MAP.top) / MAP.height];
    if (x < 0 || x > 1 || y < 0 || y > 1) return;
    const [left, right, low, high] = scene.box;
    const round = (value) => Math.round(100 * value) / 100;
    model.send({ start: [round(left + x * (right - left)), round(high - y * (high - low))] });
    setText(hint, "All start here now.");
  });

  // White ink on no paper; the style sheet turns it dark on light paper.
  function picture() {
    const bytes = scene.picture, canvas = document.createElement("canvas");
    canvas.width = canvas.height = scene.grid;
    const context = canvas.getContext("2d"), pixels = context.createImageData(scene.grid, scene.grid);
    for (let i = 0; i < scene.grid ** 2; i++) pixels.data.set([255, 255, 255, 0.55 * bytes.getUint8(i)], 4 * i);
    context.putImageData(pixels, 0, 0);
    return canvas.toDataURL();
  }

  function onMap([x, y]) {
    const [left, right, low, high] = scene.box;
    const place = [MAP.left + ((x - left) / (right - left)) * MAP.width, MAP.top + ((high - y) / (high - low)) * MAP.height];
    return place.map((value) => Math.max(-2000, Math.min(2000, value)).toFixed(1));
  }

  const onLoss = (power, k) => [LOSS.left + (k / scene.steps) * LOSS.width,
    LOSS.top + ((LOSS.high - Math.max(power, LOSS.low)) / (LOSS.high - LOSS.low)) * LOSS.height].map((value) => value.toFixed(1));

  function build() {
    const text = (x, y, words, size = 13) => svg("text", { x, y, "font-size": size, class: "course-left" }, words);
    const parts = [text(MAP.left, 10, "from above; the lowest has the colour of the page"),
      text(LOSS.left, 10, "height above the lowest"),
      svg("image", { x: MAP.left, y: MAP.top, width: MAP.width, height: MAP.height, href: picture(),
        preserveAspectRatio: "none", class: "course-digit" }),
      svg("rect", { x: MAP.left, y: MAP.top, width: MAP.width, height: MAP.height, class: "course-map-ground" }),
      svg("rect", { x: LOSS.left, y: LOSS.top, width: LOSS.width, height: LOSS.height, class: "course-map-ground" })];
    for (let power = LOSS.low; power <= LOSS.high; power += 3) {
      const y = onLoss(power, 0)[1];
      parts.push(svg("line", { x1: LOSS.left, x2: LOSS.left + LOSS.width, y1: y, y2: y, class: "course-faint" }),
        text(LOSS.left - 40, Number(y), power === 0 ? "1" : `1e${power}`, 12));
    }
    for (const share of [0, 0.5, 1]) {
      parts.push(svg("text", { x: LOSS.left + share * LOSS.width, y: LOSS.top + LOSS.height + 14, "font-size": 12 }, String(share * scene.steps)));
    }
    still.replaceChildren(...parts);
    slider.max = scene.steps;
    if (choice.childElementCount !== scene.methods.length) {
      choice.replaceChildren(...scene.methods.map((one) => {
        const box = element("input", "", { type: "checkbox" });
        box.addEventListener("change", () => {
          const shown = scene.methods.filter((other) => (other === one || other.name === one.name ? box.checked : isShown(other)));
          model.set("shown", shown.map(({ name }) => name));
          model.save_changes();
        });
        const mark = element("span", "course-mark");
        mark.textContent = one.mark;
        mark.style.color = one.colour;
        const label = element("label", "");
        label.append(box, mark, one.name);
        return label;
      }));
    }
  }

  function mark() {
    const k = position(), drawn = [];
    scene.methods.forEach((one, number) => {
      choice.children[number].firstChild.checked = isShown(one);
      if (!isShown(one)) return;
      const until = one.gone === null ? k : Math.min(k, one.gone - 1);
      const line = (points) => `M${points.map((at) => at.join(",")).join("L")}`;
      const trail = one.path.slice(0, until + 1).map(onMap), curve = one.loss.slice(0, until + 1).map(onLoss);
      const away = one.gone !== null && k >= one.gone;
      for (const [points, clip] of [[trail, frame], [curve, inside]]) {
        const [x, y] = points.at(-1);
        drawn.push(svg("g", { "clip-path": `url(#${clip.id})` },
          svg("path", { d: line(points), class: "course-trail", stroke: one.colour }),
          svg("text", { x, y, "font-size": 17, class: "course-racer", fill: one.colour, style: `fill: ${one.colour}` },
            away ? "✗" : one.mark)));
      }
    });
    moving.replaceChildren(...drawn);
    rest(back, k === 0);
    rest(step, k === scene.steps);
    slider.value = k;
    slider.setAttribute("aria-valuetext", `step ${k} of ${scene.steps}`);
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
      if (!scene || player.playing) return scene && scene.head; // spoken when it pauses
      const k = position();
      const told = scene.methods.filter(isShown).map((one) => one.told[k]);
      return `Step ${k} of ${scene.steps}, height above the lowest: ${told.join("; ") || "no method is drawn"}.\n${scene.head}`;
    },
  };
}

export default live(makeRace);
