// A page without a kernel: the figure's content stands beside it as JSON.

function mountPage(id) {
  const root = document.getElementById(id);
  const content = JSON.parse(document.getElementById(`${id}-data`).textContent);
  const bytes = Uint8Array.from(atob(content.blob), (character) => character.charCodeAt(0));
  const still = root.querySelector(".live-figure-still"); // in a page that a browser saved, the old figure stands before it
  root.replaceChildren();
  new BrowserFigure(root, content, new FigureArrays(content.header, bytes), content.values, null);
  root.append(still); // for paper
}
