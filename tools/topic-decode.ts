/**
 * `kcat -C -q -f '%p %o %T %K %S\n%k%s\n' … | npm run --silent topic:decode [-- --json]`: prints what
 * a kcat without Avro reads, decoded with the registry's schemas, record by record as they come.
 */
import { endCommand, endWithReader } from '../platform/command-end';
import { parseArgs } from 'node:util';
import { recordTypes } from '../schemas/avro-types';
import { Codec } from '../platform/avro/codec';
import { SchemaRegistry } from '../platform/avro/schema-registry';
import { findConnection } from '../platform/connection';
import { kcatFrames } from './kcat-frames';
import { decodeNow, jsonLine, textLine } from './record-line';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
  const { registryUrl, registryToken } = findConnection();
  const codec = new Codec(recordTypes, new SchemaRegistry(registryUrl, recordTypes, registryToken));
  const line = values.json ? jsonLine : textLine;
  for await (const record of kcatFrames(process.stdin as AsyncIterable<Buffer>)) {
    console.log(line(record, await decodeNow(codec, record.value)));
  }
}

endWithReader();

main().then(
  () => endCommand(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    endCommand(1);
  },
);
