import type { SimulatorClient } from './client';
import type { ActionRequest, OutageRequest } from './control-schema';
import { clockTime, faultNames, paymentLine, sourceText, webhookLine } from './command-text';
import type { PaymentView } from './control-view';
import { FAULTS, isFault, type Fault } from './fault-mix';
import { OUTAGE_MODES, type WebhookPlan } from './fault-plan';
import { HAND_MOVES } from './payment';
import { WEBHOOK_STATES, type WebhookState } from './webhook-body';

export const USAGE = `usage: npm run simulate:paypay -- COMMAND [ID] [options]

ID is a merchantPaymentId, an order id (its newest code is meant), or the beginning of either.

  list                        the newest payments
  show ID                     one payment: its steps and its webhooks
  authorize|pay|pay-late|fail|expire|cancel ID
                              what a shopper, or time, does; pay-late succeeds after the end
  lapse ID                    the code has expired, though its status still reads CREATED
  revert ID --to FAILED|CANCELED|REFUNDED
                              PayPay reverts a success
  refund ID [--amount YEN] [--delay 40s] [--fails]
                              refunded at PayPay, without the shop; pending for the delay, and
                              failed after it
  plan ID                     what happens to all webhooks of this payment; no option ends it
  plan all                    the same for every payment
  forge ID STATE              a webhook that says what is not so
  resend WEBHOOK              the same webhook once more
  webhooks [ID]               what was sent and how it was answered
  watch                       the same, live, until Ctrl-C
  faults                      what goes wrong with new orders, and what could
  faults draw --seed S [--among lost,doubled]
                              every new order is played with a mix of faults drawn from the seed
  faults off
  load --rate 5 --for 60s [--seed S] [--among lost,doubled | --among none]
                              orders a second for a time, placed in the shop and played as above
  outage MODE --for 30s [--applied] [--delay 5s]
                              ${OUTAGE_MODES.join(', ')}
  outage off
  help                        this text

options for a webhook: --lose, --delay 5s, --copies 2, --hold (until the next one was sent),
--amount YEN (a wrong amount; with refund, how much). Times: 500ms, 5s, 2m.
The simulator is that of the stack that runs, or the one at SIMULATOR_URL.`;

/** Those of `runCommand`. */
export const COMMANDS: readonly string[] = [
  'list',
  'show',
  ...HAND_MOVES,
  'revert',
  'refund',
  'plan',
  'forge',
  'resend',
  'webhooks',
  'faults',
  'outage',
];

/** The command line is wrong; its message says where. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

export interface CommandOptions {
  readonly lose?: boolean | undefined;
  readonly delay?: string | undefined;
  readonly copies?: string | undefined;
  readonly hold?: boolean | undefined;
  readonly amount?: string | undefined;
  readonly to?: string | undefined;
  readonly fails?: boolean | undefined;
  readonly for?: string | undefined;
  readonly applied?: boolean | undefined;
  readonly seed?: string | undefined;
  readonly among?: string | undefined;
  readonly rate?: string | undefined;
}

/** Does what was asked and gives the text to print. */
export async function runCommand(
  client: SimulatorClient,
  command: string,
  operands: readonly string[],
  options: CommandOptions,
): Promise<string> {
  const [id = '', detail = ''] = operands;
  switch (command) {
    case 'list':
      return paymentTable(await client.payments({ limit: 20 }));
    case 'show':
      return show(client, (await find(client, id)).merchantPaymentId);
    case 'authorize':
    case 'pay':
    case 'pay-late':
    case 'fail':
    case 'expire':
    case 'cancel':
    case 'lapse':
    case 'revert':
    case 'refund':
      return act(client, id, actionOf(command, options));
    case 'plan':
      return plan(client, id, webhookPlan(options));
    case 'forge':
      return forge(client, id, detail, webhookPlan(options));
    case 'resend':
      return webhookLine(await client.resend(id, webhookPlan(options)));
    case 'webhooks':
      return webhookTable(client, id);
    case 'faults':
      return faults(client, id, options);
    case 'outage':
      return outage(client, id, options);
    default:
      throw new CommandError(`unknown command ${command}; \`help\` lists them`);
  }
}

/** 500ms, 5s or 2m in milliseconds. */
export function milliseconds(text: string): number {
  const match = /^(\d+)(ms|s|m)$/.exec(text);
  if (match === null) throw new CommandError(`${text} is not a time; write 500ms, 5s or 2m`);
  const unitMs = { ms: 1, s: 1_000, m: 60_000 }[match[2] as 'ms' | 's' | 'm'];
  return Number(match[1]) * unitMs;
}

async function find(client: SimulatorClient, prefix: string): Promise<PaymentView> {
  if (prefix === '') throw new CommandError('which payment? give an id');
  const found = await client.payments({ prefix });
  const exact = found.find(({ merchantPaymentId }) => merchantPaymentId === prefix);
  const orders = new Set(found.map(({ merchantPaymentId }) => orderOf(merchantPaymentId)));
  const [newest] = found;
  if (exact !== undefined) return exact;
  if (newest === undefined) throw new CommandError(`no payment begins with ${prefix}`);
  if (orders.size > 1) throw new CommandError(`${orders.size} orders begin with ${prefix}`);
  return newest;
}

/** A merchantPaymentId is the order id and the number of the attempt. */
function orderOf(merchantPaymentId: string): string {
  return merchantPaymentId.replace(/-\d+$/, '');
}

async function act(client: SimulatorClient, id: string, action: ActionRequest): Promise<string> {
  const { merchantPaymentId } = await find(client, id);
  return paymentLine(await client.act(merchantPaymentId, action));
}

function actionOf(action: ActionRequest['action'], options: CommandOptions): ActionRequest {
  const { to, amount, delay, fails } = options;
  if (action === 'refund') {
    return {
      action,
      ...(amount === undefined ? {} : { amount: wholeNumber(amount, '--amount') }),
      ...(delay === undefined ? {} : { delayMs: milliseconds(delay) }),
      ...(fails === undefined ? {} : { fails }),
    };
  }
  const webhook = webhookPlan(options);
  if (action !== 'revert') return { action, webhook };
  if (to !== 'FAILED' && to !== 'CANCELED' && to !== 'REFUNDED') {
    throw new CommandError('revert needs --to FAILED, CANCELED or REFUNDED');
  }
  return { action, to, webhook };
}

function webhookPlan({ lose, delay, copies, hold, amount }: CommandOptions): WebhookPlan {
  return {
    ...(lose === undefined ? {} : { lose }),
    ...(delay === undefined ? {} : { delayMs: milliseconds(delay) }),
    ...(copies === undefined ? {} : { copies: wholeNumber(copies, '--copies') }),
    ...(hold === undefined ? {} : { hold }),
    ...(amount === undefined ? {} : { amount: wholeNumber(amount, '--amount') }),
  };
}

/** The mix that --seed and --among ask for: all faults without --among. */
export function drawOf({ seed, among }: CommandOptions): { seed: number; among: readonly Fault[] } {
  const names = among === undefined ? FAULTS : among === 'none' ? [] : among.split(',');
  const wrong = names.find((name) => !isFault(name));
  if (wrong !== undefined) throw new CommandError(`no fault ${wrong}; there are\n${faultNames()}`);
  return { seed: wholeNumber(seed ?? '1', '--seed'), among: names.filter(isFault) };
}

export function wholeNumber(text: string, option: string): number {
  if (!/^\d+$/.test(text)) throw new CommandError(`${option} ${text} is not a whole number`);
  return Number(text);
}

async function plan(client: SimulatorClient, id: string, wanted: WebhookPlan): Promise<string> {
  if (id === 'all') {
    const { webhookPlan: all } = await client.planAllWebhooks(wanted);
    return `all webhooks: ${JSON.stringify(all)}`;
  }
  const { merchantPaymentId } = await find(client, id);
  await client.planWebhooksOf(merchantPaymentId, wanted);
  return `webhooks of ${merchantPaymentId}: ${JSON.stringify(wanted)}`;
}

async function forge(
  client: SimulatorClient,
  id: string,
  state: string,
  wanted: WebhookPlan,
): Promise<string> {
  const { merchantPaymentId } = await find(client, id);
  if (!isWebhookState(state)) {
    throw new CommandError(`forge needs a state: ${WEBHOOK_STATES.join(', ')}`);
  }
  return webhookLine(await client.forge(merchantPaymentId, state, wanted));
}

function isWebhookState(text: string): text is WebhookState {
  return (WEBHOOK_STATES as readonly string[]).includes(text);
}

async function faults(
  client: SimulatorClient,
  what: string,
  options: CommandOptions,
): Promise<string> {
  switch (what) {
    case '':
      return `${sourceText((await client.state()).faultMix)}\n\n${faultNames()}`;
    case 'off':
      return sourceText((await client.stopFaults()).faultMix);
    case 'draw': {
      if (options.seed === undefined) throw new CommandError('which mixes? give --seed 1');
      const { seed, among } = drawOf(options);
      return sourceText((await client.drawFaults({ seed, among: [...among] })).faultMix);
    }
    default:
      throw new CommandError(`faults ${what} is not known; faults, faults draw and faults off are`);
  }
}

async function outage(
  client: SimulatorClient,
  mode: string,
  { for: duration, applied, delay }: CommandOptions,
): Promise<string> {
  if (mode === 'off') {
    await client.repairApi();
    return 'the API works';
  }
  if (!isOutageMode(mode)) throw new CommandError(`outage is one of ${OUTAGE_MODES.join(', ')}`);
  if (duration === undefined) throw new CommandError('how long? give --for 30s');
  await client.breakApi({
    mode,
    durationMs: milliseconds(duration),
    effect: applied === true ? 'applied' : 'none',
    ...(delay === undefined ? {} : { delayMs: milliseconds(delay) }),
  });
  return `the API is broken (${mode}) for ${duration}`;
}

function isOutageMode(text: string): text is OutageRequest['mode'] {
  return (OUTAGE_MODES as readonly string[]).includes(text);
}

async function show(client: SimulatorClient, merchantPaymentId: string): Promise<string> {
  const payment = await client.payment(merchantPaymentId);
  const webhooks = await client.webhooks({ merchantPaymentId });
  const steps = payment.history.map(
    ({ at, move, status }) => `  ${clockTime(at)}  ${move.padEnd(12)} ${status}`,
  );
  return [paymentLine(payment), ...steps, ...webhooks.map(webhookLine)].join('\n');
}

async function webhookTable(client: SimulatorClient, id: string): Promise<string> {
  const query =
    id === '' ? { limit: 20 } : { merchantPaymentId: (await find(client, id)).merchantPaymentId };
  const webhooks = await client.webhooks(query);
  return webhooks.length === 0 ? 'no webhooks yet' : webhooks.map(webhookLine).join('\n');
}

function paymentTable(payments: readonly PaymentView[]): string {
  return payments.length === 0 ? 'no payments yet' : payments.map(paymentLine).join('\n');
}
