// Where the maps of each layer stand, in pixels of the drawing, and which unit is at a point.

const PANEL = 168; // the picture and the bars are left of this
const SHEET = { width: 720, height: 430 };
const MAPS_HIGH = 352; // below them: what the unit looks at
const LABEL = 16;
const MOST_MAP = 46, LEAST_MAP = 14, DENSE_ROW = 64;

// One layer as maps of rows x columns; dense layers as one map, wrapped.
function asMaps({ shape }) {
  if (shape.length === 3) return { count: shape[0], rows: shape[1], columns: shape[2], dense: false };
  const columns = Math.min(shape[0], DENSE_ROW);
  return { count: 1, rows: Math.ceil(shape[0] / columns), columns, dense: true };
}

// [{ y, size, across, gap, ... }] of each layer. With `expanded` this layer has all the room.
function layout(layers, expanded) {
  const room = SHEET.width - PANEL;
  const boxes = layers.map((layer) => {
    const maps = asMaps(layer);
    if (maps.dense) {
      const cell = Math.min(room / maps.columns, 30);
      return { ...maps, gap: 0, across: 1, wide: cell * maps.columns, high: Math.min(cell, 14) * maps.rows };
    }
    const across = Math.min(maps.count, Math.floor(room / (LEAST_MAP + 3)));
    const size = Math.min(room / across - 3, MOST_MAP);
    return { ...maps, gap: 3, across, wide: size, high: size * (maps.rows / maps.columns) };
  });
  const lines = (box) => Math.ceil(box.count / box.across);
  const height = (box) => lines(box) * (box.high + box.gap);
  const room_down = MAPS_HIGH - LABEL * layers.length;
  boxes.forEach((box, k) => {
    box.open = !expanded || layers[k].name === expanded;
    if (!expanded || !box.open || box.dense) return;
    let best = 0; // the number of columns that makes the maps largest
    for (let across = 1; across <= box.count; across++) {
      const size = Math.min(room / across - 3, (room_down / Math.ceil(box.count / across)) - 3);
      if (size > best) [best, box.across] = [size, across];
    }
    [box.wide, box.high] = [best, best * (box.rows / box.columns)];
  });
  const needed = boxes.filter((box) => box.open).reduce((sum, box) => sum + height(box), 0);
  const shrink = Math.min(1, room_down / needed);
  let y = 0;
  for (const box of boxes) {
    if (!box.dense) box.wide *= shrink;
    box.high *= shrink;
    box.y = y + LABEL;
    y += LABEL + (box.open ? height(box) : 0);
  }
  return boxes;
}

// Left upper corner of a map.
function cornerOf(box, map) {
  return [PANEL + (map % box.across) * (box.wide + box.gap), box.y + Math.floor(map / box.across) * (box.high + box.gap)];
}

// [layer, channel, row, column] at a point, or nothing.
function unitAt(boxes, layers, x, y) {
  for (const [layer, box] of boxes.entries()) {
    if (!box.open) continue;
    for (let map = 0; map < box.count; map++) {
      const [left, top] = cornerOf(box, map);
      const column = Math.floor(((x - left) / box.wide) * box.columns);
      const row = Math.floor(((y - top) / box.high) * box.rows);
      if (column < 0 || row < 0 || column >= box.columns || row >= box.rows) continue;
      if (!box.dense) return [layer, map, row, column];
      const unit = row * box.columns + column;
      return unit < layers[layer].shape[0] ? [layer, unit, 0, 0] : null;
    }
  }
  return null;
}

// A unit as a place in its box: [map, row, column].
function placeOf(box, [, channel, row, column]) {
  return box.dense ? [0, Math.floor(channel / box.columns), channel % box.columns] : [channel, row, column];
}
