import { serviceNames } from '../../../local/services/service';
import { planServices } from '../../../local/services/service-plan';
import { services } from '../../../local/services/services';

function kinds(environment: Record<string, string>): Record<string, string> {
  const plans = planServices(services, serviceNames, environment);
  return Object.fromEntries(plans.map((plan) => [plan.service.name, plan.kind]));
}

describe('a service', () => {
  test('is started here when nothing is said', () => {
    expect(kinds({})).toEqual({
      kafka: 'local',
      registry: 'local',
      postgres: 'local',
      redis: 'local',
      firebase: 'local',
    });
  });

  test('that the environment names is used instead, and the others are started', () => {
    const plans = planServices(services, serviceNames, { KAFKA_BROKERS: 'broker-1:9092,b:9092' });
    expect(plans[0]).toMatchObject({ kind: 'named', address: 'broker-1:9092,b:9092' });
    expect(plans.slice(1).every(({ kind }) => kind === 'local')).toBe(true);
  });

  test('whose variable is set but empty is started', () => {
    expect(kinds({ REDIS_URL: ' ' })).toMatchObject({ redis: 'local' });
  });

  test('comes from Docker when STACK says so, unless the environment names it', () => {
    expect(kinds({ STACK: 'docker', DATABASE_URL: 'postgres://db/x' })).toEqual({
      kafka: 'docker',
      registry: 'docker',
      postgres: 'named',
      redis: 'docker',
      firebase: 'docker',
    });
  });

  test('that was not asked for is left out', () => {
    const plans = planServices(services, ['redis'], {});
    expect(plans.map(({ service }) => service.name)).toEqual(['redis']);
  });
});

test('an unknown value of STACK is refused rather than ignored', () => {
  expect(() => kinds({ STACK: 'podman' })).toThrow('STACK is "podman"');
});
