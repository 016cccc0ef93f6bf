/**
 * Owns one node of OpenSearch as a process: the engine that may take the search over from Postgres. No
 * part of the stack, since nothing needs it; who wants one starts it.
 */
import path from 'node:path';
import type { ProcessSpec } from '../../processes/supervised-process';
import { projectFolder } from '../../stack/stack-folders';
import { installProgram, programFolder } from '../maven/maven-programs';
import { respondsOk } from '../readiness';
import type { Installation } from '../service';

/** 10 s alone. */
const READY_WITHIN_MS = 120_000;
const STOP_WITHIN_MS = 20_000;

export interface OpenSearchNode {
  readonly url: string;
  readonly spec: ProcessSpec;
}

/** Fetches its program when missing. `data`: an absolute folder of its own. */
export async function openSearchNode(
  installation: Installation,
  { data, port }: { readonly data: string; readonly port: number },
): Promise<OpenSearchNode> {
  await installProgram('opensearch', installation);
  const classes = path.join(programFolder(installation.cache, 'opensearch'), '*');
  const url = `http://127.0.0.1:${String(port)}`;
  const spec: ProcessSpec = {
    name: 'opensearch',
    command: 'java',
    args: [
      ...['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xms128m', '-Xmx384m', '-cp', classes],
      path.join(projectFolder, 'local', 'services', 'opensearch', 'OpenSearchNode.java'),
      ...[data, String(port)],
    ],
    folder: data,
    environment: process.env,
    ready: () => respondsOk(`${url}/_cluster/health?wait_for_status=yellow&timeout=1s`),
    readyWithinMs: READY_WITHIN_MS,
    stopWithinMs: STOP_WITHIN_MS,
  };
  return { url, spec };
}
