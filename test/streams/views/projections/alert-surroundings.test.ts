import { UNMARKED } from '../../../../schemas/request-marks';
import type { EventOf } from '../../../../schemas/event';
import { silencesProjection } from '../../../../streams/views/projections/alert-surroundings';
import { projected } from '../projected';
import { DECIDED_AT, ofThing } from '../sample-events';

const silence = ofThing<'Silence'>(
  {
    type: 'Silence',
    silenceId: 's-1',
    matcher: { rule: 'RULE_A', orderId: null },
    until: DECIDED_AT + 60_000,
    author: 'ops@example.com',
    reason: 'maintenance',
    endedAt: null,
    endedBy: null,
    endReason: null,
    ...UNMARKED,
  },
  's-1',
);

describe('a silence', () => {
  it('is a row, which its early end completes', () => {
    const end: EventOf<'Silence'> = {
      ...silence,
      eventId: 'end-1',
      endedAt: DECIDED_AT + 1_000,
      endedBy: 'other-ops@example.com',
      endReason: 'the maintenance was short',
    };
    const row = {
      table: 'silences',
      silence_id: 's-1',
      rule: 'RULE_A',
      order_id: null,
      until: silence.until,
      author: 'ops@example.com',
      reason: 'maintenance',
    };
    expect(projected(silencesProjection, silence)).toMatchObject([
      { ...row, event_id: silence.eventId, ended_at: null, ended_by: null, end_reason: null },
    ]);
    expect(projected(silencesProjection, end)).toMatchObject([
      {
        ...row,
        event_id: 'end-1',
        ended_at: end.endedAt,
        ended_by: 'other-ops@example.com',
        end_reason: 'the maintenance was short',
      },
    ]);
  });
});
