/**
 * Which services behind the edge are there. The edge answers 503 when one is not, with the same body,
 * so this is no refusal like others: it is read as what it says.
 */
import type { Answer } from '../api/answer';

/** Longer than the edge waits for each service. */
const ANSWER_WITHIN_MS = 8_000;

export interface ServiceState {
  readonly name: string;
  readonly isUp: boolean;
  /** Why it is not up; empty: it is. */
  readonly reason: string;
}

interface HealthBody {
  readonly status?: unknown;
  readonly components?: Readonly<
    Record<string, { readonly status: string; readonly details?: { readonly reason?: string } }>
  >;
}

/** Never rejects: without an answer the edge itself is what is missing. */
export async function readServices(): Promise<Answer<readonly ServiceState[]>> {
  try {
    const response = await fetch('/actuator/health', {
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    return { kind: 'ok', value: servicesOf((await response.json()) as HealthBody) };
  } catch {
    return { kind: 'unreachable', message: 'The server does not answer.' };
  }
}

/** Whoever may not know which service is down is told of none. */
export function servicesOf({ components = {} }: HealthBody): readonly ServiceState[] {
  return Object.entries(components).map(([name, { status, details }]) => ({
    name,
    isUp: status === 'UP',
    reason: details?.reason ?? '',
  }));
}
