// The controls of a figure as plain HTML: labels, sliders, lists, text fields; all of it reachable by keyboard.

let controlCount = 0;

function element(kind, attributes = {}, ...children) {
  const node = document.createElement(kind);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

// What a slider at this value says, in numbers a person would write.
function spoken(control, value) {
  if (control.kind === "Frame") return String(control.labels[value]);
  const decimals = Math.max(0, Math.ceil(-Math.log10(control.step) - 1e-9));
  return fixed(Number(value), decimals);
}

// Whether this key is the control's that has the focus; every other belongs to the page around the figure. Letters stay
// here although a slider has no use for them: in JupyterLab "b" adds a cell and two d's delete one.
function usesKey(event) {
  const { key, target } = event, typing = target.matches('input[type="text"]');
  const moves = /^(Arrow.*|Home|End|Page.*)$/.test(key);
  const chord = (event.ctrlKey || event.metaKey) && !event.getModifierState("AltGraph"); // AltGr only types a sign
  if (chord) return typing && (moves || /^([acvxyz]|Backspace|Delete)$/i.test(key));
  if (typing) return !/^(Tab|Escape|F\d+)$/.test(key);
  return moves || key === "Enter" || key.length === 1;
}

const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

// {node, show(value), stop()} for one control; `moved(value)` is called when the reader moves it.
function makeControl(control, value, moved, enabled) {
  const id = `live-figure-control-${++controlCount}-${Math.random().toString(36).slice(2, 8)}`;
  const label = element("label", { for: id }, control.label);
  const node = element("div", { class: "live-figure-control", "data-control": control.name }, label);
  if (control.kind === "Choice" || isNamed(control)) return makeChoice(control, value, moved, enabled, id, node);
  if (control.kind === "Text") return makeText(control, value, moved, enabled, id, node);
  if (control.kind === "Run") return new RunButtons(control, value, moved, enabled);

  const range = control.kind === "Frame" ? { min: 0, max: control.labels.length - 1, step: 1 } : { min: control.low, max: control.high, step: control.step };
  const slider = element("input", { type: "range", id, ...range, disabled: !enabled });
  const output = element("output", { for: id });
  const show = (v) => {
    slider.value = v;
    output.textContent = spoken(control, v);
    slider.setAttribute("aria-valuetext", spoken(control, v));
  };
  const byHand = () => {
    stop();
    show(Number(slider.value));
    moved(Number(slider.value));
  };
  slider.addEventListener("input", byHand);
  let timer = null;
  let button = null;
  const stop = () => {
    clearInterval(timer);
    timer = null;
    if (button) { button.textContent = "▶"; button.setAttribute("aria-label", `Play ${control.label}`); }
  };
  if (control.play) {
    const rest = calm();
    button = element("button", { type: "button", "aria-label": `Play ${control.label}`, disabled: rest, title: rest ? "Off, because your system asks for reduced motion" : "Play or pause" }, "▶");
    button.addEventListener("click", () => {
      if (timer) return stop();
      button.textContent = "❚❚";
      button.setAttribute("aria-label", `Pause ${control.label}`);
      timer = setInterval(() => {
        if (!slider.isConnected) return stop();
        const next = (Number(slider.value) + 1) % (Number(slider.max) + 1);
        show(next);
        moved(next);
      }, control.period);
    });
    node.append(button);
  }
  node.append(slider, output);
  show(value);
  // Room for the widest text this slider can show, so that it does not change its length while it moves.
  const texts = control.kind === "Frame" ? control.labels.map(String) : [spoken(control, control.low), spoken(control, control.high)];
  output.style.minWidth = `min(${Math.max(...texts.map((t) => t.length)) + 0.5}ch, 40%)`;
  return { node, show, stop, reach: (count) => { slider.max = count - 1; } };
}

// Whether a frame control has names for its positions: a slider is for numbers.
function isNamed(control) {
  return control.kind === "Frame" && !control.play && control.labels.length <= 12 && control.labels.every((label) => Number.isNaN(Number(String(label).replace("\u2212", "-"))));
}

function makeChoice(control, value, moved, enabled, id, node) {
  const named = control.kind === "Frame"; // then a value is a position
  const options = (control.options || control.labels).map((option, k) => element("option", { value: named ? k : option }, option));
  const list = element("select", { id, disabled: !enabled }, ...options);
  list.value = value;
  list.addEventListener("input", () => moved(named ? Number(list.value) : list.value));
  node.append(list);
  return { node, show: (v) => { list.value = v; }, stop() {} };
}

function makeText(control, value, moved, enabled, id, node) {
  const field = element("input", { type: "text", id, maxlength: control.longest, disabled: !enabled, spellcheck: "false", autocomplete: "off" });
  field.value = value;
  field.addEventListener("input", () => moved(field.value));
  node.classList.add("live-figure-wide");
  node.append(field);
  return { node, show: (v) => { if (field.value !== v) field.value = v; }, stop() {} };
}

// The question before the figure: the reader commits to an answer, then `reveal(byKeyboard)` shows the figure.
function makePrediction(prediction, reveal) {
  const box = element("fieldset", { class: "live-figure-prediction" }, element("legend", {}, "Predict first"), element("p", {}, prediction.question));
  const answers = element("div", { class: "live-figure-answers" });
  const commit = (index, byKeyboard) => {
    const said = index === null ? "You chose to look first." : `You predicted: ${prediction.options[index]}.`;
    const verdict = index === null ? "" : index === prediction.answer ? "Yes. " : `Not quite: ${prediction.options[prediction.answer]}. `;
    const fold = element("details", {}, element("summary", {}, index === null ? "What to see" : "Was I right?"), element("p", {}, verdict + prediction.because));
    box.replaceChildren(element("legend", {}, "Predict first"), element("p", {}, `${prediction.question} `, element("strong", {}, said), " Try it below, then look:"), fold);
    reveal(byKeyboard);
  };
  prediction.options.forEach((option, index) => {
    const button = element("button", { type: "button" }, option);
    button.addEventListener("click", (event) => commit(index, event.detail === 0)); // 0: by a key
    answers.append(button);
  });
  const skip = element("button", { type: "button", class: "live-figure-skip" }, "show without predicting");
  skip.addEventListener("click", (event) => commit(null, event.detail === 0));
  answers.append(skip);
  box.append(answers);
  return box;
}
