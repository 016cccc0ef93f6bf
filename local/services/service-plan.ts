/**
 * Owns the choice of where each service comes from: named in the environment, started by Docker
 * Compose, or started here.
 */
import type { Service, ServiceName } from './service';
import { StackError } from '../stack/stack-error';

export type ServicePlan =
  | { readonly kind: 'named'; readonly service: Service; readonly address: string }
  | { readonly kind: 'docker'; readonly service: Service }
  | { readonly kind: 'local'; readonly service: Service };

type Environment = Readonly<Record<string, string | undefined>>;

/** A variable that is set but empty names nothing: that is how a shell line unsets one. */
export function planServices(
  services: readonly Service[],
  only: readonly ServiceName[],
  environment: Environment,
): readonly ServicePlan[] {
  const kind = startedBy(environment);
  return services
    .filter((service) => only.includes(service.name))
    .map((service) => {
      const address = environment[service.variable]?.trim() ?? '';
      return address === '' ? { kind, service } : { kind: 'named', service, address };
    });
}

function startedBy(environment: Environment): 'docker' | 'local' {
  const { STACK: choice = '' } = environment;
  if (choice === '' || choice === 'local') return 'local';
  if (choice === 'docker') return 'docker';
  throw new StackError('BAD_ARGUMENTS', `STACK is "${choice}"; it can be "local" or "docker".`);
}
