import { execFile } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { buildProcesses } from '../../../local/pipeline/process-build';
import { nodeProcess, PROCESS_SCRIPTS } from '../../../local/processes/node-process';
import { buildFolder, projectFolder } from '../../../platform/project-folder';
import { readSchemaFiles } from '../../../platform/avro/schema-files';

describe('dist/', () => {
  const silent = () => undefined;

  beforeAll(() => buildProcesses(silent));

  test('is made once, and again when something is missing from what it was made of', async () => {
    expect(await buildProcesses(silent)).toBe(false);
    const stale = path.join(buildFolder, 'streams', 'gone.js');
    writeFileSync(stale, 'left by a source that is gone');
    rmSync(path.join(buildFolder, '.sources.json'));
    expect(await buildProcesses(silent)).toBe(true);
    expect(existsSync(stale)).toBe(false);
  });

  test.each(PROCESS_SCRIPTS)('has %s, compiled, with its source map', (script) => {
    expect(existsSync(path.join(buildFolder, `${script}.js`))).toBe(true);
    expect(existsSync(path.join(buildFolder, `${script}.js.map`))).toBe(true);
  });

  test('has every schema, in the folder that it is read from', () => {
    const inSources = readSchemaFiles(path.join(projectFolder, 'schemas'));
    expect(readSchemaFiles(path.join(buildFolder, 'schemas'))).toEqual(inSources);
  });

  test('runs with traces that name the lines of the sources', async () => {
    const { command, args, folder } = nodeProcess('edge/server');
    // Without a Kafka to name, it ends at once and says where.
    const run = promisify(execFile)(command, args, { cwd: folder, env: {} });
    const { code, stdout } = (await run.catch((error: unknown) => error)) as {
      readonly code: number;
      readonly stdout: string;
    };
    expect(code).toBe(1);
    expect(stdout).toMatch(/KAFKA_BROKERS.*edge\/environment\.ts:\d+/);
  });
});
