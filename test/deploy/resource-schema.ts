/**
 * What a Kubernetes resource may hold, by the schemas of Kubernetes' own API as `kubernetes-models`
 * compiles them. Those let unknown fields pass, as an old API server does; so what no schema looks at
 * is found by watching what is read.
 */
import path from 'node:path';

type Validate = ((data: unknown) => boolean) & {
  readonly errors: readonly { readonly instancePath: string; readonly message?: string }[] | null;
};

export interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/** Empty: it is one that an API server takes. */
export function problemsOf(resource: Resource): readonly string[] {
  const validate = validatorOf(resource);
  const read = new Set<string>();
  const watched = watching(resource, '', read);
  const problems = validate(watched)
    ? []
    : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`);
  return [...problems, ...unread(resource, '', read)];
}

/** apps/v1 Deployment is IoK8sApiAppsV1Deployment. */
function validatorOf({ apiVersion, kind }: Resource): Validate {
  const [group = '', version = ''] = apiVersion.includes('/')
    ? apiVersion.split('/')
    : ['core', apiVersion];
  const words = [group.split('.')[0] ?? '', version].map(
    (word) => word.charAt(0).toUpperCase() + word.slice(1),
  );
  const folder = path.dirname(require.resolve('kubernetes-models/package.json'));
  const file = path.join(folder, '_schemas', `IoK8sApi${words.join('')}${kind}.js`);
  return jest.requireActual<{ validate: Validate }>(file).validate;
}

/** The same value, which notes the path of all that is read of it. */
function watching(value: unknown, at: string, read: Set<string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return new Proxy(value, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof name !== 'string' || !Object.hasOwn(target, name)) return member;
      const path = `${at}/${name}`;
      read.add(path);
      return watching(member, path, read);
    },
  });
}

/** Paths of fields that nobody asked for; what lies below an unknown one is not told as well. */
function unread(value: unknown, at: string, read: ReadonlySet<string>): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const path = `${at}/${name}`;
    return read.has(path) ? unread(member, path, read) : [`${path} is not known`];
  });
}
