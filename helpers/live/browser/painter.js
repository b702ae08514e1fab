// Paints a described picture (helpers/figures/description.py) on a canvas: where panels go, axes, legends, colour bars.

const SMALL = 11, NORMAL = 12, GAP = 14, LINE = 15, TITLE = 16; // px: letters, air, lines of text
const KEY = 26; // px that the sign of a legend takes
const LEAST = 0.5, ROOM = 112; // where a picture must shrink: of a row's height, and px for axes with their labels

class Painter {
  constructor(picture) {
    this.picture = picture;
    this.tables = Object.fromEntries(Object.entries(picture.maps).map(([name, anchors]) => [name, colourTable(anchors)]));
    this.areas = []; // where each panel stands and its scales: for hands
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

  // Where everything stands: rows with their heights, panels with their boxes, margins, titles and legends. Panels above
  // each other share their left and right margins, panels beside each other the top one. Rows shrink to fit into `most`
  // pixels where panels stand side by side, but not to less than they need.
  plan(c, width, most, arrays, positions, theme) {
    const rows = this.rows(width), margins = new Map();
    const measure = () => {
      margins.clear();
      for (const row of rows) {
        const shares = row.panels.reduce((sum, { panel }) => sum + panel.width, 0);
        let x = 0;
        row.panels.forEach((one, column) => {
          one.box = { x, width: (width * one.panel.width) / shares };
          x += one.box.width;
          one.margin = this.margin(c, one, row, arrays, positions, theme);
          one.shared = `${row.panels.length}/${column}`;
          const { left, right } = margins.get(one.shared) || { left: 0, right: 0 };
          margins.set(one.shared, { left: Math.max(left, one.margin.left), right: Math.max(right, one.margin.right) });
        });
        for (const { panel, margin, box, shared } of row.panels) {
          const { left, right } = margins.get(shared);
          margin.legend = this.entries(panel, arrays, positions, theme);
          margin.strip = flow(c, margin.legend, box.width - left - right, theme);
        }
        const strip = Math.max(...row.panels.map(({ margin }) => margin.strip.lines)); // titles stand in line, too
        row.top = LINE * strip + Math.max(...row.panels.map(({ margin }) => margin.top));
        for (const { margin } of row.panels) margin.above = LINE * strip;
      }
    };
    measure();
    for (const row of rows) row.height += LINE * Math.max(...row.panels.map(({ margin }) => margin.strip.lines));
    if (width >= this.picture.narrow) shrink(rows, most);
    measure(); // once more: a label beside a lower panel may need another line
    let y = 0;
    for (const row of rows) {
      for (const one of row.panels) {
        const { left, right } = margins.get(one.shared);
        one.area = { left: one.box.x + left, right: one.box.x + one.box.width - right, top: y + row.top, bottom: y + row.height - one.margin.bottom };
      }
      y += row.height;
    }
    return { rows, height: Math.ceil(y) };
  }

  paint(c, width, { rows, height }, arrays, positions, theme) {
    c.clearRect(0, 0, width, height);
    for (const row of rows) for (const one of row.panels) this.panel(c, one, arrays, positions, theme);
  }

  margin(c, { panel, index, box }, { height, top }, arrays, positions, theme) {
    const axes = arrays.header.layout[index];
    c.font = `bold ${NORMAL}px ${theme.font}`;
    const title = wrap(c, panel.title, box.width - 2 * GAP);
    if (panel.bare) return { left: 6, right: 6, top: 8 + TITLE * title.length, bottom: 6, title };
    c.font = `${SMALL}px ${theme.font}`;
    const widest = Math.max(0, ...ticksOf("y", panel, axes, arrays, positions).map(([, text]) => c.measureText(text).width));
    const right = barOf(panel) ? 74 : GAP;
    c.font = `${NORMAL}px ${theme.font}`;
    const up = wrap(c, panel.y.text, height - 39 - (top || 10 + TITLE * title.length)), left = widest + 8 + 6 + LINE * up.length;
    const across = wrap(c, panel.x.text, box.width - 12);
    return { left, right, top: 10 + TITLE * title.length, bottom: 24 + LINE * across.length, title, up, across, widest };
  }

  panel(c, { panel, index, box, margin, area: place }, arrays, positions, theme) {
    const axes = arrays.header.layout[index];
    const { left, right, top, bottom } = panel.equal ? equal(place, axes) : place;
    const across = scale(axes.x.limits, left, right, panel.x.log);
    const up = axes.down ? scale(axes.y.limits, top, bottom, panel.y.log) : scale(axes.y.limits, bottom, top, panel.y.log);
    const shrink = Math.min(1, (right - left) / 420);
    const pen = {
      c, sx: across.to, sy: up.to, left, right, top, bottom, theme, shrink: panel.bare ? Math.max(0.55, shrink) : 1,
      tables: this.tables, palette: this.picture.palette,
      get: (name) => arrays.get(name, positions),
      texts: (texts) => (typeof texts === "string" ? arrays.texts(texts, positions) : texts),
    };
    c.font = `bold ${NORMAL}px ${theme.font}`;
    c.textAlign = "center";
    c.textBaseline = "middle";
    c.fillStyle = theme.ink;
    const above = place.top - 10 - margin.above; // the last line of the title
    margin.title.forEach((line, i) => { // over its axes, but within its box
      const half = c.measureText(line).width / 2 + 2, middle = (place.left + place.right) / 2;
      c.fillText(line, Math.max(box.x + half, Math.min(box.x + box.width - half, middle)), above - TITLE * (margin.title.length - 1 - i));
    });
    c.save();
    if (!panel.bare) { // marks stay inside their axes; a little air keeps dots on the edge whole
      c.beginPath();
      c.rect(left - 4, top - 4, right - left + 8, bottom - top + 8);
      c.clip();
    }
    for (const mark of panel.marks) MARKS[mark.kind](mark, pen);
    c.restore();
    this.areas[index] = {
      left, right, top, bottom, panel, down: axes.down, sx: across.to, sy: up.to, x: across.from, y: up.from,
      limits: { x: axes.x.limits, y: axes.y.limits },
    };
    if (panel.bare) return;
    this.axes(c, panel, axes, pen, margin, arrays, positions);
    const bar = barOf(panel);
    if (bar) this.colourBar(c, bar, pen);
    this.legend(c, margin, place.left, place.top - margin.above - 2, pen);
  }

  axes(c, panel, axes, p, margin, arrays, positions) {
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
    c.strokeStyle = p.theme.pale;
    for (const value of axes.x.minor) stroke(c, p.sx(value), p.bottom, p.sx(value), p.bottom + 2.5);
    for (const value of axes.y.minor) stroke(c, p.left - 2.5, p.sy(value), p.left, p.sy(value));
    c.font = `${NORMAL}px ${p.theme.font}`;
    c.textAlign = "center";
    margin.across.forEach((text, i) => c.fillText(text, clampText(c, text, (p.left + p.right) / 2), p.bottom + 29 + LINE * i));
    c.save();
    c.translate(p.left - margin.widest - 4 - LINE * margin.up.length, (p.top + p.bottom) / 2);
    c.rotate(-Math.PI / 2);
    margin.up.forEach((text, i) => c.fillText(text, 0, LINE * i));
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

  // What the legend of a panel names: lines, points, bars, cursors, and categories that are shown by colour.
  entries(panel, arrays, positions, theme) {
    if (!panel.legend || panel.bare) return [];
    const p = { palette: this.picture.palette, get: (name) => arrays.get(name, positions) };
    return panel.marks.flatMap((mark) => {
      if (mark.kind === "Lines") return mark.labels.map((text, k) => ({ text, colour: lineColour(mark, k, p), kind: "line", dashed: mark.dashed, seen: () => visible(p.get(mark.y), k) }));
      const one = { colour: mark.colour || theme.ink, dashed: mark.dashed, kind: { Cursor: "line", Bars: "square" }[mark.kind] || (mark.ring ? "ring" : "dot"), seen: () => true };
      const named = mark.label && ["Points", "Bars", "Cursor"].includes(mark.kind) ? [{ ...one, text: mark.label }] : [];
      const categories = (mark.shade_names || []).map((text, k) => ({ ...one, kind: "dot", text, colour: p.palette[k % p.palette.length] }));
      return [...named, ...categories];
    }).filter((entry, k, all) => all.findIndex(({ text }) => text === entry.text) === k);
  }

  legend(c, { legend, strip }, x, y, p) {
    c.textAlign = "left";
    c.textBaseline = "middle";
    c.font = `${SMALL}px ${p.theme.font}`;
    legend.forEach((entry, k) => {
      if (!entry.seen()) return; // its place stays, so that nothing jumps
      const { left, line, lines } = strip.places[k], at = y + 8 + LINE * line, from = x + left;
      c.strokeStyle = c.fillStyle = entry.colour;
      c.lineWidth = 2;
      c.setLineDash(entry.dashed ? [4, 3] : []);
      if (entry.kind === "dot" || entry.kind === "ring") {
        c.beginPath();
        c.arc(from + 12, at, 4, 0, 2 * Math.PI);
        entry.kind === "ring" ? c.stroke() : c.fill();
      } else if (entry.kind === "square") c.fillRect(from + 8, at - 4, 8, 8);
      else stroke(c, from + 2, at, from + 20, at);
      c.setLineDash([]);
      c.fillStyle = p.theme.ink;
      lines.forEach((text, i) => c.fillText(text, from + KEY, at + LINE * i));
    });
  }
}

// Rows shrink by one factor to `most` pixels together; a row that would lose what it needs keeps that, the others give more.
function shrink(rows, most) {
  const sum = (some, of) => some.reduce((total, row) => total + of(row), 0), least = ({ height, top }) => Math.min(height, top + ROOM);
  let free = rows, part = 1;
  for (let k = 0; k <= rows.length && free.length; k++) {
    part = Math.min(1, Math.max(LEAST, (most - sum(rows.filter((row) => !free.includes(row)), least)) / sum(free, (row) => row.height)));
    free = free.filter((row) => row.height * part > least(row));
  }
  for (const row of rows) row.height = Math.max(row.height * part, least(row));
}

// Legend entries in lines of `width`: {lines, places: [{left, line, lines of text}]}.
function flow(c, entries, width, theme) {
  c.font = `${SMALL}px ${theme.font}`;
  let left = 0, line = 0, next = 0;
  const places = entries.map(({ text }) => {
    const lines = wrap(c, text, width - KEY), wide = KEY + Math.max(...lines.map((part) => c.measureText(part).width)) + 12;
    if (left && left + wide > width + 12) { left = 0; line = next; }
    const place = { left, line, lines };
    next = Math.max(next, line + lines.length);
    left += wide;
    return place;
  });
  return { lines: next, places };
}

// Numbers from `limits` to pixels, and back.
function scale([low, high], start, end, log) {
  const t = log ? Math.log : (value) => value, back = log ? Math.exp : (value) => value, span = t(high) - t(low);
  return {
    to: (value) => start + ((t(value) - t(low)) / span) * (end - start),
    from: (pixel) => back(t(low) + ((pixel - start) / (end - start)) * span),
  };
}

// The largest part of a place in which a unit is as long across as it is up.
function equal({ left, right, top, bottom }, axes) {
  const [wide, tall] = [axes.x.limits, axes.y.limits].map(([low, high]) => high - low);
  const unit = Math.min((right - left) / wide, (bottom - top) / tall), middle = (left + right) / 2;
  return { left: middle - (unit * wide) / 2, right: middle + (unit * wide) / 2, top, bottom: top + unit * tall };
}

// Whether line k of the array (K, N) or (N,) has a number in it.
function visible({ values, shape }, k) {
  const n = shape[shape.length - 1], from = shape.length === 2 ? k * n : 0;
  return values.slice(from, from + n).some(Number.isFinite);
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
