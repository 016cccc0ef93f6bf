/** Patch: a read_committed consumer sees no aborted record. */
import filterAbortedMessages from 'kafkajs/src/consumer/filterAbortedMessages';

const ABORT_MARKER = Buffer.from([0, 0, 0, 0]);

function data(offset: number, producerId: string, key = Buffer.from('key')) {
  const batchContext = { producerId, inTransaction: true };
  return { offset: String(offset), key, isControlRecord: false, batchContext };
}

function marker(offset: number, producerId: string) {
  return { ...data(offset, producerId, ABORT_MARKER), isControlRecord: true };
}

function dataOffsets(messages: readonly { offset: string; isControlRecord: boolean }[]) {
  return messages.filter((one) => !one.isControlRecord).map(({ offset }) => Number(offset));
}

describe('the patched filter of aborted messages', () => {
  it('hides interleaved transactions whichever way the broker lists them', () => {
    const messages = [data(0, 'a'), data(1, 'b'), marker(2, 'b'), data(3, 'a'), marker(4, 'a')];
    const listed = [
      { producerId: 'b', firstOffset: '1' },
      { producerId: 'a', firstOffset: '0' },
    ];
    for (const abortedTransactions of [listed, [...listed].reverse()]) {
      expect(dataOffsets(filterAbortedMessages({ messages, abortedTransactions }))).toEqual([]);
    }
  });

  it('notices every transaction that began before the first message left of it', () => {
    const messages = [data(6, 'b'), data(7, 'c')];
    const abortedTransactions = [
      { producerId: 'a', firstOffset: '1' },
      { producerId: 'b', firstOffset: '2' },
    ];
    expect(dataOffsets(filterAbortedMessages({ messages, abortedTransactions }))).toEqual([7]);
  });

  it('does not take a data record for the end of a transaction, whatever its key', () => {
    const messages = [data(0, 'a', ABORT_MARKER), data(1, 'a'), marker(2, 'a'), data(3, 'a')];
    const abortedTransactions = [{ producerId: 'a', firstOffset: '0' }];
    expect(dataOffsets(filterAbortedMessages({ messages, abortedTransactions }))).toEqual([3]);
  });
});
