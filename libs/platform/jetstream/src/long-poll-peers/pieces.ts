/** Cuts bytes into pieces of at most `most`; no bytes are one empty piece. */
export function cutInPieces(bytes: Uint8Array, most: number): Uint8Array[] {
  const pieces = [bytes.subarray(0, most)];
  for (let start = most; start < bytes.length; start += most) pieces.push(bytes.subarray(start, start + most));
  return pieces;
}

/** Puts pieces together that come in order; what has a gap never gets whole. */
export class PieceCollector {
  private readonly pieces: Uint8Array[] = [];

  /** Takes the piece at `index` of `count`; the whole bytes with the last one. */
  add(piece: Uint8Array, index: number, count: number): Uint8Array | undefined {
    if (index !== this.pieces.length) return undefined;
    this.pieces.push(piece);
    if (this.pieces.length < count) return undefined;
    return count === 1 ? piece : Buffer.concat(this.pieces);
  }
}
