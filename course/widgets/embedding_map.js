// A map of pictures: points of a layer, of which the one under the hand shows its picture and its nearest, in pixels
// and in the layer. All of it comes at once, so that nothing is asked while the hand moves.

const MAP = { left: 12, top: 44, width: 436, height: 392 };
const RIGHT = 470, HEIGHT = 450, WITHIN = 18, THUMB = 44; // pixels
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const PLUS = "M-.4,-1.15H.4V-.4H1.15V.4H.4V1.15H-.4V.4H-1.15V-.4H-.4Z";
const SHAPES = { // of matplotlib's markers, around 0
  o: "M-1,0A1,1 0 1 0 1,0A1,1 0 1 0 -1,0Z", s: "M-.9,-.9H.9V.9H-.9Z", D: "M0,-1.25L1.25,0L0,1.25L-1.25,0Z",
  "^": "M0,-1.1L1.05,.85H-1.05Z", v: "M0,1.1L1.05,-.85H-1.05Z", "<": "M-1.1,0L.85,-1.05V1.05Z",
  ">": "M1.1,0L-.85,-1.05V1.05Z", P: PLUS, X: PLUS,
  "*": "M0,-1.3L.3,-.4H1.25L.48,.16L.77,1.05L0,.5L-.77,1.05L-.48,.16L-1.25,-.4H-.3Z",
};

function marker(shape, x, y, size, colour) {
  const turn = shape === "X" ? " rotate(45)" : "";
  return svg("path", { d: SHAPES[shape], fill: colour, transform: `translate(${x} ${y})${turn} scale(${size})` });
}

// White ink of 28 x 28 grey levels, as the address of an image; the style sheet turns it dark on light paper.
function inked(bytes, number) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 28;
  const context = canvas.getContext("2d");
  const pixels = context.createImageData(28, 28);
  for (let i = 0; i < 784; i++) pixels.data.set([255, 255, 255, bytes.getUint8(784 * number + i)], 4 * i);
  context.putImageData(pixels, 0, 0);
  return canvas.toDataURL();
}

function makeMap({ model, root, signal }) {
  let scene = null, held = false, places = [], waiting = false, marked = null;
  const addresses = new Map();
  const drawing = svg("svg", { viewBox: `0 0 720 ${HEIGHT}`, role: "group", "aria-label": "Map and neighbours" });
  const map = svg("g", { tabindex: 0, role: "application", "aria-label":
    "Map of pictures. Arrow keys go to the next point in that direction, Home to the first, Space holds the point." });
  const fixed = svg("g"), marks = svg("g", { "pointer-events": "none" }), side = svg("g");
  const ground = svg("rect", { x: MAP.left - 10, y: MAP.top - 10, width: MAP.width + 20, height: MAP.height + 20,
    class: "course-map-ground" });
  map.append(ground, fixed, marks);
  map.dataset.lmSuppressShortcuts = "true"; // arrow keys move here, not in the notebook
  drawing.append(map, side);
  const hint = element("p", "course-live-hint", { "aria-live": "polite" });
  root.append(drawing, hint);

  const chosen = () => Math.min(model.get("chosen"), places.length - 1);
  const left = (text, x, y, size = 13, kind = "") =>
    svg("text", { x, y, "font-size": size, class: `course-left ${kind}` }, text);

  // At once here; Python, which says the words, at most twenty times a second.
  function choose(number) {
    if (number === chosen()) return;
    model.set("chosen", number); // draws
    if (waiting) return;
    waiting = true;
    setTimeout(() => { waiting = false; model.save_changes(); }, 50);
  }

  function nearest(event) {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(drawing.getScreenCTM().inverse());
    let best = null, least = WITHIN;
    places.forEach(([x, y], number) => {
      const distance = Math.hypot(x - at.x, y - at.y);
      if (distance < least) [best, least] = [number, distance];
    });
    return best;
  }

  // The nearest point in a quarter of the plane.
  function towards([right, down]) {
    const [x, y] = places[chosen()];
    let best = null, least = Infinity;
    places.forEach(([otherX, otherY], number) => {
      const [dx, dy] = [otherX - x, otherY - y];
      const ahead = dx * right + dy * down, aside = Math.abs(dx * down) + Math.abs(dy * right);
      if (ahead > 0.01 && aside <= ahead && Math.hypot(dx, dy) < least) [best, least] = [number, Math.hypot(dx, dy)];
    });
    return best;
  }

  function hold(on) {
    held = on;
    tell();
  }

  map.addEventListener("pointermove", (event) => {
    const number = held ? null : nearest(event);
    if (number !== null) choose(number);
  }, { signal });
  map.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    map.focus({ preventScroll: true });
    event.preventDefault();
    const number = nearest(event);
    const again = held && (number === null || number === chosen());
    if (number !== null) choose(number);
    hold(!again && number !== null);
  }, { signal });
  map.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = ARROWS[event.key];
    const number = move ? towards(move) : event.key === "Home" ? 0 : event.key === "End" ? places.length - 1 : null;
    if (number !== null) choose(number);
    else if (event.key === " ") hold(!held);
    else if (event.key === "Escape" && held) hold(false);
    else if (!move) return;
    event.preventDefault();
    event.stopPropagation();
  }, { signal });

  function tell() {
    setText(hint, held ? "Held. A click or Space lets go."
      : "Point at one, or use arrow keys; a click or Space holds it.");
  }

  function build() {
    addresses.clear();
    places = scene.places.map(([x, y]) => [MAP.left + x * MAP.width, MAP.top + (1 - y) * MAP.height]);
    const legend = [...new Set(scene.labels)].sort().flatMap((label, k) => [
      marker(scene.markers[label], 224 + 23 * k, 14, 4.5, scene.colours[label]), left(label, 231 + 23 * k, 14, 12)]);
    const points = places.map(([x, y], number) => {
      const label = scene.labels[number];
      return marker(scene.markers[label], x.toFixed(1), y.toFixed(1), 3.6, scene.colours[label]);
    });
    fixed.replaceChildren(left(scene.title, 2, 14, 14), ...legend, ...points);
  }

  function picture(number, x, y, size) {
    if (!addresses.has(number)) addresses.set(number, inked(scene.images, number));
    return [svg("image", { href: addresses.get(number), x, y, width: size, height: size, class: "course-digit" }),
      svg("rect", { x, y, width: size, height: size, class: "course-map-ground" })];
  }

  function key(text, y, kind) {
    const line = svg("line", { x1: RIGHT + 104, x2: RIGHT + 130, y1: y, y2: y, class: kind });
    return [line, left(text, RIGHT + 136, y, 11.5)];
  }

  function row(title, numbers, y) {
    const label = scene.labels[chosen()];
    return [left(title, RIGHT, y), ...numbers.flatMap((number, k) => {
      const other = scene.labels[number] !== label;
      const x = RIGHT + k * (THUMB + 6);
      return [...picture(number, x, y + 12, THUMB), svg("text", { x: x + THUMB / 2, y: y + THUMB + 22, "font-size": 12,
        class: other ? "course-changed" : "" }, (other ? "≠ " : "") + scene.labels[number])];
    })];
  }

  function bars(y) {
    const step = Math.min(16, (HEIGHT - y - 14) / scene.accuracy.length);
    return [left("nearest is the same digit", RIGHT, y), ...scene.accuracy.flatMap(([name, share], k) => {
      const middle = y + 17 + k * step, strong = name === scene.layer ? "course-strong" : "";
      return [left(name, RIGHT, middle, 11.5, strong),
        left(`${(100 * share).toFixed(1)} %`, RIGHT + 196, middle, 11.5, strong),
        svg("rect", { x: RIGHT + 62, y: middle - 0.36 * step, width: 128 * share, height: 0.72 * step,
          class: strong ? "course-bar-now" : "course-bar" })];
    })];
  }

  function mark() {
    const here = (marked = chosen()), [x, y] = places[here];
    const lines = [[scene.near[0][here], "course-near-pixels"], [scene.near[1][here], "course-near-layer"]]
      .flatMap(([numbers, kind]) => numbers.map((number) =>
        svg("line", { x1: x, y1: y, x2: places[number][0], y2: places[number][1], class: kind })));
    const ring = (at, r, kind) => svg("circle", { cx: at[0], cy: at[1], r, class: kind });
    marks.replaceChildren(...lines, ...scene.near[1][here].map((number) => ring(places[number], 6, "course-ring-near")),
      ring([x, y], 9, "course-ring"));
    side.replaceChildren(...picture(here, RIGHT, 10, 92), left(`picture ${here}`, RIGHT + 104, 26),
      left(`a ${scene.labels[here]}`, RIGHT + 104, 46, 16, "course-strong"),
      ...key("near in pixels", 72, "course-near-pixels"), ...key(`near in ${scene.layer}`, 92, "course-near-layer"),
      ...row("nearest in pixels", scene.near[0][here], 122),
      ...row(`nearest in ${scene.layer}`, scene.near[1][here], 212), ...bars(306));
    tell();
  }

  return {
    draw() {
      const news = model.get("scene") !== scene;
      if (news) {
        scene = model.get("scene");
        build();
      }
      if (news || marked !== chosen()) mark();
    },
    words() {
      if (!scene) return "";
      const here = chosen();
      const named = (near) => near[here].map((number) => scene.labels[number]).join(" ");
      const [pixels, layer, plane] = scene.near.map(named);
      return `${scene.head}\nPicture ${here}, a ${scene.labels[here]}. Nearest in pixels: ${pixels}; `
        + `in ${scene.layer}: ${layer}; on the map: ${plane}.`;
    },
  };
}

export default live(makeMap);
