// Frames ahead: pictures that Python computed before they were asked for. The page keeps their bytes, holds the
// nearest ten decoded, and shows one as soon as a control has moved. Python's own answer follows, and wins.

const DECODED = 5; // in each direction

// The position of a control, counted as Axis.position in axes.py counts it.
function position(control) {
  const index = control.get("index");
  if (index !== undefined && !Array.isArray(index)) return index ?? -1;
  const value = control.get("value");
  if (typeof value === "boolean") return Number(value);
  const [least, step, base] = ["min", "step", "base"].map((name) => control.get(name));
  if (typeof value !== "number" || !step || typeof least !== "number") return "@0";
  const exact = ((base === undefined ? value : Math.log(value) / Math.log(base)) - least) / step;
  const nearest = Math.floor(exact + 0.5);
  return Math.abs(exact - nearest) < 1e-4 ? nearest : `@${Math.floor(1e6 * value + 0.5)}`;
}

// What the page shows in one state.
class Frame {
  constructor(bytes, { readout, alt, error }) {
    Object.assign(this, { readout, alt, error, image: null, ready: false });
    this.url = URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
  }

  async decode() {
    if (!this.image) {
      this.image = new Image();
      this.image.src = this.url;
      this.decoding = this.image.decode().then(() => { this.ready = true; }, () => {});
    }
    await this.decoding;
  }

  cool() {
    this.image = null;
    this.ready = false;
  }

  free() {
    this.cool();
    URL.revokeObjectURL(this.url);
  }
}

// The frames of one model. `show` is called with a frame when the controls have moved to its state.
class Frames {
  constructor(model) {
    this.model = model;
    this.controls = [];
    this.kept = new Map();
    this.warm = new Set();
    this.views = new Set();
    this.basis = model.get("basis");
    this.last = this.axis = this.told = null;
    this.gone = false;
    this.onMove = () => this.moved();
    this.onMessage = (content, buffers) => this.receive(content, buffers);
    model.on("msg:custom", this.onMessage);
  }

  async connect() {
    const { widget_manager: manager } = this.model;
    this.controls = await Promise.all(this.model.get("axes").map((id) => manager.get_model(id))).catch(() => []);
    if (this.gone) return;
    for (const control of this.controls) control.on("change", this.onMove);
    this.positions = this.controls.map(position);
    this.last = this.positions.join(",");
    this.model.send({ opened: true });
  }

  close() {
    this.gone = true;
    this.model.off("msg:custom", this.onMessage);
    for (const control of this.controls) control.off("change", this.onMove);
    this.clear();
  }

  // The frame of the state that the controls stand at.
  get current() {
    return this.kept.get(this.last);
  }

  moved() {
    const positions = this.controls.map(position);
    const key = positions.join(",");
    if (key === this.last) return;
    this.axis = positions.findLastIndex((place, k) => place !== this.positions[k]);
    this.positions = positions;
    this.last = key;
    const frame = this.current;
    if (frame) for (const view of this.views) view.show(frame);
    this.decodeNearest();
  }

  decodeNearest() {
    const near = new Set([this.current]);
    const place = this.positions?.[this.axis];
    for (let step = -DECODED; Number.isInteger(place) && step <= DECODED; step++) {
      near.add(this.kept.get(this.positions.with(this.axis, place + step).join(",")));
    }
    near.delete(undefined);
    for (const frame of this.warm) if (!near.has(frame)) frame.cool();
    this.warm = near;
    for (const frame of near) frame.decode();
  }

  receive({ basis, key, drop, ...texts }, [bytes]) {
    this.useBasis(basis);
    for (const name of drop ?? []) this.remove(name);
    if (bytes) this.keep(key, new Frame(bytes, texts));
  }

  useBasis(basis) {
    if (basis === this.basis) return;
    this.basis = basis;
    this.told = null;
    this.clear();
    if (this.near?.closest(".course-explorer")?.matches(":hover, :focus-within")) this.approach(this.near);
  }

  keep(key, frame) {
    this.remove(key);
    if (!this.basis) return;
    this.kept.set(key, frame);
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.decodeNearest(), 0);
  }

  remove(key) {
    const frame = this.kept.get(key);
    if (!frame) return;
    this.kept.delete(key);
    this.warm.delete(frame);
    this.discard(frame);
  }

  // A frame on the screen stays until another one is shown, and so does Python's newest answer, for new views.
  discard(frame) {
    if (frame !== this.answer && ![...this.views].some((view) => view.shown === frame)) frame.free();
  }

  discardUnlessKept(frame) {
    if (![...this.kept.values()].includes(frame)) this.discard(frame);
  }

  clear() {
    for (const key of [...this.kept.keys()]) this.remove(key);
  }

  // The focus or the mouse is here: tell Python which axis comes next.
  async approach(target) {
    this.near = target;
    for (const [axis, control] of this.controls.entries()) {
      for (const view of Object.values(control.views ?? {})) {
        if (!(await view).el?.contains(target)) continue;
        const said = `${axis} of ${this.basis}`;
        if (said !== this.told && this.basis) {
          this.told = said;
          this.model.send({ axis });
        }
        return;
      }
    }
  }
}
