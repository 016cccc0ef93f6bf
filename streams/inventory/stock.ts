/**
 * The pieces of one sku. total = available + reserved + sold, and none is ever negative: every
 * change is checked, in production too, and a change that breaks it throws.
 *
 *                 total  available  reserved  sold
 *   receive 10       10         10         0     0
 *   reserve  3       10          7         3     0
 *   sell     2       10          7         1     2
 *   release  1       10          8         0     2
 *   takeBack 2       10         10         0     0
 *   adjust  -4        6          6         0     0     (test: "pieces move and none is lost")
 */
import type { StateOf } from '../runtime/app';

export type Stock = StateOf<'StockState'>;

export function noStock(sku: string): Stock {
  return { type: 'StockState', sku, total: 0, available: 0, reserved: 0, sold: 0 };
}

export function receive(stock: Stock, pieces: number): Stock {
  const { total, available } = stock;
  return checked({ ...stock, total: total + pieces, available: available + pieces });
}

/** Corrects what was booked; negative: fewer. Only what is available can be taken off. */
export function adjust(stock: Stock, pieces: number): Stock {
  const { total, available } = stock;
  return checked({ ...stock, total: total + pieces, available: available + pieces });
}

export function reserve(stock: Stock, pieces: number): Stock {
  const { available, reserved } = stock;
  return checked({ ...stock, available: available - pieces, reserved: reserved + pieces });
}

export function release(stock: Stock, pieces: number): Stock {
  const { available, reserved } = stock;
  return checked({ ...stock, available: available + pieces, reserved: reserved - pieces });
}

export function sell(stock: Stock, pieces: number): Stock {
  const { reserved, sold } = stock;
  return checked({ ...stock, reserved: reserved - pieces, sold: sold + pieces });
}

export function takeBack(stock: Stock, pieces: number): Stock {
  const { available, sold } = stock;
  return checked({ ...stock, available: available + pieces, sold: sold - pieces });
}

function checked(stock: Stock): Stock {
  const { sku, total, available, reserved, sold } = stock;
  const isSound =
    [total, available, reserved, sold].every(
      (count) => Number.isSafeInteger(count) && count >= 0,
    ) && total === available + reserved + sold;
  if (!isSound) {
    throw new Error(`stock of ${sku}: ${total} is not ${available} + ${reserved} + ${sold}`);
  }
  return stock;
}
