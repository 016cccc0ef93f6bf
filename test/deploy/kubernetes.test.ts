import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { projectFolder } from '../../platform/project-folder';
import { APP_NAMES } from '../../streams/apps';
import { problemsOf, type Resource } from './resource-schema';

const folder = path.join(projectFolder, 'deploy/kubernetes');
const read = (name: string) => readFileSync(path.join(folder, name), 'utf8');

interface Kustomization {
  readonly resources: readonly string[];
  readonly images: readonly { readonly name: string; readonly newTag: string }[];
}

const kustomization = parse(read('kustomization.yaml')) as Kustomization;
const resources = kustomization.resources.flatMap((name) =>
  parseAllDocuments(read(name)).map((document) => document.toJS() as Resource),
);

interface Probe {
  readonly httpGet: { readonly path: string };
}

interface Workload extends Resource {
  readonly spec: {
    readonly replicas: number;
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: {
        readonly automountServiceAccountToken: boolean;
        readonly securityContext: object;
        readonly containers: readonly Container[];
        readonly volumes?: readonly { readonly name: string }[];
      };
    };
    readonly volumeClaimTemplates?: readonly Resource[];
  };
}

interface Container {
  readonly image: string;
  readonly args: readonly string[];
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly securityContext: object;
  readonly resources: { readonly limits: { readonly memory: string } };
  readonly volumeMounts: readonly { readonly name: string }[];
}

function ofKind(...kinds: readonly string[]): readonly Resource[] {
  return resources.filter(({ kind }) => kinds.includes(kind));
}

const workloads = ofKind('Deployment', 'StatefulSet').map((resource) => resource as Workload);
const containersOf = ({ spec }: Workload) => spec.template.spec.containers;

test.each(resources.map((resource) => [`${resource.kind} ${resource.metadata.name}`, resource]))(
  '%s is one that Kubernetes takes',
  (_name, resource) => {
    expect(problemsOf(resource)).toEqual([]);
  },
);

test('what Kubernetes does not take is found', () => {
  const [workload] = workloads;
  if (workload === undefined) throw new Error('there is none');
  const { spec } = workload;
  expect(problemsOf({ ...workload, spec: { ...spec, replica: 2 } } as Resource)).toEqual([
    '/spec/replica is not known',
  ]);
  const without = { ...spec, template: undefined };
  expect(problemsOf({ ...workload, spec: without } as Resource)).not.toEqual([]);
  const texts = { ...spec, replicas: 'two' };
  expect(problemsOf({ ...workload, spec: texts } as Resource)).not.toEqual([]);
});

test('every file is one of the kustomization', () => {
  const files = readdirSync(folder).filter((name) => name !== 'kustomization.yaml');
  expect([...kustomization.resources].sort()).toEqual(files.sort());
});

test('every app runs in one workload, those with a store on a volume of their own', () => {
  const apps = workloads.flatMap((workload) =>
    containersOf(workload).flatMap(({ args }) => {
      const names = args[1] === '--apps' ? (args[2] ?? '').split(',') : [];
      return names.map((app) => ({ app, keeps: workload.kind === 'StatefulSet' }));
    }),
  );
  expect(apps.map(({ app }) => app).sort()).toEqual([...APP_NAMES].sort());
  expect(apps.filter(({ keeps }) => !keeps).map(({ app }) => app)).toEqual(['gateway', 'views']);
  for (const { kind, spec } of workloads) {
    expect(spec.volumeClaimTemplates !== undefined).toBe(kind === 'StatefulSet');
  }
});

test.each(workloads.map((workload) => [workload.metadata.name, workload] as const))(
  '%s runs as nobody in particular, is looked at, and is limited',
  (_name, workload) => {
    const { automountServiceAccountToken, securityContext, volumes } = workload.spec.template.spec;
    expect(automountServiceAccountToken).toBe(false);
    expect(securityContext).toMatchObject({ runAsNonRoot: true });
    for (const container of containersOf(workload)) {
      expect(container.securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(container.livenessProbe.httpGet.path).toBe('/health/live');
      expect(container.readinessProbe.httpGet.path).toBe('/health/ready');
      expect(container.resources.limits.memory).toMatch(/^\d+[MG]i$/);
      const known = [volumes, workload.spec.volumeClaimTemplates?.map(({ metadata }) => metadata)];
      const names = known.flatMap((list = []) => list.map(({ name }) => name));
      expect(container.volumeMounts.map(({ name }) => name).sort()).toEqual(names.sort());
      expect(kustomization.images.map(({ name }) => name)).toContain(container.image);
    }
  },
);

test('every workload keeps at least one pod when nodes are drained', () => {
  const budgets = ofKind('PodDisruptionBudget').map(({ metadata }) => metadata.name);
  expect(budgets.sort()).toEqual(workloads.map(({ metadata }) => metadata.name).sort());
  for (const { spec } of workloads) expect(spec.replicas).toBeGreaterThan(1);
});

test('nothing goes in or out but by a policy that names it', () => {
  const [nobody] = ofKind('NetworkPolicy');
  expect(nobody).toMatchObject({
    spec: { podSelector: {}, ingress: [], egress: [], policyTypes: ['Ingress', 'Egress'] },
  });
});

test('settings have names that the processes read', () => {
  const [settings] = ofKind('ConfigMap');
  const sources = ['streams/environment.ts', 'edge/environment.ts'].map((file) =>
    readFileSync(path.join(projectFolder, file), 'utf8'),
  );
  const names = Object.keys((settings as { readonly data?: object } | undefined)?.data ?? {});
  const unknown = names.filter((name) => !sources.some((text) => text.includes(name)));
  expect(names.length).toBeGreaterThan(3);
  expect(unknown).toEqual([]);
});

test('the image is the one that docker-compose.yml builds', () => {
  const compose = readFileSync(path.join(projectFolder, 'docker-compose.yml'), 'utf8');
  for (const { name, newTag } of kustomization.images) {
    expect(compose).toContain(`image: ${name}:${newTag}`);
  }
});

const kubectl = spawnSync('kubectl', ['version', '--client']).error === undefined;
const withKubectl = kubectl ? test : test.skip;

withKubectl(
  `Kustomize itself makes the same resources of it${kubectl ? '' : ' (skipped: kubectl is not installed)'}`,
  () => {
    const { status, stdout } = spawnSync('kubectl', ['kustomize', folder], { encoding: 'utf8' });
    expect(status).toBe(0);
    const built = parseAllDocuments(stdout).map((document) => document.toJS() as Resource);
    const named = (list: readonly Resource[]) =>
      list.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort();
    expect(named(built)).toEqual(named(resources));
    for (const resource of built) expect(problemsOf(resource)).toEqual([]);
  },
);
