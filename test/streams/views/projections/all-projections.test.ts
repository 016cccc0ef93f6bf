import { recordType } from '../../../../schemas/avro-types';
import type { AnyEvent } from '../../../../schemas/event';
import { allProjections } from '../../../../streams/views/projections/all-projections';
import { eventTopics } from '../../../../topics/catalogue';
import { at } from '../sample-events';

/** Columns that name the row or, in its table, are the same in every topic. */
const SHARED = ['alerts.order_id'];

/** Some of an event's lists are empty by chance; not in all of so many. */
const SAMPLES_PER_TYPE = 20;

/** The topics that write each column, but for those that name the row. */
function sources(): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const projection of allProjections) {
    const { topic } = projection;
    for (const type of topic.types) {
      for (let sample = 0; sample < SAMPLES_PER_TYPE; sample++) {
        const event = { ...(recordType(type).avro.random() as object), type } as AnyEvent;
        for (const { table, row } of projection.rows(event, at(topic.name))) {
          // Rows that are one record each have the topic in their key.
          if (table.key.includes('topic') || table.key.includes('event_id')) continue;
          for (const column of Object.keys(row)) {
            if (table.key.includes(column)) continue;
            const name = `${table.name}.${column}`;
            found.set(name, (found.get(name) ?? new Set()).add(topic.name));
          }
        }
      }
    }
  }
  return found;
}

describe('the projections', () => {
  it('read every event topic of the catalogue, each once', () => {
    const read = allProjections.map(({ topic }) => topic.name);
    expect([...read].sort()).toEqual(eventTopics.map(({ name }) => name).sort());
  });

  it('take a deletion on exactly the compacted topics', () => {
    for (const { topic, deletion } of allProjections) {
      const expected = topic.cleanup.kind === 'compact' ? 'row' : 'none';
      expect([topic.name, deletion.kind]).toEqual([topic.name, expected]);
    }
  });

  it('write each column from one topic only, so that topics need no order', () => {
    const found = sources();
    expect(found.size).toBeGreaterThan(50);
    const shared = [...found].filter(([, topics]) => topics.size > 1).map(([column]) => column);
    expect(shared).toEqual(SHARED);
  });

  it('write the whole row of a compacted topic, so that nothing of an older one remains', () => {
    for (const projection of allProjections) {
      const { topic, deletion } = projection;
      if (deletion.kind === 'none') continue;
      for (const type of topic.types) {
        const event = { ...(recordType(type).avro.random() as object), type } as AnyEvent;
        const [change] = projection.rows(event, at(topic.name));
        expect(Object.keys(change?.row ?? {}).sort()).toEqual(
          Object.keys(deletion.table.columns).sort(),
        );
      }
    }
  });
});
