/** The edge's own description of its API, made without any service behind it. */
import { Registry } from 'prom-client';
import { buildEdge } from './app';
import type { EdgeParts, EdgeSettings } from './app-parts';
import { Services } from './health/services';
import { StreamsProcessWatch } from './health/streams-processes';
import { LiveFeed } from './push/live-feed';

/** None of them shows in the description. */
const SETTINGS: EdgeSettings = {
  webhookTrust: { kind: 'confirm' },
  webhookReplayKey: null,
  proxyDepth: 0,
  origins: [],
  revocationMs: 1_000,
  sessionMs: 1_000,
  paypayAddresses: [],
  rates: { signInsPerMinute: 1, ordersPerMinute: 1, webhooksPerMinute: 1 },
  monitors: [],
  dashboardFolder: '',
  kafka: { brokers: '', registryUrl: '', partitions: 1 },
  clientConfig: {
    firebase: { apiKey: '', projectId: '', authDomain: null, emulatorUrl: null },
    demoAccounts: [],
  },
};

/** An OpenAPI 3.1 document, as `/docs/json` gives it. The routes are made and none is asked. */
export async function openApiDocument(): Promise<object> {
  const up = () => Promise.resolve();
  const app = await buildEdge({
    log: unasked('log'),
    inspection: unasked('inspection'),
    desk: unasked('desk'),
    catalog: unasked('catalog'),
    readModels: unasked('readModels'),
    search: unasked('search'),
    sessions: unasked('sessions'),
    rates: unasked('rates'),
    idempotency: unasked('idempotency'),
    identity: unasked('identity'),
    services: new Services({ kafka: up, redis: up, postgres: up, registry: up }),
    streamsProcesses: new StreamsProcessWatch([]),
    feed: new LiveFeed([], 1),
    metrics: new Registry(),
    settings: SETTINGS,
  });
  await app.ready();
  try {
    return app.swagger();
  } finally {
    await app.close();
  }
}

/** Throws when it is asked anything. */
function unasked<P extends keyof EdgeParts>(port: P): EdgeParts[P] {
  const get = () => {
    throw new Error(`${port} was asked while the API was only described`);
  };
  return new Proxy({}, { get }) as EdgeParts[P];
}
