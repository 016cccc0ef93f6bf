/** Runs a projection by hand and shows the rows as plain values. */
import type { AnyEvent } from '../../../schemas/event';
import type { Projection } from '../../../streams/views/projection';
import { at } from './sample-events';

export function projected(projection: Projection, event: AnyEvent) {
  return projection
    .rows(event, at(projection.topic.name))
    .map(({ table, row }) => ({ table: table.name, ...row }));
}
