/** Records to events, asking the registry for writers' schemas that were not met before. */
import type { Codec, Decoded } from '../../platform/avro/codec';

/** Rejects with RegistryUnreachableError when a schema is needed that cannot be had now. */
export async function decodeAll(
  codec: Codec,
  values: readonly (Buffer | null)[],
): Promise<readonly Decoded[]> {
  const first = values.map((value) => codec.decode(value));
  const unknown = schemasMissing(first);
  if (unknown.length === 0) return first;
  await codec.learn(unknown);
  return values.map((value) => codec.decode(value));
}

/** The ids to `learn` before these values can be decoded. */
export function schemasMissing(decoded: readonly Decoded[]): readonly number[] {
  return decoded.flatMap((result) => (result.kind === 'unknown-schema' ? [result.schemaId] : []));
}
