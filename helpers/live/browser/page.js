// A page without a kernel: the figure's content stands beside it as JSON.

function mountPage(id) {
  const root = document.getElementById(id);
  const content = JSON.parse(document.getElementById(`${id}-data`).textContent);
  const bytes = Uint8Array.from(atob(content.blob), (character) => character.charCodeAt(0));
  const still = root.firstElementChild;
  root.replaceChildren();
  new BrowserFigure(root, content, new FigureArrays(content.header, bytes), content.values, null);
  root.append(still); // for paper
}
