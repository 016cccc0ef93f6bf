/**
 * Whether the services behind the edge answer, asked of the services themselves. Several askers at
 * once share one round, so that health checks never add load to a service in trouble.
 */
import { TIMED_OUT, within } from '../deadline';
import { EdgeError } from '../errors';
import { limits } from '../limits';

export type ServiceName = 'kafka' | 'redis' | 'postgres' | 'registry';

/** Without them something else does their work. */
export type SpareService = 'opensearch';

export type ServiceState =
  { readonly status: 'up' } | { readonly status: 'down'; readonly reason: string };

/** Of the spare ones those that are configured. */
type OfServices<T> = Readonly<Record<ServiceName, T> & Partial<Record<SpareService, T>>>;

export type ServiceStates = OfServices<ServiceState>;

/** Each resolves when its service answers. */
export type ServiceChecks = OfServices<() => Promise<void>>;

export class Services {
  private round: Promise<ServiceStates> | undefined;

  constructor(private readonly checks: ServiceChecks) {}

  states(): Promise<ServiceStates> {
    this.round ??= this.ask().finally(() => {
      this.round = undefined;
    });
    return this.round;
  }

  private async ask(): Promise<ServiceStates> {
    const { checks } = this;
    const { opensearch } = checks;
    const [kafka, redis, postgres, registry, spare] = await Promise.all([
      stateOf(checks.kafka),
      stateOf(checks.redis),
      stateOf(checks.postgres),
      stateOf(checks.registry),
      opensearch === undefined ? undefined : stateOf(opensearch),
    ]);
    return {
      kafka,
      redis,
      postgres,
      registry,
      ...(spare === undefined ? {} : { opensearch: spare }),
    };
  }
}

async function stateOf(check: () => Promise<void>): Promise<ServiceState> {
  try {
    const answer = await within(check(), limits.serviceCheckMs);
    if (answer !== TIMED_OUT) return { status: 'up' };
    return { status: 'down', reason: `no response within ${String(limits.serviceCheckMs)} ms` };
  } catch (error) {
    // The words of drivers may carry addresses and user names; the table's do not.
    const reason = error instanceof EdgeError ? error.code : 'the check failed';
    return { status: 'down', reason };
  }
}
