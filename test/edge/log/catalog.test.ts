import type { EventOf } from '../../../schemas/event';
import { systemClock } from '../../../platform/clock';
import { catalogProducts } from '../../../topics/catalog';
import { CatalogTable, followCatalog } from '../../../edge/log/catalog';
import { productChanged } from '../../../edge/request-events';
import { eventually } from '../../streams/views/views-fixture';
import { MemoryKafka } from './memory-kafka';

function product(sku: string, active = true): EventOf<'Product'> {
  const key = { idempotencyKey: sku, requestFingerprint: sku };
  const source = { userId: 'ops-1', requestId: 'r', ...key, at: 0 };
  return productChanged(source, { sku, name: sku, nameJa: sku, unitPrice: 1, active });
}

describe('the catalog', () => {
  const kafka = new MemoryKafka();
  const table = new CatalogTable();
  const stops: (() => Promise<void>)[] = [];

  async function open(): Promise<void> {
    const log = { broker: kafka.broker, codec: kafka.codec() };
    const opened = await followCatalog(table, log, { partitions: 1, clock: systemClock });
    const running = opened.run();
    stops.push(() => {
      opened.follower.stop();
      return running;
    });
  }

  const until = (sku: string, found: string) =>
    eventually(`${sku} is ${found}`, () => Promise.resolve(table.lookUp(sku) === found));

  afterAll(() => Promise.all(stops.map((stop) => stop())));

  test('is loading until all that stood there was read, and then follows', async () => {
    kafka.append(catalogProducts, product('TEA'));
    kafka.append(catalogProducts, product('CUP', false));
    kafka.appendBytes(catalogProducts, 'BAD', Buffer.from('garbage'));
    expect(table.lookUp('TEA')).toBe('loading');
    await open();
    await until('TEA', 'for-sale');
    expect(table.lookUp('CUP')).toBe('unknown');
    expect(table.lookUp('BAD')).toBe('unknown');
    kafka.append(catalogProducts, product('CUP'));
    await until('CUP', 'for-sale');
    kafka.append(catalogProducts, product('TEA', false));
    await until('TEA', 'unknown');
    expect(table.product('TEA')).toMatchObject({ isForSale: false, version: 4 });
    kafka.appendBytes(catalogProducts, 'CUP', null);
    await until('CUP', 'unknown');
    expect(table.product('CUP')).toBeUndefined();
  });
});
