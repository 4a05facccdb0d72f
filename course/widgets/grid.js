// A stack of grids of numbers, one below the other, that keys and mouse move in and write into.

const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

// Colours of a number: -1 blue, 0 paper, 1 red; or ink from 0 to 1. Weak enough for a text in ink to be read on it.
function tint(share, signed, given) {
  const strength = Math.min(Math.abs(share), 1) * 0.42;
  const colour = given ?? (!signed ? "var(--ink)" : share < 0 ? "var(--blue)" : "var(--red)");
  return { style: `fill: ${colour}; fill-opacity: ${strength.toFixed(3)}` };
}

// keys: onPick(plane, row, column) when a cell is chosen, onWrite(plane, row, column, number) if it may be written.
class Grid {
  constructor(parent, label, { onPick, onHover, onWrite, onKey, say } = {}) {
    Object.assign(this, { onPick, onHover, onWrite, onKey, say, cursor: [0, 0, 0], typed: null, cells: new Map() });
    this.node = svg("g", { class: "course-grid" });
    if (onPick || onWrite) {
      for (const [name, value] of Object.entries({ tabindex: 0, role: "application", "aria-label": label })) {
        this.node.setAttribute(name, value);
      }
      this.node.dataset.lmSuppressShortcuts = "true"; // arrow keys move here, not in the notebook
      this.node.addEventListener("keydown", (event) => this.pressed(event));
      this.node.addEventListener("pointerdown", (event) => this.clicked(event));
      this.node.addEventListener("pointerover", (event) => {
        const place = event.target.closest("[data-cell]")?.dataset.cell;
        if (place) this.onHover?.(...place.split(",").map(Number));
      });
      this.node.addEventListener("blur", () => this.commit());
      this.node.addEventListener("focus", () => this.tell());
    }
    parent.append(this.node);
  }

  // planes: [plane][row][column] of texts; x, y, size, gap in pixels; look(plane, row, column) gives share, signed or a
  // colour, and kind, a class.
  lay({ planes, x, y, size, gap, look }) {
    Object.assign(this, { planes, x, y, size, gap });
    this.cells.clear();
    const made = [];
    planes.forEach((plane, p) => plane.forEach((row, r) => row.forEach((text, c) => {
      const { share = 0, kind = "", signed = true, colour } = look(p, r, c);
      const [left, top] = this.corner(p, r, c);
      const box = { x: left, y: top, width: size, height: size };
      const label = svg("text", { x: left + size / 2, y: top + size / 2 });
      const cell = svg("g", { class: `course-cell ${kind}`, "data-cell": `${p},${r},${c}` },
        svg("rect", box), svg("rect", { ...box, class: "course-tint", ...tint(share, signed, colour) }), label);
      this.cells.set(`${p},${r},${c}`, cell);
      this.write(cell, text);
      made.push(cell);
    })));
    this.ring = svg("rect", { class: "course-cursor", width: size, height: size });
    this.node.classList.toggle("course-fine", size < 14);
    this.node.replaceChildren(...made, this.ring);
    this.cursor = this.cursor.map((place, axis) => Math.max(0, Math.min(place, this.shape[axis] - 1)));
    this.moveRing();
  }

  get shape() {
    return [this.planes.length, this.planes[0]?.length ?? 0, this.planes[0]?.[0]?.length ?? 0];
  }

  get width() {
    return this.shape[2] * this.size;
  }

  get height() {
    const [planes, rows] = this.shape;
    return planes * rows * this.size + (planes - 1) * this.gap;
  }

  corner(p, r, c) {
    return [this.x + c * this.size, this.y + p * (this.shape[1] * this.size + this.gap) + r * this.size];
  }

  // Attributes of a rectangle around rows x columns cells.
  around(p, r, c, rows = 1, columns = 1) {
    const [x, y] = this.corner(p, r, c);
    return { x, y, width: columns * this.size, height: rows * this.size };
  }

  cell(p, r, c) {
    return this.cells.get(`${p},${r},${c}`);
  }

  write(cell, text) {
    const label = cell.lastChild;
    label.textContent = text;
    label.setAttribute("font-size", Math.min(0.6 * this.size, (1.55 * this.size) / Math.max(text.length, 1), 17));
  }

  moveRing() {
    for (const [name, value] of Object.entries(this.around(...this.cursor))) this.ring.setAttribute(name, value);
    if (document.activeElement === this.node) this.tell();
  }

  tell() {
    const [p, r, c] = this.cursor;
    const plane = this.shape[0] > 1 ? `plane ${p + 1}, ` : "";
    const how = this.onWrite ? " Type a number, then Enter." : "";
    this.say?.(`${plane}row ${r + 1}, column ${c + 1}: ${this.typed ?? (this.planes[p]?.[r]?.[c] || "empty")}.${how}`);
  }

  goTo(p, r, c) {
    this.commit();
    this.cursor = [p, r, c];
    this.moveRing();
    this.onPick?.(p, r, c);
  }

  clicked(event) {
    const place = event.target.closest("[data-cell]")?.dataset.cell;
    if (!place || event.button) return;
    this.node.focus({ preventScroll: true });
    event.preventDefault();
    this.goTo(...place.split(",").map(Number));
  }

  pressed(event) {
    const move = ARROWS[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (move) this.step(...move);
    else if (this.onWrite && /^[-0-9.]$/.test(event.key)) this.type((this.typed ?? "") + event.key);
    else if (this.typed !== null && event.key === "Backspace") this.type(this.typed.slice(0, -1));
    else if (this.typed !== null && event.key === "Enter") this.commit();
    else if (this.typed !== null && event.key === "Escape") this.type(null);
    else if (!this.onKey?.(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  // Over the edge of a plane into the next one.
  step(down, right) {
    const [planes, rows, columns] = this.shape;
    let [p, r, c] = this.cursor;
    r += down;
    c += right;
    if (r < 0 && p > 0) [p, r] = [p - 1, rows - 1];
    if (r >= rows && p < planes - 1) [p, r] = [p + 1, 0];
    this.goTo(p, Math.max(0, Math.min(r, rows - 1)), Math.max(0, Math.min(c, columns - 1)));
  }

  type(text) {
    this.typed = text;
    const [p, r, c] = this.cursor;
    if (this.cell(p, r, c)) this.write(this.cell(p, r, c), text ?? this.planes[p][r][c]);
    this.tell();
  }

  commit() {
    if (this.typed === null) return;
    const value = Number(this.typed);
    const given = this.typed.trim() !== "" && Number.isFinite(value);
    this.type(null);
    if (given) this.onWrite(...this.cursor, value);
  }
}
