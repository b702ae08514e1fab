// Handles: places of a picture that the reader drags, or moves with the arrow keys. Each is an element of its own over
// the canvas, so that it can have the focus.

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

class HandleOnPage {
  // `mark` of the panel number `index`; `byName`: the figure's controls.
  constructor(figure, mark, index, byName) {
    Object.assign(this, { figure, mark, index, byName, grip: null, ahead: null });
    const [first] = mark.sets, control = byName[first[0]];
    const ends = control.kind === "Frame" ? [0, control.labels.length - 1] : [control.low, control.high];
    this.node = element("div", { class: "live-figure-handle", tabindex: 0, role: "slider", "aria-roledescription": "handle", "aria-valuemin": ends[0], "aria-valuemax": ends[1], "aria-label": `${mark.label}: drag, or move with the arrow keys`, title: mark.label });
    this.node.addEventListener("pointerdown", (event) => this.down(event));
    this.node.addEventListener("pointermove", (event) => this.drag(event));
    for (const kind of ["pointerup", "pointercancel", "lostpointercapture"]) this.node.addEventListener(kind, () => { this.grip = null; this.stand(); });
    this.node.addEventListener("keydown", (event) => this.key(event));
    this.node.addEventListener("blur", () => this.stand());
  }

  get area() {
    return this.figure.painter.areas[this.index];
  }

  // Where the picture has it. `ahead`, while the kernel owes an answer: where the hand has it, with the rules of the start.
  spot() {
    const { arrays, values, waitingFor } = this.figure;
    if (waitingFor === null) this.ahead = null;
    return this.ahead || { x: arrays.number(this.mark.x, values), y: arrays.number(this.mark.y, values), rules: this.rules() };
  }

  // [control, c, p, q]: the control becomes c + p x + q y. They are those of one picture for a whole drag.
  rules() {
    const { arrays, values } = this.figure;
    return this.mark.sets.map(([name, array]) => [name, ...arrays.get(array, values).values]);
  }

  ruled({ x, y, rules }) {
    return Object.fromEntries(rules.map(([name, c, p, q]) => [name, valueAt(this.byName[name], c + p * x + q * y, null)]));
  }

  go(spot) {
    this.figure.moveAll(this.ruled(spot));
    this.ahead = spot;
    this.speak();
  }

  down(event) {
    if (event.button || !this.area) return;
    const { sx, sy } = this.area, { x, y, rules } = this.spot();
    this.node.setPointerCapture(event.pointerId);
    this.node.focus({ preventScroll: true });
    event.preventDefault();
    this.grip = { from: [event.clientX, event.clientY], at: [sx(x), sy(y)], rules };
  }

  drag(event) {
    if (!this.grip) return;
    const { area } = this, { from, at, rules } = this.grip;
    const px = Math.max(area.left, Math.min(area.right, at[0] + event.clientX - from[0])), py = Math.max(area.top, Math.min(area.bottom, at[1] + event.clientY - from[1]));
    this.put(px, py);
    this.go({ x: area.x(px), y: area.y(py), rules });
  }

  // One key goes a hundredth of the panel, or as far as it takes for a control to notice.
  key(event) {
    const way = WAYS[event.key], { area } = this;
    if (!way || !area || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const { x, y, rules } = this.spot();
    for (let times = event.shiftKey ? 10 : 1; times <= 64; times *= 2) {
      const px = area.sx(x) + (times * way[0] * (area.right - area.left)) / 100, py = area.sy(y) - (times * way[1] * (area.bottom - area.top)) / 100;
      const spot = { x: area.x(px), y: area.y(py), rules };
      if (Object.entries(this.ruled(spot)).some(([name, value]) => this.figure.values[name] !== value)) return this.go(spot);
    }
  }

  put(px, py) {
    Object.assign(this.node.style, { left: `${px}px`, top: `${py}px` });
  }

  speak() {
    const { values } = this.figure, names = this.mark.sets.map(([name]) => name);
    const text = names.map((name) => `${this.byName[name].label} ${spoken(this.byName[name], values[name])}`).join(", ");
    this.node.setAttribute("aria-valuenow", values[names[0]]);
    this.node.setAttribute("aria-valuetext", text);
  }

  // After each drawing: it stands where the picture has it. Outside its panel it is hidden, but never under the focus.
  stand() {
    const { area, node } = this;
    if (this.grip || !area) return;
    const { x, y } = this.spot(), px = area.sx(x), py = area.sy(y), within = (value, low, high) => Math.max(low, Math.min(high, value));
    node.hidden = !(px >= area.left - 1 && px <= area.right + 1 && py >= area.top - 1 && py <= area.bottom + 1) && node !== document.activeElement;
    if (Number.isFinite(px) && Number.isFinite(py)) this.put(within(px, area.left, area.right), within(py, area.top, area.bottom));
    this.speak();
  }
}
