// Shows PNG bytes with alt text, and texts in live regions. Also looks after the controls of the explorer around it
// (controls.js), shows frames before Python answers (frames.js), and tells Python the theme of the page (page.js).

const ANSWER = ["png", "key", "stale", "alt", "error", "readout"];

// One view: an image and texts. `show` puts a frame into it.
class PictureView {
  constructor(model, el, frames) {
    this.model = model;
    this.frames = frames;
    this.shown = null;
    this.newest = 0;
    el.classList.add("course-picture");
    this.image = element("img", "course-picture-image");
    this.status = element("p", "course-picture-status", { "aria-hidden": "true" });
    this.spoken = element("p", "course-picture-spoken", { role: "status", "aria-live": "polite" });
    this.error = element("pre", "course-picture-error", { role: "alert", tabindex: "-1" });
    this.readout = element("div", "course-picture-readout", { "aria-live": "polite" });
    this.frame = element("div", "course-picture-frame");
    this.frame.append(this.image, this.status);
    el.append(this.frame, this.spoken, this.error, this.readout);
  }

  // At once if the frame is decoded, else when it is: no blank frame in between.
  async show(frame) {
    const mine = ++this.newest;
    if (!frame.ready) await frame.decode();
    if (mine !== this.newest) return frame === this.shown || this.frames.discardUnlessKept(frame);
    const old = this.shown;
    this.shown = frame;
    this.image.src = frame.url;
    this.image.dataset.frame = mine;
    this.image.classList.toggle("course-picture-stale", frame === this.frames.answer && this.model.get("stale"));
    this.say(frame === this.frames.answer ? this.answer : frame);
    if (old && old !== frame) this.frames.discardUnlessKept(old);
  }

  // What Python says now; of a picture that is out of date that is not what was said with it.
  get answer() {
    return Object.fromEntries(["alt", "error", "readout"].map((name) => [name, this.model.get(name)]));
  }

  say({ alt, error, readout }) {
    this.image.alt = alt;
    setText(this.error, error);
    this.error.tabIndex = error ? 0 : -1; // a long traceback scrolls, by keyboard as well
    setText(this.readout, readout);
  }

  // Python's answer wins, unless the controls have gone on to a state that the page knows.
  update(news) {
    const { model, frames } = this;
    this.frame.style.width = `${model.get("width")}px`;
    this.status.textContent = model.get("status");
    setText(this.spoken, model.get("status").replace(/ \([^)]*\)/, "")); // the seconds are seen, not spoken
    if (!news || (frames.current && model.get("key") !== frames.last)) return;
    if (frames.answer && frames.answer !== this.shown) this.show(frames.answer);
    this.say(this.answer);
    this.image.classList.toggle("course-picture-stale", model.get("stale"));
  }
}

// Once for each model in the page; `render` once for each place where it is shown.
export default () => {
  let frames = null;

  // Python has sent something: is it an answer, or only that a slow function still runs?
  function answered(model) {
    const said = ANSWER.map((name) => model.get(name));
    const news = !frames.said || said.some((value, k) => value !== frames.said[k]);
    const [bytes, key, stale] = said;
    frames.useBasis(model.get("basis"));
    if (bytes?.byteLength && bytes !== frames.said?.[0]) {
      const old = frames.answer;
      frames.answer = new Frame(bytes, { alt: model.get("alt"), error: model.get("error"), readout: model.get("readout") });
      if (!stale) frames.keep(key, frames.answer);
      if (old) frames.discardUnlessKept(old);
    }
    if (stale) frames.remove(key);
    frames.said = said;
    for (const view of frames.views) view.update(news);
  }

  function initialize({ model }) {
    frames = new Frames(model);
    frames.connect();
    answered(model);
    const update = () => answered(model);
    model.on("change", update);
    return () => {
      model.off("change", update);
      frames.close();
    };
  }

  function render({ model, el }) {
    const gone = new AbortController();
    const view = new PictureView(model, el, frames);
    frames.views.add(view);
    model.send({ views: frames.views.size });
    view.update(true);
    if (frames.current) view.show(frames.current);
    tellPage(model);
    const themes = new MutationObserver(() => tellPage(model));
    themes.observe(document.body, { attributes: true });
    whenConnected(el, () => {
      const explorer = el.closest(".course-explorer");
      if (!explorer) return;
      tendControls(explorer, gone.signal);
      mindKernel(model, explorer, gone.signal);
      for (const name of ["focusin", "pointerover"]) {
        explorer.addEventListener(name, (event) => frames.approach(event.target), { signal: gone.signal });
      }
    }, gone.signal);
    return () => {
      gone.abort();
      themes.disconnect();
      frames.views.delete(view);
      if (view.shown) frames.discardUnlessKept(view.shown);
      model.send({ views: frames.views.size });
    };
  }

  return { initialize, render };
};
