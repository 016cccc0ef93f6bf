/**
 * Which room may import which: kept by lint, file by file, and counted by `npm run structure`.
 */

/** Folders below `streams/` that hold a participant; none may look inside another. */
const participants = ['orders', 'inventory', 'accounts', 'payments', 'alerts', 'gateway', 'views'];

/** What runs on the runtime, and what surrounds and proves the product. */
const above = ['./edge', './dashboard', './simulator', './local', './tools', './proof'];

/**
 * Imports point one way, from the rooms above to the rooms below (docs/architecture/README.md draws
 * it): platform <- schemas <- topics <- participants -> streams/runtime -> platform, then edge, then dashboard;
 * the participants that reserve share streams/reservation;
 * simulator and local surround the product, proof and tools see all of it.
 */
export const zones = [
  {
    target: './platform',
    from: ['./schemas', './topics', './streams', ...above],
    message: 'What every room stands on stands on none of them.',
  },
  { target: './schemas', from: ['./topics', './streams', ...above] },
  { target: './topics', from: ['./streams', ...above] },
  {
    target: './streams/runtime',
    from: ['./schemas', './topics', ...above, ...participants.map((name) => `./streams/${name}`)],
    message: 'The runtime stands alone: it knows nothing of what runs on it.',
  },
  {
    target: './streams/reservation',
    from: ['./topics', ...above, ...participants.map((name) => `./streams/${name}`)],
    message: 'The protocol knows neither stock nor funds; each brings its own words to it.',
  },
  ...participants.map((name) => ({
    target: `./streams/${name}`,
    from: [
      ...above,
      ...participants.filter((other) => other !== name).map((other) => `./streams/${other}`),
    ],
    message: 'Participants meet on topics only.',
  })),
  {
    target: './streams',
    from: above,
    message: 'The product does not know what surrounds or proves it.',
  },
  {
    target: './edge',
    from: ['./dashboard', './simulator', './local', './tools', './proof'],
    message: 'The product does not know what surrounds or proves it.',
  },
  {
    target: './dashboard',
    from: ['./streams', './topics', './simulator', './local', './tools', './proof'],
    message: 'The dashboard sees the contract of the edge, nothing behind it.',
  },
  {
    target: './dashboard',
    from: './edge',
    except: ['./contract'],
    message: 'The dashboard sees the contract of the edge, nothing behind it.',
  },
  {
    target: './simulator',
    from: ['./schemas', './topics', './streams', './edge', './dashboard', './local', './tools'],
    message: 'A PayPay knows nothing of its customers.',
  },
  { target: './simulator', from: './proof', message: 'A PayPay knows nothing of its customers.' },
  {
    target: './local',
    from: ['./edge', './dashboard', './streams', './simulator', './tools', './proof'],
    message: 'The stack starts processes by their scripts; it knows none of what they do.',
  },
  {
    target: './proof',
    from: './tools',
    message: 'Commands call the proof, never the other way round.',
  },
  {
    target: ['./edge', './dashboard'],
    from: participants.map((name) => `./streams/${name}`),
    message: 'The edges see schemas and topics, never the inside of a participant.',
  },
];
