/**
 * A second edge beside the running one, with trust mode ip-allowlist. It is given no Redis and no
 * Postgres that answer: webhooks need neither.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { waitFor } from './event-log';
import { nodeProcess } from '../../local/processes/node-process';
import type { RunningStack } from '../../platform/running-stack';

export interface SpareEdge {
  /** The status that a webhook with these headers is answered. */
  readonly post: (body: string, headers: Readonly<Record<string, string>>) => Promise<number>;
  readonly stop: () => Promise<void>;
}

/** It loads the whole edge, on a machine that is busy. */
const READY_WITHIN_MS = 60_000;
/** Nobody listens there. */
const NOWHERE = '127.0.0.1:9';

export async function startAllowlistEdge(
  stack: RunningStack,
  proxyDepth: number,
): Promise<SpareEdge> {
  const port = await freePort();
  const url = `http://127.0.0.1:${String(port)}`;
  const { command, args } = nodeProcess('edge/server');
  const child = spawn(command, args, {
    stdio: 'ignore',
    env: { ...process.env, ...environmentOf(stack, port, proxyDepth) },
  });
  const isUp = async () => {
    if (child.exitCode !== null) throw new Error(`the edge ended with ${String(child.exitCode)}`);
    const answer = await fetch(`${url}/health/live`).catch(() => undefined);
    return answer?.ok === true ? true : undefined;
  };
  try {
    const up = await waitFor(isUp, READY_WITHIN_MS);
    if (up === undefined) throw new Error(`the edge is not up after ${String(READY_WITHIN_MS)} ms`);
  } catch (error) {
    await stop(child);
    throw error;
  }
  return {
    post: async (body, headers) => {
      const response = await fetch(`${url}/webhooks/paypay`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      });
      await response.body?.cancel();
      return response.status;
    },
    stop: () => stop(child),
  };
}

function environmentOf(
  stack: RunningStack,
  port: number,
  proxyDepth: number,
): Readonly<Record<string, string>> {
  return {
    EDGE_PORT: String(port),
    EDGE_LOG_LEVEL: 'silent',
    KAFKA_BROKERS: stack.brokers,
    SCHEMA_REGISTRY_URL: stack.registryUrl,
    DATABASE_URL: `postgres://nobody@${NOWHERE}/nothing`,
    REDIS_URL: `redis://${NOWHERE}`,
    TOPIC_PARTITIONS: String(stack.partitions),
    GCLOUD_PROJECT: stack.firebaseProject,
    FIREBASE_AUTH_EMULATOR_HOST: stack.firebaseHost,
    WEBHOOK_TRUST: 'ip-allowlist',
    WEBHOOK_PROXY_DEPTH: String(proxyDepth),
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
