// A computational graph, step by step: values forward, gradients backward. What it shows of a step came from Python;
// stepping, playing and pointing ask nobody.

const WIDTH = 720, HALF = 13, LABEL = 15; // pixels: half the height of a node; what stands above and below it
const SPEED = 1300; // milliseconds a step

const halfWidth = (symbol) => Math.max(17, 4.5 * symbol.length + 7); // as half_width() in graph_still.py

function makeGraph({ model, root, signal }) {
  let scene = null, typed = null;
  root.classList.add("course-graph");
  const box = element("input", "course-expression", { type: "text", autocomplete: "off", spellcheck: "false" });
  box.addEventListener("change", () => {
    model.set("expression", box.value);
    model.save_changes();
  });
  const top = element("div", "course-live-bar");
  top.append(labelled("Expression", box));

  const drawing = svg("svg", { role: "group", "aria-label": "Graph" });
  const graph = svg("g", { tabindex: 0, role: "application", "aria-label":
    "Graph. Right arrow steps on, left arrow back, Home and End go to the ends, Space plays and pauses." });
  graph.dataset.lmSuppressShortcuts = "true"; // arrow keys step here, not in the notebook
  drawing.append(graph);
  const hint = element("p", "course-live-hint", { "aria-live": "polite" });

  const back = button("◀ Back", () => go(position() - 1));
  const forward = button("Forward step ▶", () => {
    if (position() < turn()) go(position() + 1);
  });
  const backward = button("Backward step ◀", () => {
    if (position() < turn()) setText(hint, "First forward: the rules need the values.");
    else go(position() + 1);
  });
  const play = button("Play", () => (player.playing ? player.stop() : startPlaying()));
  const slider = element("input", "", { type: "range", min: 0, step: 1 });
  slider.addEventListener("input", () => go(Number(slider.value)));
  const number = element("input", "", { type: "text", inputmode: "decimal", autocomplete: "off" });
  const answer = labelled("It gets", number);
  const check = button("Check", () => tell(Number(number.value.replace("−", "-"))));
  const show = button("Show it", () => tell(null));
  number.addEventListener("keydown", (event) => {
    if (event.key === "Enter") (number.readOnly ? backward : check).click();
  });
  const bar = element("div", "course-live-bar");
  bar.append(back, forward, backward, play, labelled("Step", slider), answer, check, show);
  root.append(top, drawing, bar, hint);
  const player = new Player(root, () => go(position() + 1),
    () => { play.textContent = player.playing ? "Pause" : "Play"; }, signal);

  const last = () => scene.steps.length - 1;
  const turn = () => scene.steps.findIndex(({ phase }) => phase === "seed") - 1; // the last step forward
  function furthest() {
    const closed = scene.steps.findIndex(({ open }) => !open);
    return closed < 0 ? last() : closed;
  }
  const position = () => Math.min(model.get("position"), furthest());

  // True if there is a step behind it.
  function go(k) {
    const to = Math.max(0, Math.min(k, furthest()));
    setText(hint, k > to && to < last() ? "Say this gradient first, or have it shown." : "");
    if (to !== model.get("position")) {
      model.set("position", to); // draws
      model.save_changes();
    }
    return to < furthest();
  }

  function startPlaying() {
    if (position() === last()) go(0);
    player.start(SPEED);
  }

  graph.addEventListener("keydown", (event) => {
    const to = { ArrowRight: position() + 1, ArrowLeft: position() - 1, Home: 0, End: last() }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || (to === undefined && event.key !== " ")) return;
    event.preventDefault();
    if (event.key === " ") play.click();
    else go(to);
  });
  // A node leads to the step that gives it its value; when it has one, to that which completes its gradient.
  graph.addEventListener("click", (event) => {
    const place = Number(event.target.closest("[data-node]")?.dataset.node ?? NaN);
    if (Number.isNaN(place)) return;
    const { steps } = scene;
    const known = steps[position()].values[place] !== "";
    go(known ? steps.findLastIndex(({ phase, node, to }) => to === place || (phase === "seed" && node === place))
      : steps.findIndex(({ values }) => values[place] !== ""));
  });

  function tell(value) {
    if (number.readOnly) return;
    if (value !== null && (number.value.trim() === "" || !Number.isFinite(value))) {
      setText(hint, "Type a number first.");
      return;
    }
    model.set("position", position()); // it stays here when the next step opens
    model.set("answers", { ...model.get("answers"), [position()]: value });
    model.save_changes();
    number.value = "";
  }

  function endShift(node, operand) {
    const ends = scene.edges.filter(([, other]) => other === node);
    return ends.length > 1 ? 10 * (ends.findIndex((edge) => edge[2] === operand) - (ends.length - 1) / 2) : 0;
  }

  function edge([from, to, operand], step) {
    const [a, b] = [scene.nodes[from], scene.nodes[to]];
    const [x0, x1] = [a.x + halfWidth(a.symbol), b.x - halfWidth(b.symbol)];
    const y1 = b.y + endShift(to, operand), middle = (x0 + x1) / 2;
    const now = to === step.node && (step.phase === "forward" || (step.phase === "backward" && operand === step.local));
    const parts = [svg("path", { d: `M${x0},${a.y}C${middle},${a.y} ${middle},${y1} ${x1},${y1}`,
      class: `course-edge ${now ? "course-edge-now" : ""}` })];
    if (now) { // which way the number goes
      const [x, y, way] = step.phase === "forward" ? [x1, y1, -1] : [x0, a.y, 1];
      parts.push(svg("path", { d: `M${x},${y}l${9 * way},-6v12Z`, class: "course-edge-head" }));
    }
    return svg("g", {}, ...parts);
  }

  function pill(text, x, y, kind) {
    const width = 6.9 * text.length + 8;
    return [svg("rect", { x: x - width / 2, y: y - LABEL / 2, width, height: LABEL, rx: 3, class: kind }),
      svg("text", { x, y: y + 0.5, "font-size": 12.5 }, text)];
  }

  function node(place, step) {
    const { name, symbol, op, x, y, title } = scene.nodes[place];
    const [value, gradient] = [step.values[place], step.gradients[place]];
    const width = halfWidth(symbol);
    const wrong = step.wrong[place].some(Boolean);
    const here = place === step.node || place === step.to;
    const kind = wrong ? "course-node-wrong" : here ? "course-node-now" : "";
    const made = svg("g", { "data-node": place, class: `course-node ${kind}` },
      svg("title", {}, title),
      svg("rect", { x: x - width, y: y - HALF, width: 2 * width, height: 2 * HALF, rx: op ? HALF : 2 }),
      svg("text", { x, y, "font-size": 14 }, symbol));
    const above = y - HALF - LABEL / 2 - 1.5, below = y + HALF + LABEL / 2 + 1.5;
    if (value) made.append(...pill(op ? `${name} = ${value}` : value, x, above, "course-pill-value"));
    else if (op) made.append(svg("text", { x, y: above, "font-size": 12.5 }, name));
    if (gradient) made.append(...pill(gradient, x, below, "course-pill-gradient"));
    return made;
  }

  function mark() {
    const k = position(), step = scene.steps[k];
    const first = model.get("answer_first");
    for (const control of [answer, check, show]) control.hidden = !first;
    number.readOnly = step.open;
    for (const control of [check, show]) rest(control, step.open);
    rest(back, k === 0);
    rest(forward, k >= turn());
    rest(backward, k < turn() || k >= furthest());
    rest(play, k >= furthest() && k < last());
    const height = Math.max(...scene.nodes.map(({ y }) => y)) + 72;
    drawing.setAttribute("viewBox", `0 0 ${WIDTH} ${height}`);
    const legend = [["value above", "course-pill-value"], ["gradient below", "course-pill-gradient"]]
      .flatMap(([text, kind], place) => pill(text, WIDTH - 160 + 105 * place, height - 14, kind));
    graph.replaceChildren(
      svg("rect", { x: 0, y: 0, width: WIDTH, height, class: "course-ground" }),
      ...scene.edges.map((one) => edge(one, step)), ...scene.nodes.map((_, place) => node(place, step)), ...legend,
      svg("text", { x: 4, y: height - 14, "font-size": 15, class: "course-left course-strong" }, step.line));
    slider.max = last();
    slider.value = k;
    slider.setAttribute("aria-valuetext", `step ${k} of ${last()}`);
  }

  return {
    draw() {
      if (scene !== model.get("scene")) scene = model.get("scene");
      if (typed !== model.get("expression")) box.value = typed = model.get("expression");
      mark();
    },
    words() {
      return scene && `${scene.steps[position()].says}\n${scene.head}`;
    },
  };
}

export default live(makeGraph);
