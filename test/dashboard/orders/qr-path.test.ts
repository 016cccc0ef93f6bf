import { create } from 'qrcode';
import { qrPathOf } from '../../../dashboard/orders/qr-path';

/** The dark modules that a path of bars paints, as `column,row`. */
function painted(path: string): ReadonlySet<string> {
  const bars = [...path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)];
  return new Set(
    bars.flatMap(([, x, y, length]) =>
      Array.from(
        { length: Number(length) },
        (_, step) => `${String(Number(x) + step)},${String(y)}`,
      ),
    ),
  );
}

test('the path paints the dark modules of the code, four modules off the edge', () => {
  const text = 'https://qr.paypay.example/pay/04-6LxIcJ1A7x6itq10';
  const { size, data } = create(text, { errorCorrectionLevel: 'M' }).modules;
  const dark = [...data].flatMap((module, index) =>
    module === 0 ? [] : [`${String((index % size) + 4)},${String(Math.floor(index / size) + 4)}`],
  );
  const { side, path } = qrPathOf(text);
  expect(side).toBe(size + 8);
  expect(painted(path)).toEqual(new Set(dark));
});
