/** All that a scenario can touch: the people, PayPay, the apps, and the log. */
import { SimulatorClient } from '../../simulator/client';
import type { EventOf, EventType } from '../../schemas/event';
import type { Topic } from '../../topics/topic';
import { EdgeClient, type Purchase } from './edge-client';
import { EventLog, waitFor } from './event-log';
import { DEMO_PASSWORD, operator, type Person } from '../../local/pipeline/demo-people';
import { ensurePerson, signIn } from './firebase-users';
import type { RunningStack } from '../../platform/running-stack';

/** A healthy saga settles in well under a second; this is for a machine that is busy. */
export const STEP_WITHIN_MS = 60_000;

/** What a scenario expected did not come true. */
export class ExpectationError extends Error {
  override readonly name = 'ExpectationError';
}

export class World {
  private constructor(
    readonly stack: RunningStack,
    readonly log: EventLog,
    readonly paypay: SimulatorClient,
    readonly ops: EdgeClient,
    /** Tells one run of a scenario from the next. */
    readonly run: string,
  ) {}

  /** `topics`: what the log holds; all of them unless told otherwise. */
  static async open(stack: RunningStack, run: string, topics?: readonly Topic[]): Promise<World> {
    const log = await EventLog.open(stack, topics);
    const paypay = new SimulatorClient(stack.simulatorUrl);
    await ensurePerson(stack.firebaseHost, stack.firebaseProject, operator);
    const idToken = await signIn(stack.firebaseHost, operator);
    return new World(stack, log, paypay, await EdgeClient.open(stack.edgeUrl, idToken), run);
  }

  /** A shopper of one's own, so that no scenario uses up the limit of another. */
  async newShopper(name: string): Promise<{ readonly userId: string; readonly edge: EdgeClient }> {
    const person: Person = {
      email: `${name}.${this.run}@example.com`,
      password: DEMO_PASSWORD,
      role: 'shopper',
    };
    return this.signInAs(person);
  }

  async signInAs(person: Person): Promise<{ readonly userId: string; readonly edge: EdgeClient }> {
    const { edgeUrl, firebaseHost, firebaseProject } = this.stack;
    const userId = await ensurePerson(firebaseHost, firebaseProject, person);
    return { userId, edge: await EdgeClient.open(edgeUrl, await signIn(firebaseHost, person)) };
  }

  /** Places an order and waits until PayPay's code for it is issued. */
  async orderWithCode(
    name: string,
    items: readonly Purchase[] = [{ sku: 'matcha-30g', quantity: 1 }],
  ) {
    const { edge, userId } = await this.newShopper(name);
    const orderId = await edge.placeOrder(items, `${name}-${this.run}`);
    const code = await this.event('PaymentCodeIssued', orderId);
    return { edge, userId, orderId, code, merchantPaymentId: code.merchantPaymentId };
  }

  /** Waits for the first event of a type about an order; what did not come is a failure. */
  async event<T extends EventType>(
    type: T,
    orderId: string,
    withinMs = STEP_WITHIN_MS,
    fits: (event: EventOf<T>) => boolean = () => true,
  ): Promise<EventOf<T>> {
    const found = await waitFor(() => this.log.of(type, orderId).find(fits), withinMs);
    await this.log.check();
    if (found === undefined) {
      throw new ExpectationError(`no ${type} for order ${orderId} within ${String(withinMs)} ms`);
    }
    return found;
  }

  /** Waits for something that is not an event. */
  async eventually<T>(
    what: string,
    look: () => Promise<T | undefined> | T | undefined,
    withinMs = STEP_WITHIN_MS,
    everyMs?: number,
  ): Promise<T> {
    const found = await waitFor(look, withinMs, everyMs);
    if (found === undefined) throw new ExpectationError(`never: ${what}`);
    return found;
  }

  /** Waits until the read model shows the order in this state. */
  viewed(edge: EdgeClient, orderId: string, status: string) {
    return this.eventually(`order ${orderId} is shown as ${status}`, async () => {
      const order = await edge.order(orderId);
      return order?.status === status ? order : undefined;
    });
  }

  expect(holds: boolean, what: string): void {
    if (!holds) throw new ExpectationError(`it does not hold that ${what}`);
  }

  pause(app: string): Promise<void> {
    return this.control(app, 'pause');
  }

  resume(app: string): Promise<void> {
    return this.control(app, 'resume');
  }

  /** Whether the app is paused; false too after a restart, which forgets a pause. */
  async isPaused(app: string): Promise<boolean> {
    const response = await fetch(`${this.stack.streamsUrl}/actuator/health`).catch(() => undefined);
    const body = (await response?.json().catch(() => undefined)) as
      { components?: Record<string, { details?: { state?: string } }> } | undefined;
    return body?.components?.[app]?.details?.state === 'paused';
  }

  close(): Promise<void> {
    return this.log.close();
  }

  private async control(app: string, verb: 'pause' | 'resume'): Promise<void> {
    const url = `${this.stack.streamsUrl}/apps/${app}/${verb}`;
    // A process that is just starting again is waited for.
    await this.eventually(`${app} takes a ${verb}`, async () => {
      const response = await fetch(url, { method: 'POST' }).catch(() => undefined);
      return response?.ok === true ? true : undefined;
    });
  }
}
