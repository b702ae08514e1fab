// What lies at a place of a picture, in words, and which values of controls belong to it. Nothing here moves anything.
// It knows the description, the arrays and the scales of the panels that the painter drew, and no single figure.

const NEAR = 14, NEAR_FINGER = 24; // px within which a point is meant

const plainNumber = (text) => Number(String(text).replace("\u2212", "-"));

// What the positions of a control are called; null for one without positions.
const positionsOf = (control) => control.labels || control.options || null;

// The coordinates of a control's positions along an axis, worked out once; null for a control without positions.
const knownPlaces = new WeakMap();
function placesOf(control, axis) {
  if (!positionsOf(control)) return null;
  if (!knownPlaces.has(axis)) knownPlaces.set(axis, axis.places || positionsOf(control).map(plainNumber));
  return knownPlaces.get(axis);
}

// The value of a control at its position k, and the position of a value.
const valueOf = (control, k) => (control.kind === "Choice" ? control.options[k] : k);
const positionOf = (control, value) => (control.kind === "Choice" ? control.options.indexOf(value) : value);

// The value to which a control goes for a number `at`: the nearest of its positions, or the nearest of its steps.
function valueAt(control, at, places) {
  const names = positionsOf(control);
  if (!names) {
    const steps = Math.round((Math.max(control.low, Math.min(control.high, at)) - control.low) / control.step);
    return Math.min(control.high, Number((control.low + steps * control.step).toFixed(10)));
  }
  let best = 0;
  const away = (k) => Math.abs((places ? places[k] : k) - at);
  names.forEach((_, k) => { if (away(k) < away(best)) best = k; });
  return valueOf(control, best);
}

// A number as it is read off an axis or a colour bar with these limits: three digits, but no coarser than a thousandth
// of the span (years are exact) and no finer than a ten thousandth (arrays travel in steps).
function written(value, [low, high], log = false) {
  if (!Number.isFinite(value)) return "no value";
  const span = Math.abs(high - low), size = Math.abs(value);
  const decimals = (unit) => Math.ceil(-Math.log10(unit) - 1e-9);
  let digits = 2 - Math.floor(Math.log10(size || 1));
  if (!log && span > 0 && Number.isFinite(span)) digits = Math.min(Math.max(digits, decimals(span / 1e3)), decimals(span / 1e4));
  const rounded = digits > 20 ? value : Number(value.toFixed(Math.max(0, digits)));
  if (rounded === 0) return "0";
  if (size >= 1e-4 && size < 1e6) return String(rounded).replace("-", "\u2212");
  const [digit, power] = value.toExponential(2).split("e");
  const raised = [...power.replace("+", "")].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c])).join("");
  return `${Number(digit)}·10${raised}`.replace("-", "\u2212");
}

// "unit 3", but "time step t = 3": after a sign there must be another.
const named = (label, text) => (/(^|\s)\S{1,2}$/.test(label) && label.length > 2 ? `${label} = ${text}` : `${label} ${text}`);

// As a label reads inside a sentence.
const inside = (label) => (/^\p{Lu}\p{Ll}/u.test(label) ? label[0].toLowerCase() + label.slice(1) : label);

class Reading {
  // `free(name)`: whether that control can be moved now.
  constructor(figure, free) {
    Object.assign(this, { figure, free });
    this.byName = Object.fromEntries(figure.content.controls.map((control) => [control.name, control]));
  }

  areaAt(px, py) {
    return this.figure.painter.areas.find((area) => area && px >= area.left - 4 && px <= area.right + 4 && py >= area.top - 4 && py <= area.bottom + 4);
  }

  // All that can be read in a panel, as series of places: rows of a heat map, lines, points, bars, nodes.
  series(area) {
    const { arrays, values } = this.figure, found = [];
    for (const mark of area.panel.marks) {
      if (mark.kind === "HeatMap") {
        const { values: cells, shape: [rows, columns] } = seenOf(mark, (name) => arrays.get(name, values));
        const [x0, x1, y0, y1] = mark.extent || [mark.first[0] - 0.5, mark.first[0] + columns - 0.5, mark.first[1] - 0.5, mark.first[1] + rows - 0.5];
        const cell = (x, y) => [Math.floor(((x - x0) / (x1 - x0)) * columns), Math.floor(((y - y0) / (y1 - y0)) * rows)];
        for (let r = 0; r < rows; r++) {
          found.push({ mark, k: r, n: columns, cell, y: () => y0 + ((r + 0.5) * (y1 - y0)) / rows, x: (i) => x0 + ((i + 0.5) * (x1 - x0)) / columns, value: (i) => cells[r * columns + i] });
        }
      } else if (mark.kind === "Lines") {
        const x = arrays.get(mark.x, values), y = seenOf(mark, (name) => arrays.get(name, values));
        const n = y.shape[y.shape.length - 1], count = y.shape.length === 2 ? y.shape[0] : 1;
        for (let k = 0; k < count; k++) found.push({ mark, k, n, x: (i) => x.values[x.shape.length === 2 ? k * n + i : i], y: (i) => y.values[k * n + i] });
      } else if (["Points", "Nodes", "Bars"].includes(mark.kind)) {
        const x = arrays.get(mark.x, values).values, y = arrays.get(mark.kind === "Bars" ? mark.height : mark.y, values).values;
        const shade = mark.shade ? arrays.get(mark.shade, values).values : null;
        found.push({ mark, k: 0, n: x.length, x: (i) => x[i], y: (i) => y[i], value: (i) => (shade ? shade[i] : NaN) });
      }
    }
    return found;
  }

  // The place {area, one, i} that is nearest to the pointer: `one` is null where only axes are; null outside panels.
  hit(px, py, near = NEAR) {
    const area = this.areaAt(px, py);
    if (!area) return null;
    const all = this.series(area), inPlane = all.some(({ mark }) => mark.kind === "HeatMap");
    let best = { area, one: null, i: 0 }, least = Infinity;
    for (const one of all) {
      const { mark } = one;
      if (mark.kind === "HeatMap") { // cells come after lines, lines after points
        const [i, r] = one.cell(area.x(px), area.y(py));
        if (r === one.k && i >= 0 && i < one.n && least >= 1e6) { least = 1e6; best = { area, one, i }; }
        continue;
      }
      for (let i = 0; i < one.n; i++) {
        const dx = area.sx(one.x(i)) - px, dy = area.sy(one.y(i)) - py;
        if (!Number.isFinite(dx) || !Number.isFinite(dy)) continue;
        let cost;
        if (mark.kind === "Lines") cost = inPlane && Math.hypot(dx, dy) > near ? Infinity : 1e3 + 30 * Math.abs(dx) + Math.abs(dy);
        else if (mark.kind === "Bars") cost = Math.abs(dx) <= Math.abs(area.sx(mark.width / 2) - area.sx(0)) + 1 ? Math.abs(dx) : Infinity;
        else cost = Math.hypot(dx, dy) <= Math.max(near, mark.size || 0) ? Math.hypot(dx, dy) : Infinity;
        if (cost < least) { least = cost; best = { area, one, i }; }
      }
    }
    return best;
  }

  // The control values that belong to a place: of the axes' controls, and of the mark's own. A pointer at (px, py) counts
  // as it stands; without one the middle of what is read does.
  leads({ area, one, i }, px = null, py = null) {
    const values = {};
    const spots = [[area.panel.x, px === null ? one && one.x(i) : area.x(px)], [area.panel.y, py === null ? one && one.y(i) : area.y(py)]];
    for (const [axis, at] of spots) {
      if (!axis.moves || !this.free(axis.moves) || !Number.isFinite(at)) continue;
      const control = this.byName[axis.moves];
      values[axis.moves] = valueAt(control, at, placesOf(control, axis));
    }
    const own = one && one.mark.moves;
    if (own && this.free(own)) {
      const k = one.mark.kind === "Lines" ? one.k : i;
      if (k < positionsOf(this.byName[own]).length) values[own] = valueOf(this.byName[own], k);
    }
    return values;
  }

  // A coordinate along an axis, in words: as its control calls it, as its tick is called, or as a number.
  along(area, name, at) {
    const axis = area.panel[name], { arrays, values, painter } = this.figure, control = this.byName[axis.moves];
    if (!axis.label && !control) return "";
    const ticks = ticksOf(name, area.panel, arrays.header.layout[painter.areas.indexOf(area)], arrays, values);
    const tick = ticks.find(([value]) => Math.abs(value - at) < 1e-9), word = tick && Number.isNaN(plainNumber(tick[1])) && tick[1].trim();
    const places = control && placesOf(control, axis), k = places ? places.findIndex((place) => Math.abs(place - at) < 1e-9) : -1;
    const own = k < 0 ? "" : String(positionsOf(control)[k]), unit = axis.unit ? ` ${axis.unit}` : "";
    if (word && own && own !== word) return `${inside(control.label)} ${own} (${word})`;
    return named(axis.label || inside(control.label), word || `${own || written(at, area.limits[name], axis.log)}${unit}`);
  }

  words({ area, one, i }, leads) {
    if (!one) { // only axes are here: what a click would do
      return ["x", "y"].filter((name) => area.panel[name].moves in leads).map((name) => {
        const axis = area.panel[name], control = this.byName[axis.moves], to = leads[axis.moves], places = placesOf(control, axis);
        return places ? this.along(area, name, places[positionOf(control, to)]) : named(axis.label || inside(control.label), spoken(control, to));
      }).join(" · ");
    }
    const { mark } = one, { arrays, values } = this.figure, parts = [];
    if (mark.kind === "Nodes") {
      const texts = typeof mark.texts === "string" ? arrays.texts(mark.texts, values) : mark.texts;
      if (texts[i]) parts.push(texts[i].replace(/\s+/g, " "));
    } else if (mark.kind === "Lines" && mark.labels[one.k]) parts.push(mark.labels[one.k]);
    else if (mark.label && mark.kind !== "HeatMap") parts.push(mark.label);
    const own = this.byName[mark.moves], k = mark.kind === "Lines" ? one.k : i;
    if (own && k < positionsOf(own).length && ![area.panel.x.moves, area.panel.y.moves].includes(mark.moves)) {
      const text = `${inside(own.label)} ${positionsOf(own)[k]}`;
      if (!parts.includes(text)) parts.push(text);
    }
    parts.push(this.along(area, "x", one.x(i)), this.along(area, "y", one.y(i)));
    if (mark.kind === "HeatMap") parts.push(Number.isFinite(one.value(i)) ? named(mark.label || "value", written(one.value(i), mark.limits)) : "no value");
    else if (mark.shade && mark.shade_names.length) parts.push(mark.shade_names[one.value(i)]);
    else if (mark.shade) {
      const text = written(one.value(i), mark.shade_limits);
      if (!own || text !== String(positionsOf(own)[k])) parts.push(named(mark.shade_label || "value", text)); // not twice the same
    }
    return parts.filter(Boolean).join(" · ");
  }
}
