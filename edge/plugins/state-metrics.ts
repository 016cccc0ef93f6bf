/**
 * How it stands with the alerts and with the services behind the edge, asked when metrics are. What
 * cannot be asked now has no series: a monitor must not take an old number for a new one.
 */
import { Gauge, type Registry } from 'prom-client';
import type { EdgeParts } from '../app-parts';
import { EdgeError } from '../errors';
import { limits } from '../limits';
import { TIMED_OUT, within } from '../deadline';

type Asked = Pick<EdgeParts, 'readModels' | 'services'>;

const CONDITIONS = ['WEBHOOKS_SILENT', 'PAYPAY_DEGRADED'] as const;

export function stateMetrics(metrics: Registry, { readModels, services }: Asked): void {
  const registers = [metrics];
  new Gauge({
    name: 'alerts',
    help: 'Alerts in the read models, by rule, severity and state.',
    labelNames: ['rule', 'severity', 'state'] as const,
    registers,
    async collect() {
      this.reset();
      for (const { rule, severity, status, count } of (await told(readModels.alertCounts())) ??
        []) {
        this.set({ rule, severity, state: status }, count);
      }
    },
  });
  new Gauge({
    name: 'condition_active',
    help: '1 while the condition holds: webhooks are silent, or PayPay is degraded.',
    labelNames: ['condition'] as const,
    registers,
    async collect() {
      this.reset();
      const active = await told(readModels.activeConditions());
      if (active === undefined) return;
      for (const condition of CONDITIONS) {
        this.set({ condition }, active.includes(condition) ? 1 : 0);
      }
    },
  });
  new Gauge({
    name: 'edge_service_up',
    help: '1 while the service behind the edge answers.',
    labelNames: ['service'] as const,
    registers,
    async collect() {
      for (const [service, { status }] of Object.entries(await services.states())) {
        this.set({ service }, status === 'up' ? 1 : 0);
      }
    },
  });
}

/** Undefined when it is not told in time, or cannot be now. */
async function told<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    const read = await within(answer, limits.serviceCheckMs);
    return read === TIMED_OUT ? undefined : read;
  } catch (error) {
    if (error instanceof EdgeError) return undefined;
    throw error;
  }
}
