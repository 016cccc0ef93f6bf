/** The protocol over a quantity of its own: seats of one flight. */
import type { Cause } from '../../../schemas/header';
import {
  ReservationProtocol,
  type LaterDemand,
  type Outcome,
} from '../../../streams/reservation/protocol';

type Status = 'BOOKED' | 'BOARDED' | 'BACK' | 'FREED' | 'REFUSED' | 'CALLED_OFF';
type Type = 'Book' | 'Board' | 'Free' | 'Undo';

interface Booking {
  readonly seats: number;
  readonly status: Status;
}

interface Seats {
  readonly request: { readonly type: Type; readonly seats: number };
  readonly ledger: {
    readonly balance: { readonly free: number; readonly taken: number };
    readonly reservation: Booking | undefined;
  };
  readonly answer: { readonly said: string; readonly because: string };
  readonly reason: 'FULL' | 'RELEASED_BEFORE';
}

const CAUSE: Cause = { id: 'the-cause', at: 1_000 };
const STATUSES: readonly Status[] = ['BOOKED', 'BOARDED', 'BACK', 'FREED', 'REFUSED', 'CALLED_OFF'];

const protocol = new ReservationProtocol<Seats>({
  noun: 'booking',
  demands: { Book: 'RESERVE', Board: 'CONFIRM', Free: 'RELEASE', Undo: 'RETURN' },
  statuses: {
    RESERVED: 'BOOKED',
    CONFIRMED: 'BOARDED',
    RETURNED: 'BACK',
    RELEASED: 'FREED',
    REJECTED: 'REFUSED',
    WITHDRAWN: 'CALLED_OFF',
  },
  begin: ({ seats }, status) => ({ seats, status }),
  withStatus: (known, status) => ({ ...known, status }),
  reserve({ seats }, { balance: { free, taken } }, cause) {
    if (free < seats) return { kind: 'refused', reason: 'FULL' };
    const answer = { said: 'booked', because: cause.id };
    return { kind: 'granted', balance: { free: free - seats, taken: taken + seats }, answer };
  },
  reject: (_request, reason, _ledger, cause) => ({ said: reason, because: cause.id }),
  moves: {
    CONFIRM: (balance) => balance,
    RELEASE: ({ free, taken }, { seats }) => ({ free: free + seats, taken: taken - seats }),
    RETURN: ({ free, taken }, { seats }) => ({ free: free + seats, taken: taken - seats }),
  },
  answer: (demand: LaterDemand, { seats }, _ledger, cause) => ({
    said: `${demand} ${seats}`,
    because: cause.id,
  }),
});

function take(type: Type, status: Status | undefined, seats = 2): Outcome<Seats> {
  const reservation = status === undefined ? undefined : { seats: 2, status };
  const ledger = { balance: { free: 3, taken: 4 }, reservation };
  return protocol.take(ledger, { type, seats }, CAUSE);
}

/** Where a request leads from no reservation and from each status, or what it is called. */
function outcomesOf(type: Type): readonly string[] {
  return [undefined, ...STATUSES].map((status) => {
    const outcome = take(type, status);
    return 'reservation' in outcome ? outcome.reservation.status : outcome.kind;
  });
}

test('a reservation moves where the diagram says, and nowhere else', () => {
  const [repeat, illegal] = ['repeat', 'illegal'];
  const from = ['none', ...STATUSES];
  expect({ from, to: outcomesOf('Book') }).toEqual({
    from,
    to: ['BOOKED', repeat, repeat, repeat, repeat, repeat, 'REFUSED'],
  });
  expect({ from, to: outcomesOf('Board') }).toEqual({
    from,
    to: [illegal, 'BOARDED', repeat, repeat, illegal, illegal, illegal],
  });
  expect({ from, to: outcomesOf('Free') }).toEqual({
    from,
    to: ['CALLED_OFF', 'FREED', illegal, illegal, repeat, repeat, repeat],
  });
  expect({ from, to: outcomesOf('Undo') }).toEqual({
    from,
    to: [illegal, illegal, 'BACK', repeat, illegal, illegal, illegal],
  });
});

test('what is granted is taken out of the balance and answered', () => {
  expect(take('Book', undefined)).toEqual({
    kind: 'moved',
    reservation: { seats: 2, status: 'BOOKED' },
    answers: [{ said: 'booked', because: CAUSE.id }],
    balance: { free: 1, taken: 6 },
  });
});

test('what the quantity refuses is remembered and answered, and moves nothing', () => {
  expect(take('Book', undefined, 4)).toEqual({
    kind: 'noted',
    reservation: { seats: 4, status: 'REFUSED' },
    answers: [{ said: 'FULL', because: CAUSE.id }],
  });
});

test('what was released before it came is refused without asking the quantity', () => {
  expect(take('Book', 'CALLED_OFF')).toMatchObject({
    kind: 'noted',
    answers: [{ said: 'RELEASED_BEFORE' }],
  });
});

test('what moves is what was reserved, whatever the request says', () => {
  expect(take('Free', 'BOOKED', 99)).toMatchObject({
    kind: 'moved',
    balance: { free: 5, taken: 2 },
    answers: [{ said: 'RELEASE 2' }],
  });
});

test('a withdrawal is remembered and has no answer', () => {
  expect(take('Free', undefined)).toEqual({
    kind: 'noted',
    reservation: { seats: 2, status: 'CALLED_OFF' },
    answers: [],
  });
});

test('an illegal move says where the reservation stands, in the words of the quantity', () => {
  expect(take('Undo', 'BOOKED')).toMatchObject({ what: 'the booking is BOOKED' });
  expect(take('Board', undefined)).toMatchObject({ what: 'the booking is not known' });
});

test('it has ended once nothing of it is kept any more', () => {
  const ended = STATUSES.filter((status) => protocol.hasEnded({ seats: 2, status }));
  expect(ended).toEqual(['BACK', 'FREED', 'REFUSED', 'CALLED_OFF']);
});
