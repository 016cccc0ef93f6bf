import {
  adjust,
  noStock,
  receive,
  release,
  reserve,
  sell,
  takeBack,
  type Stock,
} from '../../../streams/inventory/stock';

function counts({ total, available, reserved, sold }: Stock): readonly number[] {
  return [total, available, reserved, sold];
}

describe('the stock of a sku', () => {
  test('pieces move and none is lost', () => {
    const received = receive(noStock('a'), 10);
    const reserved = reserve(received, 3);
    const sold = sell(reserved, 2);
    const released = release(sold, 1);
    const takenBack = takeBack(released, 2);
    const adjusted = adjust(takenBack, -4);
    expect([received, reserved, sold, released, takenBack, adjusted].map(counts)).toEqual([
      [10, 10, 0, 0],
      [10, 7, 3, 0],
      [10, 7, 1, 2],
      [10, 8, 0, 2],
      [10, 10, 0, 0],
      [6, 6, 0, 0],
    ]);
  });

  test('a move of more pieces than there are throws', () => {
    const stock = sell(reserve(receive(noStock('a'), 10), 4), 2);
    expect(() => reserve(stock, 7)).toThrow('stock of a');
    expect(() => release(stock, 3)).toThrow('stock of a');
    expect(() => sell(stock, 3)).toThrow('stock of a');
    expect(() => takeBack(stock, 3)).toThrow('stock of a');
    expect(() => adjust(stock, -7)).toThrow('stock of a');
  });

  test('a stock that does not add up throws at its next move', () => {
    const broken = { ...receive(noStock('a'), 10), total: 11 };
    expect(() => reserve(broken, 1)).toThrow('11 is not 9 + 1 + 0');
  });
});
