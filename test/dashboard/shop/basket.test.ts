import { Basket } from '../../../dashboard/shop/basket';
import type { Answer } from '../../../dashboard/api/answer';
import type { OrderAccepted, PurchaseBody } from '../../../edge/contract/api-types';

/** An edge that answers as it is told and remembers what it was asked. */
function edgeAnswering(...answers: Answer<OrderAccepted>[]) {
  const asked: { readonly body: PurchaseBody; readonly key: string }[] = [];
  return {
    asked,
    placeOrder: (body: PurchaseBody, key: string): Promise<Answer<OrderAccepted>> => {
      asked.push({ body, key });
      const answer = answers.shift();
      return answer === undefined
        ? Promise.reject(new Error('asked too often'))
        : Promise.resolve(answer);
    },
  };
}

/** A browser's storage, of which a basket needs two methods. */
class MemoryStorage {
  private readonly values = new Map<string, string>();

  getItem(name: string): string | null {
    return this.values.get(name) ?? null;
  }

  setItem(name: string, value: string): void {
    this.values.set(name, value);
  }
}

const unreachable: Answer<OrderAccepted> = { kind: 'unreachable', message: 'no answer' };
const accepted: Answer<OrderAccepted> = { kind: 'ok', value: { orderId: 'order-1' } };

describe('a basket', () => {
  test('holds each product once and drops what is down to zero', () => {
    const basket = new Basket(new MemoryStorage());
    basket.put('tea', 1);
    basket.put('cup', 2);
    basket.put('tea', 3);
    basket.put('cup', 0);
    expect(basket.lines.value).toEqual([{ sku: 'tea', quantity: 3 }]);
    expect(basket.quantityOf('cup')).toBe(0);
  });

  test('is tried again under the same key, so that it cannot be ordered twice', async () => {
    const edge = edgeAnswering(unreachable, accepted);
    const basket = new Basket(new MemoryStorage());
    basket.put('tea', 1);
    await basket.order(edge);
    expect(basket.lines.value).toHaveLength(1);
    await basket.order(edge);
    const [first, second] = edge.asked;
    expect(second).toEqual(first);
    expect(basket.lines.value).toEqual([]);
  });

  test('is another order once something else is in it', async () => {
    const edge = edgeAnswering(unreachable, accepted);
    const basket = new Basket(new MemoryStorage());
    basket.put('tea', 1);
    await basket.order(edge);
    basket.put('tea', 2);
    await basket.order(edge);
    expect(new Set(edge.asked.map(({ key }) => key)).size).toBe(2);
  });

  test('is another order after it was taken, even with the same in it', async () => {
    const edge = edgeAnswering(accepted, accepted);
    const basket = new Basket(new MemoryStorage());
    basket.put('tea', 1);
    await basket.order(edge);
    basket.put('tea', 1);
    await basket.order(edge);
    expect(new Set(edge.asked.map(({ key }) => key)).size).toBe(2);
  });

  test('survives a reload, and so does its key: the order is not placed twice', async () => {
    const storage = new MemoryStorage();
    const before = new Basket(storage);
    before.put('tea', 2);
    const edge = edgeAnswering(unreachable, accepted);
    await before.order(edge);
    const after = new Basket(storage);
    expect(after.lines.value).toEqual([{ sku: 'tea', quantity: 2 }]);
    await after.order(edge);
    expect(edge.asked[1]?.key).toBe(edge.asked[0]?.key);
    expect(new Basket(storage).lines.value).toEqual([]);
  });

  test.each(['', 'null', '[]', '{"lines":7,"idempotencyKey":"k"}', '{"lines":[{"sku":1}]}'])(
    'is empty where %j was left by something else',
    (text) => {
      const storage = new MemoryStorage();
      storage.setItem('basket', text);
      expect(new Basket(storage).lines.value).toEqual([]);
    },
  );

  test('goes on without a browser that keeps anything', () => {
    const refuse = (): never => {
      throw new Error('not allowed');
    };
    const basket = new Basket({ getItem: refuse, setItem: refuse });
    basket.put('tea', 1);
    expect(basket.quantityOf('tea')).toBe(1);
  });
});
