// One painter for each kind of mark in helpers/figures/description.py. `p` is a panel's pen: the canvas context
// `c`, the scales `sx`, `sy`, the frame's arrays `get`, texts, palette, colour tables and theme.

const DASH = [6, 4];

const MARKS = {
  HeatMap(mark, p) {
    const { values, shape: [rows, columns] } = seenOf(mark, p.get);
    const table = p.tables[mark.colours];
    const cells = document.createElement("canvas");
    cells.width = columns;
    cells.height = rows;
    const image = new ImageData(columns, rows);
    for (let r = 0; r < rows; r++) {
      for (let k = 0; k < columns; k++) {
        const row = mark.extent ? rows - 1 - r : r; // a sampled plane has its row 0 at the bottom
        const value = values[row * columns + k]; // a missing value stays transparent
        image.data.set([...colourOf(table, value, mark.limits), Number.isFinite(value) ? 255 : 0], 4 * (r * columns + k));
      }
    }
    cells.getContext("2d").putImageData(image, 0, 0);
    const [x, y] = mark.first;
    const [x0, x1, y0, y1] = mark.extent || [x - 0.5, x + columns - 0.5, y + rows - 0.5, y - 0.5];
    p.c.imageSmoothingEnabled = false;
    p.c.drawImage(cells, p.sx(x0), p.sy(y1), p.sx(x1) - p.sx(x0), p.sy(y0) - p.sy(y1));
    if (mark.numbers === null) return;
    const wide = Math.abs(p.sx(1) - p.sx(0)), tall = Math.abs(p.sy(1) - p.sy(0));
    const size = Math.min(12, tall * 0.6, wide / (0.62 * (mark.numbers + 3)));
    if (size < 6) return; // unreadable numbers are worse than none: the colours remain
    p.c.font = `${size}px ${p.theme.font}`;
    p.c.textAlign = "center";
    p.c.textBaseline = "middle";
    for (let r = 0; r < rows; r++) {
      for (let k = 0; k < columns; k++) {
        const value = values[r * columns + k];
        if (!Number.isFinite(value)) continue;
        p.c.fillStyle = inkOn(colourOf(table, value, mark.limits));
        p.c.fillText(fixed(value, mark.numbers), p.sx(x + k), p.sy(y + r));
      }
    }
  },

  Lines(mark, p) {
    const x = p.get(mark.x), y = seenOf(mark, p.get);
    const n = y.shape[y.shape.length - 1], count = y.shape.length === 2 ? y.shape[0] : 1;
    const strong = mark.strong ? p.get(mark.strong).values[0] : -1;
    const order = [...Array(count).keys()].sort((a, b) => (a === strong) - (b === strong));
    for (const k of order) {
      const pale = (mark.strong && k !== strong) || (!mark.strong && mark.faint);
      p.c.globalAlpha = pale ? 0.3 : 1;
      p.c.lineWidth = mark.width * (pale ? 0.8 : k === strong ? 1.5 : 1);
      p.c.strokeStyle = lineColour(mark, k, p);
      p.c.setLineDash(mark.dashed ? DASH : []);
      p.c.beginPath();
      let down = false;
      for (let i = 0; i < n; i++) {
        const px = p.sx(x.values[x.shape.length === 2 ? k * n + i : i]), py = p.sy(y.values[k * n + i]);
        if (!Number.isFinite(px) || !Number.isFinite(py)) { down = false; continue; }
        if (down) p.c.lineTo(px, py); else p.c.moveTo(px, py);
        down = true;
      }
      p.c.stroke();
    }
    p.c.globalAlpha = 1;
    p.c.setLineDash([]);
  },

  Points(mark, p) {
    const x = p.get(mark.x).values, y = p.get(mark.y).values;
    if (mark.trail) {
      p.c.strokeStyle = p.theme.pale;
      p.c.lineWidth = 1;
      p.c.beginPath();
      x.forEach((value, i) => (i ? p.c.lineTo(p.sx(value), p.sy(y[i])) : p.c.moveTo(p.sx(value), p.sy(y[i]))));
      p.c.stroke();
    }
    const shade = mark.shade ? p.get(mark.shade).values : null;
    x.forEach((value, i) => {
      if (!Number.isFinite(value) || !Number.isFinite(y[i])) return;
      p.c.beginPath();
      p.c.arc(p.sx(value), p.sy(y[i]), mark.size, 0, 2 * Math.PI);
      p.c.strokeStyle = p.c.fillStyle = shade ? css(shadeOf(mark, shade[i], p)) : mark.colour;
      if (mark.ring) { p.c.lineWidth = 2.5; p.c.stroke(); } else p.c.fill();
    });
  },

  Bars(mark, p) {
    const x = p.get(mark.x).values, height = p.get(mark.height).values;
    p.c.fillStyle = mark.colour;
    x.forEach((value, i) => {
      const left = p.sx(value - mark.width / 2), right = p.sx(value + mark.width / 2);
      p.c.fillRect(left, p.sy(Math.max(height[i], 0)), right - left, p.sy(Math.min(height[i], 0)) - p.sy(Math.max(height[i], 0)));
    });
  },

  Cursor(mark, p) {
    p.c.strokeStyle = mark.colour || p.theme.ink;
    p.c.lineWidth = 1.5;
    p.c.setLineDash(mark.dashed ? DASH : []);
    p.c.beginPath();
    if (mark.band) {
      const at = p.get(mark.x || mark.y).values[0], [low, high] = [at - 0.5, at + 0.5];
      if (mark.y && Math.abs(p.sy(high) - p.sy(low)) < 5) { // too thin for a frame: an arrow at each end
        p.c.fillStyle = p.theme.ink;
        for (const [x, d] of [[p.left, -4], [p.right, 4]]) {
          p.c.moveTo(x, p.sy(at));
          p.c.lineTo(x + d, p.sy(at) - 4);
          p.c.lineTo(x + d, p.sy(at) + 4);
        }
        p.c.fill();
        p.c.setLineDash([]);
        return; // the edge of a frame would cover them
      } else if (mark.x) p.c.rect(p.sx(low), p.top, p.sx(high) - p.sx(low), p.bottom - p.top);
      else p.c.rect(p.left, p.sy(low), p.right - p.left, p.sy(high) - p.sy(low));
    } else if (mark.x) { const at = p.sx(p.get(mark.x).values[0]); p.c.moveTo(at, p.top); p.c.lineTo(at, p.bottom); }
    else if (mark.y) { const at = p.sy(p.get(mark.y).values[0]); p.c.moveTo(p.left, at); p.c.lineTo(p.right, at); }
    if (mark.band && p.theme.dark) { // pale ink on a pale map needs an edge
      p.c.strokeStyle = "#222222";
      p.c.lineWidth = 4.5;
      p.c.stroke();
      p.c.strokeStyle = mark.colour || p.theme.ink;
      p.c.lineWidth = 1.5;
    }
    p.c.stroke();
    p.c.setLineDash([]);
  },

  Nodes(mark, p) {
    const x = p.get(mark.x).values, y = p.get(mark.y).values, shade = p.get(mark.shade).values;
    const texts = p.texts(mark.texts);
    const size = mark.size * p.shrink;
    p.c.textAlign = "center";
    p.c.textBaseline = "middle";
    p.c.font = `${Math.max(9, Math.min(12, 1.15 * mark.size) * p.shrink)}px ${p.theme.font}`;
    x.forEach((value, i) => {
      const colour = shadeOf(mark, shade[i], p);
      p.c.fillStyle = css(colour);
      p.c.strokeStyle = p.theme.pale;
      p.c.lineWidth = 1.2;
      p.c.beginPath();
      if (mark.square) p.c.rect(p.sx(value) - size, p.sy(y[i]) - size, 2 * size, 2 * size);
      else p.c.arc(p.sx(value), p.sy(y[i]), size, 0, 2 * Math.PI);
      p.c.fill();
      p.c.stroke();
      p.c.fillStyle = inkOn(colour);
      if (texts[i]) p.c.fillText(texts[i], p.sx(value), p.sy(y[i]));
    });
  },

  Arrows(mark, p) {
    const [x0, y0, x1, y1] = [mark.x0, mark.y0, mark.x1, mark.y1].map((name) => p.get(name).values);
    const weight = mark.weight ? p.get(mark.weight).values : null;
    const least = p.theme.dark ? 0.4 : 0.15; // pale on dark is seen later than dark on pale
    x0.forEach((_, i) => {
      const w = weight ? weight[i] : 1;
      const from = [p.sx(x0[i]), p.sy(y0[i])], to = [p.sx(x1[i]), p.sy(y1[i])];
      const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
      const along = (point, d) => [point[0] + d * Math.cos(angle), point[1] + d * Math.sin(angle)];
      const start = along(from, mark.gap * p.shrink), tip = along(to, -mark.gap * p.shrink);
      const head = 6 + 2.5 * w;
      p.c.globalAlpha = least + (1 - least) * w;
      p.c.strokeStyle = p.c.fillStyle = mark.colour || p.theme.ink;
      p.c.lineWidth = 1 + 2 * w;
      p.c.beginPath();
      p.c.moveTo(...start);
      p.c.lineTo(...along(tip, -head * 0.8));
      p.c.stroke();
      p.c.beginPath();
      p.c.moveTo(...tip);
      for (const side of [-0.45, 0.45]) p.c.lineTo(tip[0] - head * Math.cos(angle + side), tip[1] - head * Math.sin(angle + side));
      p.c.fill();
    });
    p.c.globalAlpha = 1;
  },

  Handle() {}, // an element over the canvas, see touch.js

  Notes(mark, p) {
    const x = p.get(mark.x).values, y = p.get(mark.y).values;
    p.c.font = `${Math.max(9, mark.size * p.shrink)}px ${p.theme.font}`;
    p.c.textAlign = mark.align;
    p.c.textBaseline = "middle";
    p.c.fillStyle = mark.colour || p.theme.ink;
    p.texts(mark.texts).forEach((text, i) => {
      const at = p.sx(x[i]), beside = { left: p.right - at, right: at - p.left, center: 2 * Math.min(at - p.left, p.right - at) };
      const lines = wrap(p.c, text, beside[mark.align]), size = Math.max(9, mark.size * p.shrink) * 1.25;
      lines.forEach((line, k) => p.c.fillText(line, at, p.sy(y[i]) + size * (k - (lines.length - 1) / 2)));
    });
  },
};

// The cells of a heat map, or the heights of lines: without a value beyond `until_x` and `until_y`.
function seenOf(mark, get) {
  const frame = get(mark.values || mark.y);
  if (!mark.until_x && !mark.until_y) return frame;
  const { values, shape } = frame, n = shape[shape.length - 1];
  const [endX, endY] = [mark.until_x, mark.until_y].map((name) => (name ? get(name).values[0] : Infinity));
  const x = mark.x ? get(mark.x) : null, last = x ? x.values.length - 1 : 0;
  const air = x ? Math.abs(x.values[last] - x.values[0]) * 1e-4 : 0; // x and the end were rounded on their way, each alone
  const atX = (i) => (x ? x.values[x.shape.length === 2 ? i : i % n] : mark.first[0] + (i % n));
  const atY = (i) => (x ? -Infinity : mark.first[1] + Math.floor(i / n));
  return { shape, values: values.map((value, i) => (atX(i) > endX + air || atY(i) > endY ? NaN : value)) };
}

// The colour of a shade: of a category its own, of an amount the map's.
function shadeOf(mark, value, p) {
  if (!mark.shade_names.length || !Number.isFinite(value)) return colourOf(p.tables[mark.colours], value, mark.shade_limits);
  const colour = p.palette[Math.round(value) % p.palette.length];
  return [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
}

function lineColour(mark, k, p) {
  if (mark.colours.length) return mark.colours[k % mark.colours.length];
  return p.palette[(mark.colour_from + k) % p.palette.length];
}

const css = ([r, g, b]) => `rgb(${r}, ${g}, ${b})`;
const fixed = (value, decimals) => value.toFixed(decimals).replace(/^-(?=[0.]*$)/, "").replace("-", "\u2212"); // never "-0.00"
