/** What differs between two decoded records, field by field. Pure. */

export interface FieldChange {
  /** items.0.quantity */
  readonly path: string;
  /** As JSON; undefined: the field is not there. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export interface RecordDiff {
  readonly changes: readonly FieldChange[];
  /** How many fields are equal. */
  readonly same: number;
}

export function diffOf(before: unknown, after: unknown): RecordDiff {
  const [old, young] = [fieldsOf(before), fieldsOf(after)];
  const paths = [...new Set([...old.keys(), ...young.keys()])].sort();
  const changes = paths
    .map((path) => ({ path, before: old.get(path), after: young.get(path) }))
    .filter((change) => change.before !== change.after);
  return { changes, same: paths.length - changes.length };
}

/** Each leaf by its path. */
function fieldsOf(value: unknown, path = ''): ReadonlyMap<string, string> {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) {
    return new Map(path === '' ? [] : [[path, JSON.stringify(value)]]);
  }
  return new Map(
    Object.entries(value).flatMap(([name, below]) => [
      ...fieldsOf(below, path === '' ? name : `${path}.${name}`),
    ]),
  );
}
