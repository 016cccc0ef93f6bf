/** CI's share of `npm run fuzz`: the same requests, to an edge in memory whose events must fit Avro. */
import {
  fuzzedRequests,
  type Caller,
  type Description,
  type FuzzedRequest,
} from '../../proof/fuzz/requests';
import { faultOf, tallyOf, type FuzzedAnswer } from '../../proof/fuzz/verdict';
import {
  OPS_TOKEN,
  OTHER_TOKEN,
  SHOPPER_TOKEN,
  buildTestEdge,
  type TestEdge,
} from './in-memory-parts';
import { ALERT_ID, ORDER_ID, alertRow, orderRow } from './rows';

/** A few of each route; FUZZ_REQUESTS=10000 takes some minutes. */
const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? '400');
const WITHIN_MS = 30 * 60_000;
const SEED = Number(process.env['FUZZ_SEED'] ?? '1');

describe('requests that are made up from the description of the API', () => {
  let edge: TestEdge;
  let cookies: Readonly<Record<Caller, string>>;

  beforeAll(async () => {
    edge = await buildTestEdge();
    edge.readModels.orderRows.push(orderRow());
    edge.readModels.alertRows.push(alertRow());
    edge.readModels.catalog.set('TEA-001', {
      ...{ sku: 'TEA-001', name: 'Tea', nameJa: '茶', description: '', descriptionJa: '' },
      ...{
        unitPrice: 400,
        currency: 'JPY',
        imageUrl: null,
        active: true,
        version: 7,
        updatedAt: 1,
      },
    });
    const marks = { eventId: 'before', requestFingerprint: '' };
    edge.catalog.known.set('TEA-001', { isForSale: true, version: 7, ...marks });
    const ops = await edge.signIn(OPS_TOKEN);
    cookies = {
      ...{ nobody: '', ops, tampered: `${ops.slice(0, -1)}${ops.endsWith('A') ? 'B' : 'A'}` },
      shopper: await edge.signIn(SHOPPER_TOKEN),
      other: await edge.signIn(OTHER_TOKEN),
    };
  });
  afterAll(() => edge.app.close());

  async function send({ method, url, as, headers, body }: FuzzedRequest): Promise<FuzzedAnswer> {
    const answer = await edge.app.inject({
      method: method as 'GET',
      url,
      headers: { ...headers, ...(cookies[as] === '' ? {} : { cookie: cookies[as] }) },
      ...(body === undefined ? {} : { payload: body }),
    });
    const { statusCode: status } = answer;
    return { status, contentType: String(answer.headers['content-type'] ?? ''), body: answer.body };
  }

  test(
    'make no 5xx, let nobody in, and leave nothing in the log that Avro does not hold',
    async () => {
      const description = edge.app.swagger() as unknown as Description;
      const known = {
        ...{ orderId: [ORDER_ID], alertId: [ALERT_ID], sku: ['TEA-001'] },
        topic: ['orders.events.v1'],
      };
      const answers: FuzzedAnswer[] = [];
      const faults: string[] = [];
      for (const request of fuzzedRequests(description, known, {
        requests: REQUESTS,
        seed: SEED,
      })) {
        if (request.route.startsWith('/auth/logout')) continue;
        const answer = await send(request);
        answers.push(answer);
        const fault = faultOf(request, answer, known);
        if (fault !== undefined) faults.push(fault);
      }
      process.stdout.write(`${String(answers.length)} fuzzed requests: ${tallyOf(answers)}\n`);
      expect(faults).toEqual([]);
      expect(answers.length).toBeGreaterThan(REQUESTS * 0.9);
      // Else only what is refused at the door would have been tried.
      expect(answers.filter(({ status }) => status < 300).length).toBeGreaterThan(REQUESTS / 50);
      expect(({} as { roles?: unknown }).roles).toBeUndefined();
    },
    WITHIN_MS,
  );
});
