// The arrays of a figure as helpers/figures/frames.py packs them: one block of bytes and a header that says where.

class FigureArrays {
  constructor(header, bytes) {
    this.header = header;
    const view = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    // A copy starts at offset 0, so that the typed arrays below are aligned.
    this.block = view.slice().buffer;
    this.decoded = new Map();
  }

  place(axes, frames, positions) {
    return axes.reduce((index, axis, k) => index * frames[k] + positions[axis], 0);
  }

  // {values, shape} of the frame at `positions`; NaN where the value is missing.
  get(name, positions) {
    const entry = this.header.arrays[name];
    const size = entry.shape.reduce((a, b) => a * b, 1);
    const index = this.place(entry.axes, entry.frames, positions);
    const known = this.decoded.get(name);
    if (known && known.index === index) return known;
    const steps = entry.type === "int16", kind = { int16: Int16Array, int32: Int32Array, float32: Float32Array }[entry.type];
    const coded = new kind(this.block, entry.at + kind.BYTES_PER_ELEMENT * index * size, size);
    const values = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      values[i] = !steps ? coded[i] : coded[i] === -32768 ? NaN : coded[i] * entry.scale + entry.offset;
    }
    const frame = { index, values, shape: entry.shape };
    this.decoded.set(name, frame);
    return frame;
  }

  number(name, positions) {
    return this.get(name, positions).values[0];
  }

  pick({ axes, values }, positions) {
    return axes.reduce((nest, axis) => nest[positions[axis]], values);
  }

  texts(name, positions) {
    return this.pick(this.header.texts[name], positions);
  }

  summary(positions) {
    return this.pick(this.header.summary, positions);
  }
}
