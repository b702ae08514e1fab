// Hands on a picture: what lies under the pointer or the reading cursor, in words; where a click leads; what is dragged.
// It knows the description and the scales of the panels that the painter drew, and no single figure.

const NEAR = 14; // px within which a point is meant
const SIDEWAYS = 6; // px that a finger goes sideways before anything follows it: until then it may be scrolling

// The coordinates of a frame control's positions along an axis; null for a control of another kind.
function placesOf(control, axis) {
  if (control.kind !== "Frame") return null;
  return axis.places || control.labels.map((label) => Number(String(label).replace("\u2212", "-")));
}

// The value to which `control` goes for a number `at`: the nearest of its positions, or the nearest of its steps.
function valueAt(control, at, places) {
  if (control.kind === "Frame") {
    let best = 0;
    (places || control.labels.map((_, k) => k)).forEach((place, k, all) => { if (Math.abs(place - at) < Math.abs(all[best] - at)) best = k; });
    return best;
  }
  const steps = Math.round((Math.max(control.low, Math.min(control.high, at)) - control.low) / control.step);
  return Math.min(control.high, Number((control.low + steps * control.step).toFixed(10)));
}

// A number as it is read off: three digits, and a true minus sign.
function written(value) {
  if (!Number.isFinite(value)) return "no value";
  return String(Number(value.toPrecision(3))).replace("-", "\u2212");
}

class Hands {
  constructor(figure) {
    this.figure = figure;
    const { picture, controls } = figure.content;
    this.byName = Object.fromEntries(controls.map((control) => [control.name, control]));
    const { canvas } = figure;
    this.overlay = element("canvas", { class: "live-figure-overlay", "aria-hidden": "true" });
    this.reading = element("p", { class: "live-figure-reading", "aria-live": "off" });
    this.frame = element("div", { class: "live-figure-picture" }, canvas, this.overlay);
    this.handles = [];
    let index = -1;
    for (const row of picture.rows) for (const panel of row.panels) {
      index++;
      for (const mark of panel.marks) if (mark.kind === "Handle" && mark.sets.every(([name]) => this.free(name))) this.addHandle(mark, index);
    }
    const panels = picture.rows.flatMap((row) => row.panels);
    const leads = panels.some((panel) => [panel.x, panel.y, ...panel.marks].some((one) => one.moves && this.free(one.moves)));
    this.hint = [leads && "Click in the picture to go there.", this.handles.length && "Drag a ring, or move it with the arrow keys.", "Point at the picture to read a value."].filter(Boolean).join(" ");
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "application");
    canvas.setAttribute("aria-roledescription", "picture");
    canvas.setAttribute("aria-description", `Arrow keys read values, Page Up and Page Down change the panel${leads ? ", Enter moves the controls there" : ""}.`);
    canvas.addEventListener("pointerdown", (event) => this.down(event));
    canvas.addEventListener("pointermove", (event) => this.over(event));
    canvas.addEventListener("pointerup", (event) => this.up(event));
    canvas.addEventListener("pointercancel", () => this.release());
    canvas.addEventListener("pointerleave", () => { if (!this.held) { this.pointer = null; this.read(null); } });
    canvas.addEventListener("keydown", (event) => this.key(event));
    canvas.addEventListener("blur", () => { this.reading.setAttribute("aria-live", "off"); this.at = null; this.read(null); });
    this.read(null);
  }

  // Whether a control can be moved now: one that computes needs a kernel.
  free(name) {
    return this.byName[name].kind === "Frame" || this.figure.link !== null;
  }

  // ---- what lies where -------------------------------------------------------------------------------------------

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
        for (let r = 0; r < rows; r++) {
          found.push({ mark, k: r, n: columns, y: () => y0 + ((r + 0.5) * (y1 - y0)) / rows, x: (i) => x0 + ((i + 0.5) * (x1 - x0)) / columns, value: (i) => cells[r * columns + i] });
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

  // The place in a panel that is nearest to the pointer, as {area, series, s, i}; null if there is nothing.
  hit(px, py) {
    const area = this.areaAt(px, py);
    if (!area) return null;
    const all = this.series(area), inPlane = all.some(({ mark }) => mark.kind === "HeatMap");
    let best = null, least = Infinity;
    all.forEach((one, s) => {
      const { mark } = one;
      for (let i = 0; i < one.n; i++) {
        const dx = area.sx(one.x(i)) - px, dy = area.sy(one.y(i)) - py;
        if (!Number.isFinite(dx) || !Number.isFinite(dy)) continue;
        let cost; // points come before lines, lines before cells
        if (mark.kind === "HeatMap") cost = 1e6 + Math.hypot(dx, dy);
        else if (mark.kind === "Lines") cost = inPlane && Math.hypot(dx, dy) > NEAR ? Infinity : 1e3 + 30 * Math.abs(dx) + Math.abs(dy);
        else if (mark.kind === "Bars") cost = Math.abs(dx) <= Math.abs(area.sx(mark.width / 2) - area.sx(0)) + 1 ? Math.abs(dx) : Infinity;
        else cost = Math.hypot(dx, dy) <= Math.max(NEAR, mark.size || 0) ? Math.hypot(dx, dy) : Infinity;
        if (cost < least) { least = cost; best = { area, s, i, one }; }
      }
    });
    return best;
  }

  // The control values that belong to a place: of the axes' controls, and of the mark's own.
  leads({ area, one, i }, px = null, py = null) {
    const values = {};
    for (const [axis, at] of [[area.panel.x, px === null ? one && one.x(i) : area.x(px)], [area.panel.y, py === null ? one && one.y(i) : area.y(py)]]) {
      if (!axis.moves || !this.free(axis.moves) || !Number.isFinite(at)) continue;
      const control = this.byName[axis.moves];
      values[axis.moves] = valueAt(control, at, placesOf(control, axis));
    }
    const own = one && one.mark.moves;
    if (own && this.free(own)) {
      const k = one.mark.kind === "Lines" ? one.k : i;
      if (k < this.byName[own].labels.length) values[own] = k;
    }
    return values;
  }

  words({ area, one, i }) {
    const { panel } = area, { mark } = one, { arrays, values } = this.figure, parts = [];
    const along = (name, at) => {
      const axis = panel[name];
      if (!axis.label) return;
      const texts = ticksOf(name, panel, arrays.header.layout[this.figure.painter.areas.indexOf(area)], arrays, values);
      const tick = texts.find(([value]) => Math.abs(value - at) < 1e-9);
      const text = tick && Number.isNaN(Number(tick[1].replace("\u2212", "-"))) ? tick[1] : written(at);
      parts.push(`${axis.label} ${text}${axis.unit ? ` ${axis.unit}` : ""}`);
    };
    if (mark.kind === "Nodes") {
      const texts = typeof mark.texts === "string" ? arrays.texts(mark.texts, values) : mark.texts;
      if (texts[i]) parts.push(texts[i].replace(/\s+/g, " "));
    } else if (mark.kind === "Lines" && mark.labels[one.k]) parts.push(mark.labels[one.k]);
    else if (mark.label && mark.kind !== "HeatMap") parts.push(mark.label);
    along("x", one.x(i));
    along("y", one.y(i));
    if (mark.kind === "HeatMap") parts.push(`${mark.label || "value"} ${written(one.value(i))}`);
    else if (mark.shade && mark.shade_names.length) parts.push(mark.shade_names[one.value(i)]);
    else if (mark.shade) parts.push(`${mark.shade_label || "value"} ${written(one.value(i))}`);
    return parts.filter(Boolean).join(" · ");
  }

  // ---- reading and going ------------------------------------------------------------------------------------------

  // Read a place off, or nothing: its words, and a mark there and in the panels linked with it.
  read(place, px = null, py = null) {
    this.place = place;
    this.values = place ? this.leads(place, px, py) : {};
    const text = place ? this.words(place) : this.hint;
    if (this.reading.textContent !== text) this.reading.textContent = text;
    this.reading.classList.toggle("live-figure-note", !place);
    this.figure.canvas.style.cursor = place && Object.keys(this.values).length ? "pointer" : this.drawable(px, py) ? "crosshair" : "";
    this.paint();
  }

  go() {
    this.figure.moveAll(this.values);
  }

  // After each drawing of the picture: the same place holds another value now, and the handles stand elsewhere.
  redraw() {
    const { canvas } = this.figure;
    if (this.overlay.width !== canvas.width || this.overlay.height !== canvas.height) {
      Object.assign(this.overlay, { width: canvas.width, height: canvas.height });
      Object.assign(this.overlay.style, { width: canvas.style.width, height: canvas.style.height });
    }
    if (this.at) this.readAt();
    else if (this.pointer) { const [px, py] = this.pointer; this.read(this.hit(px, py), px, py); }
    else this.read(null);
    this.handles.forEach((handle) => this.stand(handle));
  }

  paint() {
    const c = this.overlay.getContext("2d"), sharp = window.devicePixelRatio || 1, { painter, root } = this.figure;
    c.setTransform(sharp, 0, 0, sharp, 0, 0);
    c.clearRect(0, 0, this.overlay.width, this.overlay.height);
    if (!this.place) return;
    const ink = readTheme(root).ink;
    c.strokeStyle = ink;
    for (const area of painter.areas) {
      if (!area) continue;
      c.globalAlpha = 0.45;
      for (const name of ["x", "y"]) {
        const axis = area.panel[name], to = this.values[axis.moves];
        if (to === undefined) continue;
        const places = placesOf(this.byName[axis.moves], axis), at = area[`s${name}`](places ? places[to] : to);
        if (name === "x") stroke(c, at, area.top, at, area.bottom);
        else stroke(c, area.left, at, area.right, at);
      }
      c.globalAlpha = 1;
      for (const one of this.series(area)) {
        const to = this.values[one.mark.moves];
        if (to !== undefined && ["Points", "Nodes"].includes(one.mark.kind) && to < one.n) this.ring(c, area.sx(one.x(to)), area.sy(one.y(to)), (one.mark.size || 4) + 4);
      }
    }
    const { area, one, i } = this.place;
    this.ring(c, area.sx(one.x(i)), area.sy(one.y(i)), 5);
  }

  ring(c, x, y, size) {
    c.lineWidth = 1.5;
    c.beginPath();
    c.arc(x, y, size, 0, 2 * Math.PI);
    c.stroke();
    c.lineWidth = 1;
  }

  // ---- pointers ---------------------------------------------------------------------------------------------------

  // The panel at a place, if the reader can draw in it.
  drawable(px, py) {
    const area = px === null ? null : this.areaAt(px, py);
    return area && area.panel.draw && this.figure.link !== null ? area : null;
  }

  down(event) {
    const { offsetX: px, offsetY: py } = event;
    if (event.button || !this.areaAt(px, py)) return;
    this.held = { px, py, drawing: this.drawable(px, py), going: event.pointerType !== "touch", last: null };
    if (this.held.going) { this.figure.canvas.setPointerCapture(event.pointerId); this.follow(px, py); }
  }

  over(event) {
    const { offsetX: px, offsetY: py } = event;
    this.pointer = [px, py];
    if (this.held && !this.held.going && Math.abs(px - this.held.px) >= SIDEWAYS) { // a finger that goes sideways means us
      this.held.going = true;
      this.figure.canvas.setPointerCapture(event.pointerId);
      this.follow(this.held.px, this.held.py);
    }
    if (this.held && this.held.going) this.follow(px, py);
    else if (!this.held && !this.waiting) {
      this.waiting = requestAnimationFrame(() => { this.waiting = null; if (this.pointer) this.read(this.hit(...this.pointer), ...this.pointer); });
    }
  }

  up(event) {
    if (this.held && !this.held.going) this.follow(event.offsetX, event.offsetY); // a tap
    this.release();
    if (event.pointerType === "touch") this.pointer = [event.offsetX, event.offsetY];
  }

  release() {
    this.held = null;
  }

  // The hand is down at a place: draw there, or move the controls there.
  follow(px, py) {
    if (this.held.drawing) return this.held.last = this.figure.drawByHand(this.held.drawing, px, py, this.held.last);
    const area = this.areaAt(px, py);
    if (!area) return;
    this.pointer = [px, py];
    this.read(this.hit(px, py), px, py);
    if (!this.place) this.values = this.leads({ area, one: null, i: 0 }, px, py);
    this.go();
  }

  // ---- keys -------------------------------------------------------------------------------------------------------

  key(event) {
    const { areas } = this.figure.painter, steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const panels = areas.map((area, k) => k).filter((k) => areas[k] && this.series(areas[k]).length);
    if (!panels.length || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === " ") { if (this.at) this.go(); }
    else if (event.key === "PageUp" || event.key === "PageDown") {
      const now = this.at ? panels.indexOf(this.at.panel) : event.key === "PageUp" ? 0 : -1;
      this.at = this.here(panels[(now + (event.key === "PageUp" ? panels.length - 1 : 1)) % panels.length]);
    } else if (steps[event.key]) {
      if (!this.at) this.at = this.here(panels[0]);
      else this.step(...steps[event.key]);
    } else return;
    event.preventDefault();
    this.reading.setAttribute("aria-live", "polite");
    this.pointer = null;
    if (this.at) this.readAt();
  }

  // Where reading begins in a panel: where the controls stand.
  here(panel) {
    const area = this.figure.painter.areas[panel], { values } = this.figure;
    let best = { panel, s: 0, i: 0 }, most = -1;
    this.series(area).forEach((one, s) => {
      for (let i = 0; i < one.n; i++) {
        const agree = Object.entries(this.leads({ area, one, i })).filter(([name, value]) => values[name] === value).length;
        if (agree > most && Number.isFinite(one.y(i))) { most = agree; best = { panel, s, i }; }
      }
    });
    return best;
  }

  step(dx, dy) {
    const area = this.figure.painter.areas[this.at.panel], all = this.series(area), { mark } = all[this.at.s] || all[0];
    const up = mark.kind === "HeatMap" ? (area.down ? -dy : dy) : -dy; // rows as they lie on the screen; other series as they are listed
    this.at.s = Math.max(0, Math.min(all.length - 1, this.at.s + up));
    this.at.i = Math.max(0, Math.min(all[this.at.s].n - 1, this.at.i + dx));
  }

  readAt() {
    const area = this.figure.painter.areas[this.at.panel], all = this.series(area), s = Math.min(this.at.s, all.length - 1);
    if (!all.length) return this.read(null);
    this.read({ area, s, i: Math.min(this.at.i, all[s].n - 1), one: all[s] });
  }

  // ---- handles ----------------------------------------------------------------------------------------------------

  addHandle(mark, index) {
    const node = element("div", { class: "live-figure-handle", tabindex: 0, role: "button", "aria-roledescription": "handle", "aria-label": `${mark.label}: drag, or move with the arrow keys`, title: mark.label });
    const handle = { mark, index, node, grip: null };
    node.addEventListener("pointerdown", (event) => {
      const area = this.figure.painter.areas[index];
      node.setPointerCapture(event.pointerId);
      node.focus();
      event.preventDefault();
      handle.grip = { from: [event.clientX, event.clientY], at: [area.sx(this.number(mark.x)), area.sy(this.number(mark.y))], rules: this.rules(mark) };
    });
    node.addEventListener("pointermove", (event) => {
      if (!handle.grip) return;
      const area = this.figure.painter.areas[index], { from, at, rules } = handle.grip;
      const px = Math.max(area.left, Math.min(area.right, at[0] + event.clientX - from[0])), py = Math.max(area.top, Math.min(area.bottom, at[1] + event.clientY - from[1]));
      Object.assign(node.style, { left: `${px}px`, top: `${py}px` });
      this.figure.moveAll(this.ruled(rules, area.x(px), area.y(py)));
    });
    for (const kind of ["pointerup", "pointercancel"]) node.addEventListener(kind, () => { handle.grip = null; this.stand(handle); });
    node.addEventListener("keydown", (event) => {
      const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (!way) return;
      event.preventDefault();
      const { limits } = this.figure.painter.areas[index], size = (limit) => Math.abs(limit[1] - limit[0]) / 100, rules = this.rules(mark);
      for (let times = 1; times <= 64; times *= 2) { // as far as it takes for a control to notice
        const values = this.ruled(rules, this.number(mark.x) + times * way[0] * size(limits.x), this.number(mark.y) + times * way[1] * size(limits.y));
        if (Object.entries(values).every(([name, value]) => this.figure.values[name] === value)) continue;
        return this.figure.moveAll(values);
      }
    });
    this.handles.push(handle);
    this.frame.append(node);
  }

  number(name) {
    return this.figure.arrays.number(name, this.figure.values);
  }

  // [(control, c, p, q)]: the control becomes c + p x + q y. They hold for one whole drag, as at its start.
  rules(mark) {
    return mark.sets.map(([name, array]) => [name, ...this.figure.arrays.get(array, this.figure.values).values]);
  }

  ruled(rules, x, y) {
    return Object.fromEntries(rules.map(([name, c, p, q]) => [name, valueAt(this.byName[name], c + p * x + q * y, null)]));
  }

  stand(handle) {
    const area = this.figure.painter.areas[handle.index];
    if (handle.grip || !area) return;
    const px = area.sx(this.number(handle.mark.x)), py = area.sy(this.number(handle.mark.y));
    handle.node.hidden = !(px >= area.left - 1 && px <= area.right + 1 && py >= area.top - 1 && py <= area.bottom + 1);
    Object.assign(handle.node.style, { left: `${px}px`, top: `${py}px` });
  }
}
