// anywidget's side: the figure's description, arrays and values come from the model, requests go to the kernel.

// The newest arrays by model (its description is one object for its life), so that a second view starts from them.
const newest = new WeakMap();

// Whether `send()` worked: to a kernel that was shut down nothing can be sent.
function sent(send) {
  try {
    send();
    return true;
  } catch (error) {
    console.warn(error);
    return false;
  }
}

function render({ model, el }) {
  const description = model.get("description");
  const root = element("div");
  el.append(root);
  const start = newest.get(description) || { arrays: new FigureArrays(model.get("header"), model.get("blob")), values: model.get("values") };
  const link = {
    ask: (request, values, work) => sent(() => model.send({ type: "compute", request, values, work })),
    rest: (values) => sent(() => { model.set("values", values); model.save_changes(); }),
  };
  const figure = new BrowserFigure(root, description, start.arrays, start.values, link);
  const view = Math.floor(Math.random() * 1e9);
  figure.request = view * 1e6; // requests of several views must not be taken for each other
  const onMessage = (message, buffers) => {
    figure.answer(message, buffers && buffers[0]);
    newest.set(description, { arrays: figure.arrays, values: figure.values });
  };
  const onMoved = () => { // by Python; header and blob have come with it
    newest.delete(description);
    figure.replace(new FigureArrays(model.get("header"), model.get("blob")), model.get("moved").values);
  };
  const onLost = () => figure.lost(); // the manager has let go of the kernel: it died or was restarted
  const onStatus = (_, status) => { if (status === "dead") onLost(); }; // it was shut down, or died once too often
  const kernel = model.widget_manager?.kernel?.statusChanged; // JupyterLab has it; elsewhere the figure's patience helps
  kernel?.connect(onStatus);
  model.on("msg:custom", onMessage);
  model.on("comm_live_update", onLost);
  model.on("change:moved", onMoved);
  return () => {
    model.off("msg:custom", onMessage);
    model.off("comm_live_update", onLost);
    model.off("change:moved", onMoved);
    kernel?.disconnect(onStatus);
    figure.destroy();
  };
}

export default { render };
