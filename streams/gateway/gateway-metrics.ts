/** What the gateway tells of PayPay: each call with its outcome, the circuit, and who waits. */
import { Gauge, Histogram, type Registry } from 'prom-client';
import type { CallerState } from './paypay-caller';
import type { PayPayClient } from './paypay/client';

/** PayPay answers within a second as a rule; the transport gives up after some more. */
const CALL_SECONDS = [0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const CIRCUITS = ['closed', 'open', 'probing'] as const;

export class GatewayMetrics {
  private readonly calls: Histogram<'call' | 'outcome'>;
  /** Of the gateway that runs; undefined until it does. */
  private callerState: (() => CallerState) | undefined;

  constructor(registry: Registry) {
    const registers = [registry];
    this.calls = new Histogram({
      name: 'gateway_call_duration_seconds',
      help: 'Calls of PayPay, by outcome; what is unavailable by its reason.',
      labelNames: ['call', 'outcome'],
      buckets: CALL_SECONDS,
      registers,
    });
    const read = () => this.callerState?.();
    new Gauge({
      name: 'gateway_circuit_state',
      help: '1 for the state of the circuit breaker, 0 for the others.',
      labelNames: ['state'] as const,
      registers,
      collect() {
        const circuit = read()?.circuit;
        for (const state of CIRCUITS) this.set({ state }, state === circuit ? 1 : 0);
      },
    });
    new Gauge({
      name: 'gateway_calls_waiting',
      help: "Calls that wait for their turn and the merchant's budget.",
      registers,
      collect() {
        this.set(read()?.waiting ?? 0);
      },
    });
    new Gauge({
      name: 'gateway_calls_in_flight',
      help: 'Calls that PayPay has not answered yet.',
      registers,
      collect() {
        this.set(read()?.inFlight ?? 0);
      },
    });
  }

  /** Told of from now on. */
  follow(state: () => CallerState): void {
    this.callerState = state;
  }

  /** The same client, whose calls are counted and timed. */
  client(paypay: PayPayClient): PayPayClient {
    return {
      createCode: (request) => this.timed('createCode', paypay.createCode(request)),
      deleteCode: (codeId) => this.timed('deleteCode', paypay.deleteCode(codeId)),
      paymentDetails: (id) => this.timed('paymentDetails', paypay.paymentDetails(id)),
      cancelPayment: (id) => this.timed('cancelPayment', paypay.cancelPayment(id)),
      revertAuthorization: (request) =>
        this.timed('revertAuthorization', paypay.revertAuthorization(request)),
      refund: (request) => this.timed('refund', paypay.refund(request)),
      refundDetails: (id) => this.timed('refundDetails', paypay.refundDetails(id)),
      close: () => paypay.close(),
    };
  }

  private async timed<O extends { readonly kind: string; readonly reason?: string }>(
    call: keyof PayPayClient,
    answer: Promise<O>,
  ): Promise<O> {
    const end = this.calls.startTimer({ call });
    const outcome = await answer;
    end({ outcome: outcome.reason ?? outcome.kind });
    return outcome;
  }
}
