/** Patch: a connection with nothing to send sets no timers. */
import RequestQueue from 'kafkajs/src/network/requestQueue';

const silent = { debug: () => undefined, warn: () => undefined };

function openQueue() {
  return new RequestQueue({
    maxInFlightRequests: null,
    requestTimeout: 1_000,
    enforceRequestTimeout: false,
    clientId: 'test',
    broker: 'localhost:9092',
    logger: silent,
  });
}

function push(queue: RequestQueue, correlationId: number, sent: number[]): void {
  const entry = { correlationId, resolve: () => undefined, reject: () => undefined };
  queue.push({ entry, expectResponse: true, sendRequest: () => sent.push(correlationId) });
}

describe('the patched request queue of kafkajs', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('sets no timer once its last request is answered', () => {
    const queue = openQueue();
    push(queue, 1, []);
    queue.fulfillRequest({ correlationId: 1, payload: Buffer.alloc(0), size: 0 });
    expect(jest.getTimerCount()).toBe(0);
  });

  it('still sends what a throttle held back, once that is over', () => {
    const queue = openQueue();
    const sent: number[] = [];
    queue.maybeThrottle(100);
    push(queue, 1, sent);
    expect(sent).toEqual([]);
    jest.advanceTimersByTime(150);
    expect(sent).toEqual([1]);
    expect(jest.getTimerCount()).toBe(0);
  });
});
