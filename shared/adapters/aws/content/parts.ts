/**
 * A stream cut into parts of one size, the last one shorter. Two buffers take turns: a part may be used until the next
 * but one is asked for, and no more than the two are ever held.
 */
export async function* inParts(
  body: AsyncIterable<Uint8Array>,
  partBytes: number,
): AsyncGenerator<Buffer, void> {
  const buffers: [Buffer, Buffer] = [Buffer.alloc(0), Buffer.alloc(0)];
  let turn: 0 | 1 = 0;
  let filled = 0;
  for await (const piece of body) {
    let taken = 0;
    while (taken < piece.length) {
      // Small files are many: what they need is made for them only once they are longer than their first piece.
      buffers[turn] = roomFor(
        buffers[turn],
        filled,
        Math.min(partBytes, filled + piece.length - taken),
        partBytes,
      );
      const bytes = piece.subarray(taken, taken + partBytes - filled);
      buffers[turn].set(bytes, filled);
      taken += bytes.length;
      filled += bytes.length;
      if (filled < partBytes) continue;
      yield buffers[turn];
      turn = turn === 0 ? 1 : 0;
      filled = 0;
    }
  }
  if (filled > 0) yield buffers[turn].subarray(0, filled);
}

function roomFor(buffer: Buffer, filled: number, needed: number, most: number): Buffer {
  if (buffer.length >= needed) return buffer;
  const larger = Buffer.allocUnsafeSlow(filled === 0 && needed < most ? needed : most);
  larger.set(buffer.subarray(0, filled));
  return larger;
}
