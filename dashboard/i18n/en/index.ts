/** English: the catalogue that the others follow, and what stands in for a text that they lack. */
import { alerts } from './alerts';
import { bookings } from './bookings';
import { catalog } from './catalog';
import { common } from './common';
import { events } from './events';
import { failures } from './failures';
import { frame } from './frame';
import { health } from './health';
import { orders } from './orders';
import { server } from './server';
import { session } from './session';
import { shop } from './shop';
import { topics } from './topics';
import { webhooks } from './webhooks';

export const en = {
  alerts,
  bookings,
  catalog,
  common,
  events,
  failures,
  frame,
  health,
  orders,
  server,
  session,
  shop,
  topics,
  webhooks,
} as const;
