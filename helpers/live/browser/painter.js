// Paints a described picture (helpers/figures/description.py) on a canvas: where panels go, axes, legends, colour bars.

const SMALL = 11, NORMAL = 12, GAP = 14;

class Painter {
  constructor(picture) {
    this.picture = picture;
    this.tables = Object.fromEntries(Object.entries(picture.maps).map(([name, anchors]) => [name, colourTable(anchors)]));
    this.areas = []; // where each panel stands and its scales: for hands
    this.corners = new Map(); // where each panel's legend stands: chosen once, so that it does not jump
  }

  // Rows of panels as they fit into `width`: side by side, or one under the other on a narrow screen.
  rows(width) {
    let index = 0;
    const rows = this.picture.rows.map((row) => ({
      height: row.height,
      panels: row.panels.map((panel) => ({ panel, index: index++ })),
    }));
    if (width >= this.picture.narrow) return rows;
    return rows.flatMap((row) => row.panels.map((one) => ({ height: row.height, panels: [one] })));
  }

  height(width) {
    return this.rows(width).reduce((sum, row) => sum + row.height, 0);
  }

  paint(c, width, arrays, positions, theme) {
    c.clearRect(0, 0, width, this.height(width));
    const rows = this.rows(width);
    const margins = new Map();
    for (const row of rows) {
      const shares = row.panels.reduce((sum, { panel }) => sum + panel.width, 0);
      let x = 0;
      row.panels.forEach((one, column) => {
        one.box = { x, width: (width * one.panel.width) / shares };
        x += one.box.width;
        one.margin = this.margin(c, one, arrays, positions, theme);
        const key = `${row.panels.length}/${column}`; // panels that stand above each other share their margins
        const shared = margins.get(key) || { left: 0, right: 0 };
        margins.set(key, { left: Math.max(shared.left, one.margin.left), right: Math.max(shared.right, one.margin.right) });
      });
    }
    let y = 0;
    for (const row of rows) {
      row.panels.forEach((one, column) => {
        const { left, right } = margins.get(`${row.panels.length}/${column}`);
        this.panel(c, one, { left: one.box.x + left, right: one.box.x + one.box.width - right, top: y + one.margin.top, bottom: y + row.height - one.margin.bottom }, arrays, positions, theme);
      });
      y += row.height;
    }
  }

  margin(c, { panel, index, box }, arrays, positions, theme) {
    const axes = arrays.header.layout[index];
    c.font = `bold ${NORMAL}px ${theme.font}`;
    const title = wrap(c, panel.title, box.width - 2 * GAP);
    if (panel.bare) return { left: 6, right: 6, top: 8 + 16 * title.length, bottom: 6, title };
    c.font = `${SMALL}px ${theme.font}`;
    const widest = Math.max(0, ...ticksOf("y", panel, axes, arrays, positions).map(([, text]) => c.measureText(text).width));
    const names = namesOf(panel), bar = barOf(panel);
    const right = names ? 26 + Math.max(...names.names.map((name) => c.measureText(name).width)) : bar ? 74 : GAP;
    return { left: widest + 8 + 20, right, top: 10 + 16 * title.length, bottom: 40, title };
  }

  panel(c, { panel, index, margin, box }, area, arrays, positions, theme) {
    const axes = arrays.header.layout[index];
    const { left, right, top, bottom } = area;
    const [x0, x1] = axes.x.limits, [y0, y1] = axes.y.limits;
    const sx = (x) => left + ((x - x0) / (x1 - x0)) * (right - left);
    const sy = axes.down ? (y) => top + ((y - y0) / (y1 - y0)) * (bottom - top) : (y) => bottom - ((y - y0) / (y1 - y0)) * (bottom - top);
    const shrink = Math.min(1, (right - left) / 420);
    const pen = {
      c, sx, sy, left, right, top, bottom, theme, shrink: panel.bare ? Math.max(0.55, shrink) : 1,
      tables: this.tables, palette: this.picture.palette,
      get: (name) => arrays.get(name, positions),
      texts: (texts) => (typeof texts === "string" ? arrays.texts(texts, positions) : texts),
    };
    c.font = `bold ${NORMAL}px ${theme.font}`;
    c.textAlign = "center";
    c.textBaseline = "middle";
    c.fillStyle = theme.ink;
    margin.title.forEach((line, i) => c.fillText(line, (left + right) / 2, top - 10 - 16 * (margin.title.length - 1 - i)));
    c.save();
    if (!panel.bare) { // marks stay inside their axes; a little air keeps dots on the edge whole
      c.beginPath();
      c.rect(left - 4, top - 4, right - left + 8, bottom - top + 8);
      c.clip();
    }
    for (const mark of panel.marks) MARKS[mark.kind](mark, pen);
    c.restore();
    this.areas[index] = {
      ...area, panel, down: axes.down, sx, sy, limits: { x: axes.x.limits, y: axes.y.limits },
      x: (px) => x0 + ((px - left) / (right - left)) * (x1 - x0),
      y: (py) => (axes.down ? y0 + ((py - top) / (bottom - top)) * (y1 - y0) : y0 + ((bottom - py) / (bottom - top)) * (y1 - y0)),
    };
    if (panel.bare) return;
    this.axes(c, panel, axes, pen, arrays, positions);
    const names = namesOf(panel), bar = barOf(panel);
    if (names) this.nameColours(c, names, pen);
    else if (bar) this.colourBar(c, bar, pen);
    if (panel.legend) this.legend(c, panel, index, pen, names || bar ? right : box.x + box.width);
  }

  axes(c, panel, axes, p, arrays, positions) {
    c.strokeStyle = p.theme.pale;
    c.fillStyle = p.theme.ink;
    c.lineWidth = 1;
    c.beginPath();
    c.moveTo(p.left, p.top);
    c.lineTo(p.left, p.bottom);
    c.lineTo(p.right, p.bottom);
    if (axes.down) { c.lineTo(p.right, p.top); c.lineTo(p.left, p.top); }
    c.stroke();
    c.font = `${SMALL}px ${p.theme.font}`;
    c.textBaseline = "middle";
    c.textAlign = "center";
    let last = -Infinity;
    const ticks = ticksOf("x", panel, axes, arrays, positions);
    const each = panel.x.tick_texts || (ticks.length > 1 && ticks.every(([, text]) => [...text].length === 1));
    const step = panel.x.tick_texts ? 1 : Math.min(...ticks.slice(1).map(([value], i) => value - ticks[i][0]));
    const room = each ? Math.abs(p.sx(step) - p.sx(0)) : Infinity; // a text for each column: letters may touch
    const gap = each ? -Infinity : 3;
    c.font = `${Math.max(6, Math.min(SMALL, room * 1.25))}px ${p.theme.font}`;
    for (const [value, text] of ticks) {
      const at = p.sx(value), half = c.measureText(text).width / 2;
      if (at < p.left - 1 || at > p.right + 1 || at - half < last + gap) continue; // labels never overlap
      stroke(c, at, p.bottom, at, p.bottom + 4);
      c.fillText(text, at, p.bottom + 12);
      last = at + half;
    }
    c.font = `${SMALL}px ${p.theme.font}`;
    c.textAlign = "right";
    let lastY = null;
    for (const [value, text] of ticksOf("y", panel, axes, arrays, positions)) {
      const at = p.sy(value);
      if (at < p.top - 1 || at > p.bottom + 1 || (lastY !== null && Math.abs(at - lastY) < SMALL + 1)) continue;
      stroke(c, p.left - 4, at, p.left, at);
      c.fillText(text, p.left - 7, at);
      lastY = at;
    }
    c.font = `${NORMAL}px ${p.theme.font}`;
    c.textAlign = "center";
    c.fillText(panel.x.text, clampText(c, panel.x.text, (p.left + p.right) / 2), p.bottom + 29);
    const widest = Math.max(0, ...ticksOf("y", panel, axes, arrays, positions).map(([, text]) => c.measureText(text).width * (SMALL / NORMAL)));
    c.save();
    c.translate(p.left - widest - 18, (p.top + p.bottom) / 2);
    c.rotate(-Math.PI / 2);
    c.fillText(panel.y.text, 0, 0);
    c.restore();
  }

  colourBar(c, bar, p) {
    const x = p.right + 10, tall = p.bottom - p.top, table = this.tables[bar.colours];
    const [low, high] = bar.shown || bar.limits;
    for (let i = 0; i < tall; i++) {
      c.fillStyle = css(colourOf(table, high - (i / tall) * (high - low), bar.limits));
      c.fillRect(x, p.top + i, 10, 1.5);
    }
    c.fillStyle = p.theme.ink;
    c.font = `${SMALL - 1}px ${p.theme.font}`;
    c.textAlign = "left";
    c.textBaseline = "middle";
    for (const value of [low, (low + high) / 2, high]) {
      const at = p.bottom - ((value - low) / (high - low)) * tall;
      c.fillText(String(Math.round(value * 100) / 100).replace("-", "\u2212"), x + 13, Math.min(p.bottom - 5, Math.max(p.top + 5, at)));
    }
    c.save();
    c.translate(x + 47, (p.top + p.bottom) / 2);
    c.rotate(-Math.PI / 2);
    c.textAlign = "center";
    c.font = `${SMALL}px ${p.theme.font}`;
    c.fillText(bar.label, 0, 0);
    c.restore();
  }

  nameColours(c, { names, limits, colours }, p) {
    c.font = `${SMALL}px ${p.theme.font}`;
    c.textAlign = "left";
    c.textBaseline = "middle";
    names.forEach((name, k) => {
      const at = p.top + 6 + 15 * k;
      c.fillStyle = css(colourOf(this.tables[colours], k, limits));
      c.strokeStyle = p.theme.pale;
      c.lineWidth = 1;
      c.beginPath();
      c.arc(p.right + 12, at, 5, 0, 2 * Math.PI);
      c.fill();
      c.stroke();
      c.fillStyle = p.theme.ink;
      c.fillText(name, p.right + 22, at);
    });
  }

  // `end`: how far to the right a legend may reach that is wider than its axes.
  legend(c, panel, index, p, end) {
    const entries = panel.marks.flatMap((mark) => {
      if (mark.labels) return mark.labels.map((label, k) => ({ label, colour: lineColour(mark, k, p), dashed: mark.dashed })).filter((_, k) => visible(p.get(mark.y), k));
      const named = mark.label && ["Points", "Bars", "Cursor"].includes(mark.kind);
      return named ? [{ label: mark.label, colour: mark.colour || p.theme.ink, dashed: mark.dashed, dot: mark.kind !== "Cursor", round: mark.kind === "Points", ring: mark.ring }] : [];
    });
    if (!entries.length) return;
    c.font = `${SMALL}px ${p.theme.font}`;
    const wide = 34 + Math.max(...entries.map((e) => c.measureText(e.label).width)), tall = 6 + 15 * entries.length;
    const key = `${index}/${Math.round(p.right - p.left)}/${entries.length}`; // a line that is hidden leaves the legend
    if (!this.corners.has(key)) this.corners.set(key, freeCorner(panel, p, wide, tall, end));
    const [x, y] = this.corners.get(key);
    c.globalAlpha = 0.8;
    c.fillStyle = p.theme.paper;
    c.fillRect(x, y, wide, tall);
    c.globalAlpha = 1;
    c.textAlign = "left";
    c.textBaseline = "middle";
    entries.forEach((entry, i) => {
      const at = y + 10 + 15 * i;
      c.strokeStyle = c.fillStyle = entry.colour;
      c.lineWidth = 2;
      c.setLineDash(entry.dashed ? [4, 3] : []);
      if (entry.round) {
        c.beginPath();
        c.arc(x + 15, at, 4, 0, 2 * Math.PI);
        entry.ring ? c.stroke() : c.fill();
      } else if (entry.dot) c.fillRect(x + 11, at - 4, 8, 8);
      else stroke(c, x + 5, at, x + 24, at);
      c.setLineDash([]);
      c.fillStyle = p.theme.ink;
      c.fillText(entry.label, x + 29, at);
    });
  }
}

// The corner of a panel where a legend of this size covers the fewest points of its marks.
function freeCorner(panel, p, wide, tall, end) {
  const left = Math.min(p.left + 6, end - wide - 4), right = Math.max(p.right - wide - 4, left);
  const corners = [[right, p.top + 4], [left, p.top + 4], [right, p.bottom - tall - 4], [left, p.bottom - tall - 4]];
  const covered = corners.map(([x, y]) => {
    let count = 0;
    for (const mark of panel.marks) {
      if (!mark.x || !mark.y) continue;
      const xs = p.get(mark.x), ys = p.get(mark.y).values, n = xs.values.length;
      ys.forEach((value, i) => {
        const px = p.sx(xs.values[i % n]), py = p.sy(value);
        if (px > x - 4 && px < x + wide + 4 && py > y - 4 && py < y + tall + 4) count++;
      });
    }
    return count;
  });
  return corners[covered.indexOf(Math.min(...covered))];
}

// Whether line k of the array (K, N) or (N,) has a number in it.
function visible({ values, shape }, k) {
  const n = shape[shape.length - 1], from = shape.length === 2 ? k * n : 0;
  return values.slice(from, from + n).some(Number.isFinite);
}

// The mark of a panel whose shades are categories, as {names, limits, colours}; null if there is none.
function namesOf(panel) {
  const mark = panel.marks.find((one) => one.shade_names && one.shade_names.length);
  return mark ? { names: mark.shade_names, limits: mark.shade_limits, colours: mark.colours } : null;
}

function barOf(panel) {
  for (const mark of panel.marks) {
    if (mark.kind === "HeatMap" && mark.label) return { label: mark.label, limits: mark.limits, shown: mark.bar, colours: mark.colours };
    if (["Points", "Nodes"].includes(mark.kind) && mark.shade_label) return { label: mark.shade_label, limits: mark.shade_limits, colours: mark.colours };
  }
  return null;
}

function ticksOf(axis, panel, axes, arrays, positions) {
  if (!panel[axis].tick_texts) return axes[axis].ticks;
  return arrays.texts(panel[axis].tick_texts, positions).map((text, k) => [panel[axis].tick_first + k, text]);
}

function wrap(c, text, width) {
  const lines = [];
  for (const word of text.split(" ").filter(Boolean)) {
    const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length && c.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

// The centre for a text, moved so that the text stays on the canvas.
function clampText(c, text, x) {
  const half = c.measureText(text).width / 2, width = c.canvas.clientWidth;
  return Math.max(half + 2, Math.min(width - half - 2, x));
}

function stroke(c, x0, y0, x1, y1) {
  c.beginPath();
  c.moveTo(x0, y0);
  c.lineTo(x1, y1);
  c.stroke();
}
