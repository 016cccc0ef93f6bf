/** A QR code as one SVG path, one unit a module, its quiet zone included. Pure. */
import { create } from 'qrcode';

/** The standard's quiet zone, without which phones do not find the code. */
const QUIET_MODULES = 4;

export interface QrPath {
  /** Side of the square view box. */
  readonly side: number;
  readonly path: string;
}

export function qrPathOf(text: string): QrPath {
  const { size, data } = create(text, { errorCorrectionLevel: 'M' }).modules;
  const rows = Array.from({ length: size }, (_, row) => rowPath(data, size, row));
  return { side: size + 2 * QUIET_MODULES, path: rows.join('') };
}

/** Neighbouring dark modules are one bar, so that no hairline shows between them. */
function rowPath(data: ArrayLike<number>, size: number, row: number): string {
  let path = '';
  for (let from = 0; from < size; from++) {
    if (data[row * size + from] === 0) continue;
    let to = from + 1;
    while (to < size && data[row * size + to] !== 0) to++;
    const length = String(to - from);
    path += `M${String(from + QUIET_MODULES)} ${String(row + QUIET_MODULES)}h${length}v1h-${length}z`;
    from = to;
  }
  return path;
}
