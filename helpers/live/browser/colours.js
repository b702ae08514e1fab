// Colours: the tables of helpers/figures/colours.py, built from the same anchors, and the reader's theme.

function colourTable(anchors) {
  const rgb = anchors.map((a) => [1, 3, 5].map((i) => parseInt(a.slice(i, i + 2), 16)));
  const table = new Uint8ClampedArray(256 * 3);
  for (let i = 0; i < 256; i++) {
    const place = (i / 255) * (rgb.length - 1);
    const k = Math.min(Math.floor(place), rgb.length - 2);
    for (let c = 0; c < 3; c++) {
      table[3 * i + c] = Math.floor(rgb[k][c] + (rgb[k + 1][c] - rgb[k][c]) * (place - k) + 0.5);
    }
  }
  return table;
}

// The place of `value` in a colour table: as matplotlib does it, 256 steps from low to high, clipped.
function colourIndex(value, [low, high]) {
  return Math.max(0, Math.min(255, Math.floor(((value - low) / (high - low)) * 256)));
}

function colourOf(table, value, limits) {
  if (!Number.isFinite(value)) return [255, 255, 255];
  const i = 3 * colourIndex(value, limits);
  return [table[i], table[i + 1], table[i + 2]];
}

function inkOn([r, g, b]) {
  return 0.299 * r + 0.587 * g + 0.114 * b < 127.5 ? "#ffffff" : "#222222";
}

// Text colour and background as the page has them (JupyterLab's light and dark themes, or a plain page).
function readTheme(element) {
  const style = getComputedStyle(element);
  const ink = style.color;
  const channels = (ink.match(/[\d.]+/g) || [0, 0, 0]).map(Number);
  const dark = 0.299 * channels[0] + 0.587 * channels[1] + 0.114 * channels[2] > 127;
  const forced = window.matchMedia("(forced-colors: active)").matches; // then nothing is pale
  return { ink, dark, paper: style.backgroundColor, pale: forced ? ink : dark ? "#8c8c8c" : "#9a9a9a", font: style.fontFamily };
}
