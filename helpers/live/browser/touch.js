// Hands on a picture: pointer, finger and keys read values off, move the controls there, and draw.

const SIDEWAYS = 6; // px that a finger goes sideways before anything follows it: until then it may be scrolling
const STEPS_OF_KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1], Home: [-Infinity, 0], End: [Infinity, 0] };

class Hands {
  constructor(figure) {
    this.figure = figure;
    const { picture, controls } = figure.content, { canvas } = figure;
    this.computing = new Set(controls.filter((control) => control.kind !== "Frame").map((control) => control.name));
    this.reader = new Reading(figure, (name) => this.free(name));
    this.overlay = element("canvas", { class: "live-figure-overlay", "aria-hidden": "true" });
    this.reading = element("p", { class: "live-figure-reading", "aria-live": "off" });
    this.frame = element("div", { class: "live-figure-picture" }, canvas, this.overlay);
    const panels = picture.rows.flatMap((row) => row.panels);
    this.handles = panels.flatMap((panel, index) =>
      panel.marks.filter((mark) => mark.kind === "Handle" && mark.sets.every(([name]) => this.free(name)))
        .map((mark) => new HandleOnPage(figure, mark, index, this.reader.byName)));
    this.frame.append(...this.handles.map((handle) => handle.node));
    const leads = panels.some((panel) => [panel.x, panel.y, ...panel.marks].some((one) => one.moves && this.free(one.moves)));
    const drag = this.handles.length && "Drag a ring, or move it with the arrow keys.";
    const hints = window.matchMedia("(pointer: coarse)").matches
      ? [this.handles.length && "Drag a ring.", leads ? "Tap the picture to go there and to read a value." : "Tap the picture to read a value."]
      : [leads && "Click in the picture to go there.", drag, "Point at the picture to read a value."];
    this.hint = hints.filter(Boolean).join(" ");
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "application");
    canvas.setAttribute("aria-roledescription", "picture");
    canvas.setAttribute("aria-description", `Arrow keys read values, Page Up and Page Down change the panel${leads ? ", Enter moves the controls there" : ""}.`);
    canvas.addEventListener("pointerdown", (event) => this.down(event));
    canvas.addEventListener("pointermove", (event) => this.over(event));
    canvas.addEventListener("pointerup", (event) => this.up(event));
    canvas.addEventListener("pointercancel", () => { this.held = null; });
    canvas.addEventListener("pointerleave", (event) => { // a finger leaves when it is lifted: what it read stays
      if (!this.held && event.pointerType !== "touch") this.forget();
    });
    canvas.addEventListener("keydown", (event) => this.key(event));
    canvas.addEventListener("blur", () => { this.reading.setAttribute("aria-live", "off"); this.at = null; this.forget(); });
    this.read(null);
  }

  // Whether a control can be moved now: one that computes needs a kernel.
  free(name) {
    return !this.computing.has(name) || this.figure.link !== null;
  }

  // ---- reading and going ------------------------------------------------------------------------------------------

  // Read a place off, or nothing: its words, and a mark there and in the panels linked with it.
  read(place, px = null, py = null) {
    this.values = place ? this.reader.leads(place, px, py) : {};
    const text = place ? this.reader.words(place, this.values) : "";
    this.place = text ? place : null;
    if (this.reading.textContent !== (text || this.hint)) this.reading.textContent = text || this.hint;
    this.reading.classList.toggle("live-figure-note", !text);
    this.figure.canvas.style.cursor = this.drawable(px, py) ? "crosshair" : Object.keys(this.values).length ? "pointer" : "";
    this.paint();
  }

  forget() {
    this.pointer = null;
    this.read(null);
  }

  readPointer() {
    const { px, py, near } = this.pointer;
    this.read(this.reader.hit(px, py, near), px, py);
  }

  // The pointer means a place: read it, and move the controls there.
  visit(px, py, near) {
    this.pointer = { px, py, near };
    this.readPointer();
    this.figure.moveAll(this.values);
  }

  // After each drawing of the picture: the same place holds another value now, and the handles stand elsewhere.
  redraw() {
    const { canvas } = this.figure;
    if (this.overlay.width !== canvas.width || this.overlay.height !== canvas.height) {
      Object.assign(this.overlay, { width: canvas.width, height: canvas.height });
      Object.assign(this.overlay.style, { width: canvas.style.width, height: canvas.style.height });
    }
    this.reading.classList.toggle("live-figure-two-lines", canvas.clientWidth < 600);
    if (this.at) this.readAt();
    else if (this.pointer) this.readPointer();
    else this.read(null);
    this.handles.forEach((handle) => handle.stand());
  }

  paint() {
    const c = this.overlay.getContext("2d"), sharp = window.devicePixelRatio || 1, { painter, root } = this.figure;
    c.setTransform(sharp, 0, 0, sharp, 0, 0);
    c.clearRect(0, 0, this.overlay.width, this.overlay.height);
    if (!this.place) return;
    const { ink, paper } = readTheme(root);
    const twice = (width, draw) => { // with an edge of the paper's colour: it is seen on dark cells and on pale ones
      for (const [colour, more] of [[paper, 2], [ink, 0]]) { c.strokeStyle = colour; c.lineWidth = width + more; draw(); }
    };
    const ring = (x, y, size) => twice(1.5, () => { c.beginPath(); c.arc(x, y, size, 0, 2 * Math.PI); c.stroke(); });
    for (const area of painter.areas) {
      if (!area) continue;
      c.globalAlpha = 0.45;
      for (const name of ["x", "y"]) {
        const axis = area.panel[name], to = this.values[axis.moves];
        if (to === undefined) continue;
        const control = this.reader.byName[axis.moves], places = placesOf(control, axis);
        const at = area[`s${name}`](places ? places[positionOf(control, to)] : to);
        twice(1, () => (name === "x" ? stroke(c, at, area.top, at, area.bottom) : stroke(c, area.left, at, area.right, at)));
      }
      c.globalAlpha = 1;
      const linked = area.panel.marks.some((mark) => mark.moves in this.values);
      for (const one of linked ? this.reader.series(area) : []) {
        if (!["Points", "Nodes"].includes(one.mark.kind) || !(one.mark.moves in this.values)) continue;
        const k = positionOf(this.reader.byName[one.mark.moves], this.values[one.mark.moves]);
        if (k < one.n) ring(area.sx(one.x(k)), area.sy(one.y(k)), (one.mark.size || 4) + 4);
      }
    }
    const { area, one, i } = this.place;
    if (one) ring(area.sx(one.x(i)), area.sy(one.y(i)), 5);
  }

  // ---- pointers ---------------------------------------------------------------------------------------------------

  // The panel at a place, if the reader can draw in it.
  drawable(px, py) {
    const area = px === null ? null : this.reader.areaAt(px, py);
    return area && area.panel.draw && this.free(area.panel.draw) ? area : null;
  }

  // A mouse means what it presses; where it may draw, and for a finger that may scroll, only what follows tells.
  down(event) {
    const { offsetX: px, offsetY: py } = event, finger = event.pointerType === "touch";
    this.held = null;
    if (event.button || !event.isPrimary || !this.reader.areaAt(px, py)) return;
    this.at = null;
    this.held = { px, py, finger, near: finger ? NEAR_FINGER : NEAR, drawing: this.drawable(px, py), going: false, last: null };
    if (!finger) this.figure.canvas.setPointerCapture(event.pointerId);
    if (!finger && !this.held.drawing) { this.held.going = true; this.follow(px, py); }
  }

  over(event) {
    const { offsetX: px, offsetY: py } = event, { held } = this;
    if (held && !held.going) {
      const away = held.finger ? Math.abs(px - held.px) : Math.hypot(px - held.px, py - held.py);
      if (away < SIDEWAYS) return;
      held.going = true;
      this.figure.canvas.setPointerCapture(event.pointerId);
      this.follow(held.px, held.py);
    }
    if (held) this.follow(px, py);
    else {
      this.pointer = { px, py, near: NEAR };
      this.at = null;
      if (!this.waiting) this.waiting = requestAnimationFrame(() => { this.waiting = null; if (this.pointer && !this.held) this.readPointer(); });
    }
  }

  up(event) {
    const { held } = this;
    this.held = null;
    if (held && !held.going) this.visit(event.offsetX, event.offsetY, held.near); // a tap, or a click where one may draw
  }

  // The hand is down and goes: draw there, or move the controls there.
  follow(px, py) {
    const { drawing, near } = this.held;
    if (drawing) this.held.last = this.figure.drawByHand(drawing, px, py, this.held.last);
    else if (this.reader.areaAt(px, py)) this.visit(px, py, near);
  }

  // ---- keys -------------------------------------------------------------------------------------------------------

  key(event) {
    const { areas } = this.figure.painter, step = STEPS_OF_KEYS[event.key], turn = { PageUp: -1, PageDown: 1, "[": -1, "]": 1 }[event.key];
    const panels = areas.map((area, k) => k).filter((k) => areas[k] && this.reader.series(areas[k]).length);
    if (!panels.length || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === " ") { if (this.at) this.figure.moveAll(this.values); }
    else if (turn) {
      const now = this.at ? panels.indexOf(this.at.panel) : turn < 0 ? 0 : -1;
      this.at = this.here(panels[(now + turn + panels.length) % panels.length]);
    } else if (step) {
      if (!this.at) this.at = this.here(panels[0]);
      else this.step(...step);
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
    this.reader.series(area).forEach((one, s) => {
      for (let i = 0; i < one.n; i++) {
        const agree = Object.entries(this.reader.leads({ area, one, i })).filter(([name, value]) => values[name] === value).length;
        if (agree > most && Number.isFinite(one.y(i))) { most = agree; best = { panel, s, i }; }
      }
    });
    return best;
  }

  step(dx, dy) {
    const area = this.figure.painter.areas[this.at.panel], all = this.reader.series(area), { mark } = all[this.at.s] || all[0];
    const up = mark.kind === "HeatMap" && !area.down ? dy : -dy; // rows as they lie on the screen; other series as they are listed
    this.at.s = Math.max(0, Math.min(all.length - 1, this.at.s + up));
    this.at.i = Math.max(0, Math.min(all[this.at.s].n - 1, this.at.i + dx));
  }

  readAt() {
    const area = this.figure.painter.areas[this.at.panel], all = this.reader.series(area);
    if (!all.length) return this.read(null);
    const one = all[Math.min(this.at.s, all.length - 1)];
    this.read({ area, one, i: Math.min(this.at.i, one.n - 1) });
  }
}
