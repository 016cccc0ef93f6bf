/** Patch: grouping messages by partition takes time in their number, not in its square. */
import groupMessagesPerPartition from 'kafkajs/src/producer/groupMessagesPerPartition';

describe("the patched grouping of kafkajs' messages", () => {
  it('groups by partition and keeps the order', () => {
    const messages = ['a', 'b', 'c'].map((value, index) => ({ value, partition: index % 2 }));
    const grouped = groupMessagesPerPartition({
      topic: 'orders',
      partitionMetadata: [{}, {}],
      messages,
      partitioner: ({ message }) => message.partition ?? 0,
    });
    expect(grouped).toEqual({ 0: [messages[0], messages[2]], 1: [messages[1]] });
  });

  it('copies no list of messages it has grouped already', () => {
    // A copy reads the list's elements; this array counts the reads of its first one.
    let copies = 0;
    const first = { value: 'first' };
    const iterate = Array.prototype[Symbol.iterator];
    const spy = jest.spyOn(Array.prototype, Symbol.iterator as never);
    (spy as unknown as jest.SpyInstance).mockImplementation(function (this: unknown[]) {
      if (this[0] === first) copies += 1;
      return iterate.call(this);
    });
    try {
      groupMessagesPerPartition({
        topic: 'orders',
        partitionMetadata: [{}],
        messages: [first, { value: 'second' }, { value: 'third' }],
        partitioner: () => 0,
      });
    } finally {
      spy.mockRestore();
    }
    expect(copies).toBe(0);
  });
});
