import type { FastifyInstance } from 'fastify';
import { buildSimulator } from '../../../simulator/app';
import type { CheckoutView } from '../../../simulator/routes/checkout';
import { ManualClock } from '../../../platform/manual-clock';
import { simulatorOptions } from '../running-simulator';
import { signed } from '../signed-request';

let clock: ManualClock;
let app: FastifyInstance;

beforeEach(() => {
  clock = new ManualClock(Date.now());
  app = buildSimulator(simulatorOptions(clock));
});
afterEach(() => app.close());

/** The path of the code's page. */
async function createCode(): Promise<string> {
  const { method, path, headers, body } = await signed((sdk) =>
    sdk.qrCodeCreate({
      merchantPaymentId: 'order-1',
      amount: { amount: 500, currency: 'JPY' },
      codeType: 'ORDER_QR',
      orderDescription: 'cake',
      redirectUrl: 'http://127.0.0.1:3000/orders/1',
    }),
  );
  const response = await app.inject({ method, url: path, headers: { ...headers }, payload: body });
  return new URL(response.json<{ data: { url: string } }>().data.url).pathname;
}

async function press(method: 'GET' | 'POST', url: string): Promise<CheckoutView> {
  return (await app.inject({ method, url })).json<CheckoutView>();
}

describe("a shopper at the code's page", () => {
  test('sees what is paid for, pays, and finds the way back', async () => {
    const page = await createCode();
    expect((await app.inject({ url: page })).headers['content-type']).toMatch('text/html');
    expect(await press('GET', `${page}/code`)).toMatchObject({
      amount: 500,
      description: 'cake',
      payable: true,
      redirectUrl: 'http://127.0.0.1:3000/orders/1',
    });
    expect(await press('POST', `${page}/pay`)).toMatchObject({
      status: 'COMPLETED',
      payable: false,
    });
  });

  test('can cancel', async () => {
    const page = await createCode();
    expect((await press('POST', `${page}/cancel`)).status).toBe('CANCELED');
  });

  test('cannot pay when the code has expired, and is told so', async () => {
    const page = await createCode();
    clock.moveTo(clock.now() + 300_000);
    expect((await press('GET', `${page}/code`)).payable).toBe(false);
    const refused = await app.inject({ method: 'POST', url: `${page}/pay` });
    expect(refused.statusCode).toBe(409);
  });

  test('with a code that nobody made gets 404', async () => {
    expect((await app.inject({ url: '/pay/04-none/code' })).statusCode).toBe(404);
  });
});
