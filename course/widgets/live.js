// What the stage of a live explorer shares: texts around the drawing, the theme, the controls. A drawing file ends with
// `export default live(make)`; make(stage) returns { draw(), words(), close() }, of which only draw is needed.

const SVG = "http://www.w3.org/2000/svg";

function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function button(text, onClick) {
  const node = element("button", "", { type: "button" });
  node.textContent = text;
  node.addEventListener("click", onClick);
  return node;
}

function labelled(text, control) {
  const node = element("label", "");
  node.append(text, control);
  return node;
}

// A number as cells show it: 3, -0.25, 1e+04; as short() in grids.py.
function short(value) {
  if (Number.isInteger(value) && Math.abs(value) < 1e5) return String(value);
  if (Math.abs(value) >= 1e4 || (value !== 0 && Math.abs(value) < 0.005)) return value.toExponential(0);
  return String(Number(value.toFixed(2)));
}

// Calls `tick` again and again while the drawing can be seen; stops by itself when `tick` returns false.
class Player {
  constructor(root, tick, onChange, signal) {
    Object.assign(this, { tick, onChange, timer: null });
    const seen = new IntersectionObserver(([entry]) => { if (!entry.isIntersecting) this.stop(); });
    seen.observe(root);
    signal.addEventListener("abort", () => { seen.disconnect(); this.stop(); });
  }

  get playing() {
    return this.timer !== null;
  }

  start(milliseconds) {
    this.stop();
    this.timer = setInterval(() => { if (!this.tick()) this.stop(); }, milliseconds);
    this.onChange();
  }

  stop() {
    if (!this.playing) return;
    clearInterval(this.timer);
    this.timer = null;
    this.onChange();
  }
}

// A button that has nothing to do keeps the focus, and says so.
function rest(control, resting) {
  control.setAttribute("aria-disabled", String(resting));
}

// Once for each model in the page; `render` once for each place where it is shown.
const live = (make) => () => {
  let views = 0;

  function render({ model, el }) {
    const gone = new AbortController();
    el.classList.add("course-picture");
    const root = element("div", "course-live course-picture-image", { role: "group" });
    const status = element("p", "course-picture-status", { "aria-hidden": "true" });
    const spoken = element("p", "course-picture-spoken", { role: "status", "aria-live": "polite" });
    const error = element("pre", "course-picture-error", { role: "alert", tabindex: "-1" });
    const readout = element("div", "course-picture-readout", { "aria-live": "polite" });
    const frame = element("div", "course-picture-frame");
    frame.append(root, status);
    el.append(frame, spoken, error, readout);
    const drawing = make({ model, root, signal: gone.signal });
    let count = 0;

    function paint() {
      root.dataset.theme = model.get("theme") || pageTheme();
    }

    function update() {
      frame.style.width = `${model.get("width")}px`;
      root.classList.toggle("course-picture-stale", model.get("stale"));
      root.setAttribute("aria-label", model.get("alt"));
      setText(status, model.get("status"));
      setText(spoken, model.get("status").replace(/ \([^)]*\)/, ""));
      setText(error, model.get("error"));
      error.tabIndex = model.get("error") ? 0 : -1;
      const { drawn = false } = model.get("scene");
      root.classList.toggle("course-live-empty", !drawn); // nothing to step through yet
      if (drawn) drawing.draw();
      setText(readout, (!model.get("stale") && drawing.words?.()) || model.get("readout"));
      root.dataset.frame = ++count;
    }

    paint();
    update();
    model.on("change", update);
    model.send({ views: ++views });
    tellPage(model);
    const themes = new MutationObserver(() => {
      const before = root.dataset.theme;
      paint();
      if (root.dataset.theme !== before) update();
      tellPage(model);
    });
    themes.observe(document.body, { attributes: true });
    whenConnected(el, () => {
      update(); // only now the page's fonts and colours are known
      const explorer = el.closest(".course-explorer");
      if (!explorer) return;
      tendControls(explorer, gone.signal);
      mindKernel(model, explorer, gone.signal);
    }, gone.signal);
    return () => {
      gone.abort();
      themes.disconnect();
      model.off("change", update);
      drawing.close?.();
      model.send({ views: --views });
    };
  }

  return { render };
};
