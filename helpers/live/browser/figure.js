// A live figure on a page: controls, canvas, summary. It draws at most once per animation frame, always the newest.

const REST = 150; // ms without a move until the kernel is told where the controls stand
const PATIENCE = 2500; // ms until a reader is told that the kernel does not answer
const TALLEST = 640; // px of a figure with its controls: what a laptop's window has
const GONE = "The kernel was shut down or restarted: run the notebook's cells again to move this control. The last picture stays.";

class BrowserFigure {
  // content: {picture, controls, prediction}; link: null (no kernel), or {ask(request, values, work), rest(values)},
  // where `ask` is false if the request could not be sent, and `work` is what a Run wants done first (see run.js).
  constructor(root, content, arrays, values, link) {
    Object.assign(this, { root, content, arrays, link });
    this.values = { ...values };
    this.drawnValues = { ...values }; // kernel values that the arrays belong to
    this.kernelNames = content.controls.filter((c) => c.kind !== "Frame").map((c) => c.name);
    this.painter = new Painter(content.picture);
    root.areas = () => this.painter.areas; // where the panels stand, for tests
    this.request = 0;
    this.waitingFor = null;
    this.build();
  }

  build() {
    const { picture, prediction, controls } = this.content;
    this.root.classList.add("live-figure");
    // JupyterLab acts on the keys that reach the document: arrow keys and letters that belong to a control must not.
    this.root.addEventListener("keydown", (event) => { if (usesKey(event)) event.stopPropagation(); });
    this.controls = {};
    const panel = element("div", { class: "live-figure-controls" });
    for (const control of controls) {
      const enabled = control.kind === "Frame" || this.link !== null;
      this.controls[control.name] = makeControl(control, this.values[control.name], (value) => this.move(control.name, value), enabled);
      panel.append(this.controls[control.name].node);
    }
    this.canvas = element("canvas", { class: "live-figure-canvas", "aria-label": picture.alt });
    this.summary = element("p", { class: "live-figure-summary", "aria-live": "polite" });
    this.alert = element("p", { class: "live-figure-alert", role: "alert" });
    this.alert.hidden = true;
    this.hands = new Hands(this);
    const { frame, reading } = this.hands;
    const body = element("div", {}, element("p", { class: "live-figure-title" }, picture.title), panel, frame, reading, this.summary, this.alert);
    if (this.link === null && this.kernelNames.length) {
      body.append(element("p", { class: "live-figure-note" }, "Controls that rest here compute something new: run the notebook's cell to move them."));
    }
    if (prediction) {
      body.hidden = true;
      this.root.append(makePrediction(prediction, (byKeyboard) => {
        body.hidden = false;
        this.schedule();
        const first = byKeyboard && body.querySelector(".live-figure-controls :is(input, select, button):enabled");
        if (first) first.focus();
      }));
    }
    this.root.append(body);
    this.sizes = new ResizeObserver(() => this.schedule());
    this.sizes.observe(this.root);
    this.run = Object.values(this.controls).find((one) => one instanceof RunButtons) || null;
    this.run?.attach(this);
    this.watchDensity();
    this.themes = new MutationObserver(() => this.schedule());
    this.themes.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-jp-theme-name", "class"] });
    this.schedule();
  }

  // Another zoom or another screen: the same size in CSS pixels, drawn with more or fewer dots.
  watchDensity() {
    const density = this.density = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    density.onchange = () => { density.onchange = null; this.watchDensity(); this.schedule(); };
  }

  destroy() {
    this.density.onchange = null;
    this.sizes.disconnect();
    this.themes.disconnect();
    clearTimeout(this.restTimer);
    clearTimeout(this.patience);
    Object.values(this.controls).forEach((control) => control.stop());
  }

  // The reader moved a control.
  move(name, value) {
    this.moveAll({ [name]: value }, name);
  }

  // Several controls go to new values at once; `shown` is the one that stands there already.
  moveAll(values, shown = null) {
    const changed = Object.keys(values).filter((name) => name === shown || this.values[name] !== values[name]);
    if (!changed.length) return;
    for (const name of changed) {
      this.values[name] = values[name];
      if (name !== shown) { this.controls[name].stop(); this.controls[name].show(values[name]); }
      for (const [other, set] of this.content.controls.find((control) => control.name === name).also || []) {
        this.values[other] = set;
        this.controls[other].show(set);
      }
    }
    if (changed.some((name) => this.kernelNames.includes(name))) this.ask();
    else {
      this.schedule();
      this.rest();
    }
  }

  // When the hand rests, and the kernel owes no answer, the kernel is told where the controls stand.
  rest() {
    clearTimeout(this.restTimer);
    if (this.link && this.waitingFor === null) this.restTimer = setTimeout(() => this.link.rest({ ...this.values }), REST);
  }

  // The reader's hand is at a place of a panel that can be drawn in: the numbers of the steps since step `last` go into
  // its text field. Gives the step.
  drawByHand(area, px, py, last) {
    const within = (value, [low, high]) => Math.max(low, Math.min(high, value));
    const step = Math.max(1, Math.min(Math.floor(area.limits.x[1]), Math.round(area.x(px))));
    const value = Math.round(within(area.y(py), area.limits.y) * 100) / 100;
    const name = area.panel.draw;
    const points = this.values[name].replace(/(^|[\s;；])([-+−]?\d+),(\d+),?(?=$|[\s;；])/g, "$1$2.$3"); // decimal commas
    const numbers = points.split(/[\s,;，；、،]+/).filter(Boolean);
    while (numbers.length < step) numbers.push("0");
    const from = last === null ? step : last;
    for (let k = Math.min(from, step); k <= Math.max(from, step); k++) numbers[k - 1] = String(value);
    this.moveAll({ [name]: numbers.join(" ") });
    return step;
  }

  // Ask the kernel for the newest values, one request at a time: what came between is never computed.
  ask() {
    if (this.waitingFor !== null && !this.late) return;
    this.late = false;
    clearTimeout(this.restTimer);
    this.waitingFor = ++this.request;
    this.sent = JSON.stringify(this.kernelValues());
    this.root.dataset.waiting = "true";
    clearTimeout(this.patience);
    this.patience = setTimeout(() => {
      this.late = true; // the next move may ask again: the kernel that was asked may be gone
      this.say("The kernel has not answered yet: it is busy with another cell, or it was shut down. The last picture stays.");
    }, PATIENCE);
    this.root.dataset.requests = String(Number(this.root.dataset.requests || 0) + 1); // for tests
    if (!this.link.ask(this.waitingFor, { ...this.values }, this.run?.take())) this.lost();
  }

  // There is no kernel any more that would answer: say so, and be ready. What the browser does alone goes on.
  lost() {
    clearTimeout(this.patience);
    this.waitingFor = null;
    this.late = false;
    this.run?.stop();
    this.root.dataset.waiting = "false";
    if (this.kernelNames.length) this.say(GONE);
  }

  kernelValues() {
    return Object.fromEntries(this.kernelNames.map((name) => [name, this.values[name]]));
  }

  // The kernel's answer: new arrays, or an error in words. An answer to another view's request is not ours.
  answer(message, bytes) {
    if (message.request !== this.waitingFor) return;
    clearTimeout(this.patience);
    this.late = false;
    const asked = JSON.parse(this.sent);
    this.waitingFor = null;
    if (message.type === "error") this.say(`${message.message} The last good picture stays.`);
    else {
      this.say("");
      this.arrays = new FigureArrays(message.header, bytes);
      this.drawnValues = asked;
      this.schedule();
    }
    this.run?.answered(message);
    if (JSON.stringify(this.kernelValues()) !== this.sent) this.ask();
    else {
      this.root.dataset.waiting = "false";
      if (this.run?.wants()) this.run.next();
      else if (message.type !== "error") this.rest();
    }
  }

  // Values and arrays were set from Python.
  replace(arrays, values) {
    this.arrays = arrays;
    this.values = { ...values };
    this.drawnValues = { ...values };
    for (const [name, value] of Object.entries(values)) this.controls[name]?.show(value);
    this.say("");
    this.schedule();
    this.rest();
  }

  say(text) {
    this.alert.textContent = text;
    this.alert.hidden = !text;
  }

  schedule() {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => { this.scheduled = false; this.draw(); });
  }

  // How tall the picture may be, so that it and what stands around it are seen together.
  room(width) {
    if (width !== this.roomFor) this.around = 0;
    this.roomFor = width;
    const parts = [...this.canvas.parentElement.parentElement.children].filter((node) => ![this.canvas.parentElement, this.alert].includes(node));
    this.around = Math.max(this.around, parts.reduce((sum, node) => sum + node.offsetHeight + 8, 0)); // never less: nothing jumps
    return TALLEST - 8 - this.around;
  }

  // Controls stay in view over a picture that is taller than the window, if they leave most of it free.
  stay() {
    const controls = this.root.querySelector(".live-figure-controls"), window = document.documentElement.clientHeight;
    const tall = controls.offsetHeight + this.canvas.offsetHeight > window, small = controls.offsetHeight < window / 3;
    controls.classList.toggle("live-figure-stays", tall && small);
  }

  // Sliders along frames end where these data end.
  reach() {
    for (const [name, count] of Object.entries(this.arrays.header.reach || {})) {
      this.controls[name].reach(count);
      this.values[name] = Math.min(this.values[name], count - 1);
      this.controls[name].show(this.values[name]);
    }
  }

  draw() {
    this.reach();
    const width = Math.floor(this.canvas.parentElement.clientWidth);
    if (!width) return; // hidden: the observer calls again when it shows
    const context = this.canvas.getContext("2d"), theme = readTheme(this.root), sharp = window.devicePixelRatio || 1;
    const plan = this.painter.plan(context, width, this.room(width), this.arrays, this.values, theme), { height } = plan;
    if (this.canvas.width !== Math.round(width * sharp) || this.canvas.height !== Math.round(height * sharp)) {
      this.canvas.width = Math.round(width * sharp);
      this.canvas.height = Math.round(height * sharp);
      this.canvas.style.width = `${width}px`;
      this.canvas.style.height = `${height}px`;
    }
    context.setTransform(sharp, 0, 0, sharp, 0, 0);
    this.painter.paint(context, width, plan, this.arrays, this.values, theme);
    this.stay();
    const text = this.arrays.summary(this.values);
    if (this.summary.textContent !== text) this.summary.textContent = text;
    this.hands.redraw();
    // What is on the screen now, for tests and for measuring.
    const kernel = Object.fromEntries(this.kernelNames.map((name) => [name, this.drawnValues[name]]));
    this.root.dataset.drawn = JSON.stringify({ ...this.values, ...kernel });
    this.root.dataset.draws = String(Number(this.root.dataset.draws || 0) + 1);
  }
}
