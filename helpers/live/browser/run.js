// A control of kind Run: work that goes on while the page asks for more. The page asks for the next piece when the last
// picture is drawn, so a stop is at once, several figures take turns, and nobody works for a page that is out of sight.

const CALM_PAUSE = 600; // ms between pictures where the reader prefers reduced motion

class RunButtons {
  constructor(control, value, moved, enabled) {
    Object.assign(this, { control, moved, running: false, wanted: null, asleep: false });
    const button = (text, act) => {
      const node = element("button", { type: "button", disabled: !enabled }, text);
      node.addEventListener("click", act);
      return node;
    };
    this.play = button("", () => (this.running ? this.stop("Paused.") : this.start()));
    const step = button(control.step, () => { this.stop(); this.want({ steps: 1 }); });
    const again = button("Start again", () => this.want({ again: true }));
    const other = button("Another seed", () => { this.tell(""); this.show((this.seed + 1) % 10000); moved(this.seed); });
    this.output = element("output");
    // Spoken when it stops, never at each piece.
    this.status = element("span", { class: "live-figure-run-status", role: "status" });
    this.node = element("div", { class: "live-figure-control live-figure-run", role: "group", "aria-label": control.label, "data-control": control.name });
    this.node.append(this.play, step, again, other, this.output, this.status);
    this.wake = () => { if (this.asleep && this.inSight()) this.next(); };
    this.show(value);
    this.mark();
  }

  attach(figure) {
    this.figure = figure;
    this.mark();
  }

  show(seed) {
    this.seed = seed;
    this.output.textContent = `seed ${seed}`;
  }

  // Buttons and texts as they must be while it runs, or rests.
  mark() {
    this.play.textContent = this.running ? "❚❚ Pause" : `▶ ${this.control.verb}`;
    if (!this.figure) return;
    this.figure.root.dataset.running = String(this.running);
    this.figure.summary.setAttribute("aria-live", this.running ? "off" : "polite");
  }

  tell(text) {
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  start() {
    this.running = true;
    this.tell("");
    this.mark();
    document.addEventListener("visibilitychange", this.wake);
    this.sizes = new ResizeObserver(this.wake);
    this.sizes.observe(this.figure.root);
    this.moved(this.seed);
  }

  // What is under way is still answered and drawn; nothing more is asked for.
  stop(why = "") {
    if (!this.running) return;
    this.running = this.asleep = false;
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.wake);
    this.sizes.disconnect();
    this.tell(why);
    this.mark();
  }

  want(work) {
    this.wanted = work;
    this.tell("");
    this.moved(this.seed);
  }

  wants() {
    return this.running || this.wanted !== null;
  }

  // The work that goes with the request that is sent now; null for none.
  take() {
    const work = this.wanted || (this.running ? { seconds: this.control.seconds } : null);
    this.wanted = null;
    return work;
  }

  answered(message) {
    if (message.type === "error") this.stop("Stopped.");
    else if (message.ended) {
      this.stop();
      this.tell(message.ended);
    }
  }

  inSight() {
    return !document.hidden && this.figure.root.clientWidth > 0;
  }

  // Ask for the next piece when the last picture is drawn; out of sight, wait to be woken.
  next() {
    this.asleep = !this.inSight();
    this.tell(this.asleep ? "Waits until it is in sight again." : "");
    if (this.asleep) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => requestAnimationFrame(() => {
      if (this.wants()) this.figure.ask();
      else this.figure.rest();
    }), this.running && calm() ? CALM_PAUSE : 0);
  }
}
