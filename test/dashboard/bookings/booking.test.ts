import { effectScope, nextTick, shallowRef } from 'vue';
import { useBooking, type Booking, type BookingOutcome } from '../../../dashboard/bookings/booking';
import type { Answer } from '../../../dashboard/api/answer';
import type { EventAccepted } from '../../../edge/contract/api-types';

const accepted: Answer<EventAccepted> = { kind: 'ok', value: { eventId: 'request-1' } };
const unreachable: Answer<EventAccepted> = { kind: 'unreachable', message: 'no answer' };
const noKafka: Answer<EventAccepted> = {
  kind: 'refused',
  status: 503,
  code: 'VIEWS_BEHIND',
  message: 'behind',
};
const notAvailable: Answer<EventAccepted> = {
  kind: 'refused',
  status: 409,
  code: 'STOCK_NOT_AVAILABLE',
  message: '380 of TEA-001 are available and 120 reserved for open orders.',
};
const correction = { quantity: -450, reason: 'booked by mistake' };

/** A page that asks an edge which answers as it is told. */
function page(...answers: Answer<EventAccepted>[]) {
  const keys: string[] = [];
  const outcomes = shallowRef<ReadonlyMap<string, BookingOutcome>>(new Map());
  let reloads = 0;
  const scope = effectScope();
  const booking = scope.run((): Booking<typeof correction> =>
    useBooking({
      send: (_body, key) => {
        keys.push(key);
        return Promise.resolve(answers.shift() ?? unreachable);
      },
      outcomeOf: (eventId) => outcomes.value.get(eventId) ?? { kind: 'none' },
      reload: () => {
        reloads += 1;
        return Promise.resolve();
      },
    }),
  );
  if (booking === undefined) throw new Error('the scope is not active');
  return { booking, keys, outcomes, reloads: () => reloads, close: () => scope.stop() };
}

describe('a booking', () => {
  let shown: ReturnType<typeof page>;

  afterEach(() => shown.close());

  test.each(['booked', 'refused'] as const)(
    'that the edge took is %s once that is read, and not before',
    async (kind) => {
      shown = page(accepted);
      const { booking, outcomes } = shown;
      expect(await booking.send(correction)).toMatchObject({
        kind: 'waiting',
        eventId: 'request-1',
      });
      expect(shown.reloads()).toBe(1);
      outcomes.value = new Map([['another', { kind, message: 'of another' }]]);
      await nextTick();
      expect(booking.state.value.kind).toBe('waiting');
      outcomes.value = new Map([['request-1', { kind, message: 'of this one' }]]);
      await nextTick();
      expect(booking.state.value).toEqual({ kind, message: 'of this one' });
    },
  );

  test('that the edge refuses is told with its figures, which are read anew', async () => {
    shown = page(notAvailable);
    expect(await shown.booking.send(correction)).toEqual({
      kind: 'refused',
      message: '380 of TEA-001 are available and 120 reserved for open orders.',
    });
    expect(shown.reloads()).toBe(1);
  });

  test.each([
    ['no answer', unreachable],
    ['503', noKafka],
  ])('sent again after %s is the same booking; after an answer another', async (_what, failure) => {
    shown = page(failure, accepted, notAvailable, accepted);
    expect((await shown.booking.send(correction)).kind).toBe('failed');
    for (let again = 0; again < 3; again += 1) await shown.booking.send(correction);
    const [first, same, other, afterRefusal] = shown.keys;
    expect(same).toBe(first);
    expect(other).not.toBe(first);
    expect(afterRefusal).not.toBe(other);
  });

  test('under way is not forgotten, what is known can be', async () => {
    shown = page(accepted, notAvailable);
    await shown.booking.send(correction);
    shown.booking.reset();
    expect(shown.booking.state.value.kind).toBe('waiting');
    await shown.booking.send(correction);
    shown.booking.reset();
    expect(shown.booking.state.value).toEqual({ kind: 'idle' });
  });
});
