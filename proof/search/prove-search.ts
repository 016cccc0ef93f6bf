/**
 * `npm run prove:search`: what a product search does, held against both engines on the real thing, the
 * index of OpenSearch out of the log, and a shop that loses its OpenSearch. It starts OpenSearch and what
 * else it needs. Status 0 when all of it holds.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand } from '../../local/processes/command-runner';
import { progressOn } from '../../local/processes/progress';
import type { StopRequest } from '../../local/processes/stop-signals';
import { startEdgeGround } from '../edges/edge-ground';
import { proveShopSearch } from './shop-search';
import { SupervisedProcess } from '../../local/processes/supervised-process';
import { openSearchNode } from '../../local/services/opensearch/opensearch-node';
import { choosePort } from '../../local/services/port-choice';
import { startStack } from '../../local/stack/stack';
import { projectFolder, stackFolders } from '../../local/stack/stack-folders';

const USUAL_PORT = 9200;
const SUITES = [
  'test/edge/search/postgres-search.broker.test.ts',
  'test/edge/search/opensearch-search.opensearch.test.ts',
  'test/streams/views/opensearch-store.opensearch.test.ts',
  'test/streams/views/search-index.opensearch.test.ts',
];

async function prove(args: readonly string[], stop: StopRequest): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { var: { type: 'string' } } });
  const folders = stackFolders(values.var ?? path.join(projectFolder, 'var', 'search'));
  const progress = progressOn();
  const stack = await startStack({
    ...{ folders, progress, environment: process.env, abandon: stop.asked, fresh: true },
    only: ['kafka', 'registry', 'postgres'],
  });
  const { port, release } = await choosePort(USUAL_PORT);
  try {
    const data = path.join(folders.data, 'opensearch');
    mkdirSync(data, { recursive: true });
    const report = (detail: string) => progress.show('opensearch', 'installing', detail);
    const installation = { cache: folders.cache, report, abandon: stop.asked };
    const { url, spec } = await openSearchNode(installation, { data, port });
    const node = new SupervisedProcess(spec, folders);
    progress.show('opensearch', 'starting', url);
    await node.start(stop.asked);
    progress.show('opensearch', 'ready', url);
    progress.close();
    const environment = { ...process.env, ...stack.environment, OPENSEARCH_URL: url };
    try {
      const status = await runSuites(environment);
      if (status !== 0) return status;
      const varFolder = path.join(folders.root, 'shop');
      const ground = await startEdgeGround({
        ...{ edges: 1, varFolder, environment, progress, abandon: stop.asked },
      });
      progress.close();
      try {
        const say = (line: string) => console.log(line);
        await proveShopSearch(ground, { openSearch: node, openSearchUrl: url, say });
        console.log('it holds');
        return 0;
      } finally {
        await ground.close();
      }
    } finally {
      await node.stop();
    }
  } finally {
    release();
    await stack.stop();
  }
}

async function runSuites(environment: NodeJS.ProcessEnv): Promise<number> {
  const jest = path.join(projectFolder, 'node_modules', 'jest', 'bin', 'jest.js');
  const flags = ['--selectProjects', 'broker', 'opensearch', '--runInBand', '--runTestsByPath'];
  const suites = spawn(process.execPath, [jest, ...flags, ...SUITES], {
    ...{ cwd: projectFolder, env: environment, stdio: 'inherit' },
  });
  const [status] = (await once(suites, 'exit')) as [number | null];
  return status ?? 1;
}

runCommand(prove);
