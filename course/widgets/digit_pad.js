// A pad of 280 x 280 for a digit. Draws strokes; their numbers go to Python, which answers. Mouse, finger or keyboard.

const SIDE = 280;
const WIDTH = { pen: 22, eraser: 32 };
const STEP = 10; // one pixel of MNIST a key press
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const HELP = "Drawing pad. Arrow keys move the pen, Shift makes small steps, Space puts the pen down or lifts it, " +
  "E takes the eraser, P the pen, U takes the last stroke back.";

function drawStroke(context, stroke, colours) {
  const points = stroke.points;
  if (!points.length) return;
  context.strokeStyle = stroke.tool === "eraser" ? colours.paper : colours.ink;
  context.lineWidth = WIDTH[stroke.tool];
  context.beginPath();
  context.moveTo(...points[0]);
  for (const point of points.length > 1 ? points.slice(1) : points) context.lineTo(...point);
  context.stroke();
}

function render({ model, el }) {
  el.classList.add("course-pad");
  const canvas = document.createElement("canvas");
  const scale = Math.min(Math.max(window.devicePixelRatio || 1, 1), 2);
  canvas.width = canvas.height = SIDE * scale;
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", HELP);
  canvas.dataset.lmSuppressShortcuts = "true"; // arrow keys move the pen, not the notebook
  const hint = document.createElement("p");
  hint.className = "course-pad-hint";
  hint.setAttribute("aria-live", "polite");
  el.append(canvas, hint);
  const context = canvas.getContext("2d");
  context.scale(scale, scale);
  context.lineCap = context.lineJoin = "round";

  let strokes = structuredClone(model.get("strokes"));
  let current = null; // the stroke under way
  let byKeyboard = false;
  let cursor = [SIDE / 2, SIDE / 2];
  let sending = false;

  function colours() {
    const style = getComputedStyle(canvas);
    return { paper: style.backgroundColor, ink: style.color };
  }

  function paint() {
    const used = colours();
    context.clearRect(0, 0, SIDE, SIDE);
    drawBackground(used);
    for (const stroke of strokes) drawStroke(context, stroke, used);
    if (document.activeElement === canvas) drawCursor();
  }

  function drawBackground(used) {
    const bytes = model.get("background");
    if (!bytes?.byteLength) return;
    context.fillStyle = used.ink;
    for (let i = 0; i < 784; i++) {
      const grey = bytes.getUint8(i) / 255;
      if (grey === 0) continue;
      context.globalAlpha = grey;
      context.fillRect((i % 28) * 10, Math.floor(i / 28) * 10, 10, 10);
    }
    context.globalAlpha = 1;
  }

  function drawCursor() {
    const [x, y] = cursor;
    context.save();
    context.strokeStyle = "#d55e00";
    context.lineWidth = 2;
    context.beginPath();
    context.arc(x, y, WIDTH[model.get("tool")] / 2, 0, 2 * Math.PI);
    context.moveTo(x - 16, y);
    context.lineTo(x + 16, y);
    context.moveTo(x, y - 16);
    context.lineTo(x, y + 16);
    context.stroke();
    context.restore();
  }

  // at most one message a frame: the picture follows the pen, the kernel is not flooded
  function send() {
    paint();
    if (sending) return;
    sending = true;
    requestAnimationFrame(() => {
      sending = false;
      model.set("strokes", structuredClone(strokes));
      model.save_changes();
    });
  }

  function begin(point) {
    current = { tool: model.get("tool"), points: [point] };
    strokes.push(current);
    send();
  }

  function extend(point) {
    const last = current.points.at(-1);
    if (Math.hypot(point[0] - last[0], point[1] - last[1]) < 2) return;
    current.points.push(point);
    send();
  }

  function place(event) {
    const box = canvas.getBoundingClientRect();
    const inside = (value) => Math.round(Math.min(Math.max(value, 0), SIDE));
    const [x, y] = [event.clientX - box.left - canvas.clientLeft, event.clientY - box.top - canvas.clientTop];
    return [inside((x * SIDE) / canvas.clientWidth), inside((y * SIDE) / canvas.clientHeight)];
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    byKeyboard = false;
    cursor = place(event);
    begin(cursor);
    say();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!current || byKeyboard) return;
    for (const step of event.getCoalescedEvents?.() ?? [event]) extend((cursor = place(step)));
  });
  for (const name of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(name, () => {
      if (!byKeyboard) current = null;
    });
  }

  canvas.addEventListener("keydown", (event) => {
    const move = MOVES[event.key];
    const key = event.key.toLowerCase();
    if (move) {
      const step = event.shiftKey ? 2 : STEP;
      cursor = cursor.map((value, axis) => Math.min(Math.max(value + move[axis] * step, 0), SIDE));
      if (current && byKeyboard) extend([...cursor]);
      else paint();
    } else if (event.key === " ") {
      byKeyboard = true;
      if (current) current = null;
      else begin([...cursor]);
    } else if (event.key === "Escape" && current) {
      current = null;
    } else if (key === "u" && !event.ctrlKey && !event.metaKey) {
      current = null;
      strokes = strokes.slice(0, -1);
      send();
    } else if ((key === "e" || key === "p") && !event.ctrlKey && !event.metaKey) {
      current = null;
      model.set("tool", key === "e" ? "eraser" : "pen");
      model.save_changes();
    } else {
      return; // Tab and the rest stay with the page
    }
    event.preventDefault();
    event.stopPropagation();
    say();
  });
  canvas.addEventListener("focus", () => { paint(); say(); });
  canvas.addEventListener("blur", () => {
    if (byKeyboard) current = null;
    paint();
    say();
  });

  function say() {
    const [column, row] = cursor.map((value) => Math.floor(Math.min(value, SIDE - 1) / 10) + 1);
    const tool = model.get("tool") === "pen" ? "Pen" : "Eraser";
    hint.textContent = document.activeElement === canvas
      ? `${tool} ${current && byKeyboard ? "down" : "up"} at column ${column}, row ${row} of 28. Space: down or up. U: undo.`
      : "Draw here. Keyboard: arrows and Space.";
  }

  function strokesSet() {
    if (JSON.stringify(model.get("strokes")) === JSON.stringify(strokes)) return;
    strokes = structuredClone(model.get("strokes"));
    current = null;
    paint();
  }
  function repaint() { paint(); say(); }

  model.on("change:strokes", strokesSet);
  model.on("change:background", repaint);
  model.on("change:tool", repaint);
  const themes = new MutationObserver(() => requestAnimationFrame(paint));
  themes.observe(document.body, { attributes: true });
  requestAnimationFrame(repaint);

  return () => {
    themes.disconnect();
    model.off("change:strokes", strokesSet);
    model.off("change:background", repaint);
    model.off("change:tool", repaint);
  };
}

export default { render };
