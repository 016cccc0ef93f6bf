/**
 * What made-up requests are sent on: an edge with products, orders and an alert behind it, so that not
 * everything right ends with 404, and people of every role that are signed in.
 */
import { apiClient } from '../../edge/contract/api-client';
import type { RunningStack } from '../../platform/running-stack';
import { operator, shopper } from '../../local/pipeline/demo-people';
import { play } from '../scenarios/play';
import { seed } from '../scenarios/seed';
import { ruleC } from '../scenarios/stories/contradictions';
import { World } from '../scenarios/world';
import type { Caller, Description, KnownIds } from './requests';

const OTHER = { role: 'shopper', email: 'other@fuzz.example', password: 'fuzz-only' } as const;
/** Above every deadline of the edge. */
const ANSWER_WITHIN_MS = 20_000;
/** Of each kind, that exist. */
const IDS_MAX = 20;
const ORDERS = 5;

export type Cookies = Readonly<Record<Caller, string>>;

export interface Ground {
  readonly description: Description;
  /** The orders are the shopper's. */
  readonly known: KnownIds;
  readonly cookies: Cookies;
}

/** Rejects when the product does not do what it must without any hostile request. */
export async function prepareGround(stack: RunningStack): Promise<Ground> {
  const world = await World.open(stack, `fuzz-${String(Date.now())}`);
  try {
    await seed(world);
    const alert = await play(ruleC, world);
    if (alert.kind === 'failed') throw new Error(`no alert to ask for: ${alert.saw}`);
    const [buyer, other] = [await world.signInAs(shopper), await world.signInAs(OTHER)];
    const orderId: string[] = [];
    for (let n = 0; n < ORDERS; n += 1) {
      const items = [{ sku: 'matcha-30g', quantity: 1 }];
      orderId.push(await buyer.edge.placeOrder(items, `${world.run}-${String(n)}`));
    }
    await world.viewed(buyer.edge, orderId[0] ?? '', 'WAITING_PAYMENT');
    // A session of its own: what operators fuzz may end the one that looks for ids.
    const ops = (await world.signInAs(operator)).edge.cookie;
    return {
      description: await describe(stack),
      known: { ...(await idsOf(stack, world.ops.cookie)), orderId, userId: [buyer.userId] },
      cookies: {
        ...{ nobody: '', shopper: buyer.edge.cookie, other: other.edge.cookie, ops },
        tampered: `${ops.slice(0, -1)}${ops.endsWith('A') ? 'B' : 'A'}`,
      },
    };
  } finally {
    await world.close();
  }
}

/** Without the sign-out: everything after the first one would come from nobody. */
async function describe({ edgeUrl }: RunningStack): Promise<Description> {
  const { paths } = (await (await fetch(`${edgeUrl}/docs/json`)).json()) as Description;
  const kept = Object.entries(paths).filter(([route]) => !route.startsWith('/auth/logout'));
  return { paths: Object.fromEntries(kept) };
}

async function idsOf({ edgeUrl }: RunningStack, cookie: string): Promise<KnownIds> {
  const headers = { cookie };
  const api = apiClient({ url: edgeUrl, answerWithinMs: ANSWER_WITHIN_MS, headers });
  const [alerts, products, topics] = await Promise.all([
    api.GET('/api/alerts', { params: { query: { status: 'ALL' } } }),
    api.GET('/api/admin/products'),
    api.GET('/api/topics'),
  ]);
  return {
    alertId: (alerts.data?.alerts ?? []).map(({ alertId }) => alertId).slice(0, IDS_MAX),
    sku: (products.data?.products ?? []).map(({ sku }) => sku).slice(0, IDS_MAX),
    topic: (topics.data?.topics ?? []).map(({ name }) => name).slice(0, IDS_MAX),
  };
}
