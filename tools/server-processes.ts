/**
 * The processes of a server as its units start them: their commands, settings and secrets, run by us
 * instead of systemd on services that stand in for those of the settings.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { SupervisedProcess } from '../local/processes/supervised-process';
import { choosePort } from '../local/services/port-choice';
import { respondsOk } from '../local/services/readiness';
import type { InstalledCopy } from './installed-copy';
import { readSettings, readUnits, type Unit } from './systemd-units';

/** As `TimeoutStopSec=` of the units. */
const STOP_WITHIN_MS = 30_000;
const READY_WITHIN_MS = 90_000;

/** Nobody answers there, and nobody is asked before there is an order. */
const NO_PAYPAY = 'http://127.0.0.1:9';

/** Secrets by the names of their credentials; a real server has them in files of root. */
function secretsOf(services: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  return {
    'database-url': services['DATABASE_URL'] ?? '',
    'redis-url': services['REDIS_URL'] ?? '',
    'paypay-api-key': 'none',
    'paypay-api-secret': 'none',
  };
}

const SETTINGS_OF_SERVICES = [
  'KAFKA_BROKERS',
  'SCHEMA_REGISTRY_URL',
  'GCLOUD_PROJECT',
  'FIREBASE_AUTH_EMULATOR_HOST',
  'TOPIC_PARTITIONS',
] as const;

/** What a unit came to: ready in so many seconds, and ended by SIGTERM. */
export interface UnitRun {
  readonly unit: string;
  readonly readySeconds: number;
}

/**
 * Starts all units at once, as systemd does, and stops them when all are ready. Rejects with a StackError
 * that shows the log of a process that is not.
 */
export async function runUnits(
  copy: InstalledCopy,
  services: NodeJS.ProcessEnv,
): Promise<readonly UnitRun[]> {
  const prepared = await Promise.all(readUnits().map((unit) => prepare(unit, copy, services)));
  try {
    return await Promise.all(
      prepared.map(async ({ process }) => {
        const begun = performance.now();
        await process.start();
        const readySeconds = Math.round((performance.now() - begun) / 100) / 10;
        return { unit: process.spec.name, readySeconds };
      }),
    );
  } finally {
    for (const { process, release } of prepared) {
      await process.stop();
      release();
    }
  }
}

async function prepare(unit: Unit, copy: InstalledCopy, services: NodeJS.ProcessEnv) {
  const isEdge = unit.variables['HEALTH_PORT'] === undefined;
  const { port, release } = await choosePort(isEdge ? 3000 : Number(unit.variables['HEALTH_PORT']));
  const [, ...args] = unit.command;
  const spec = {
    name: unit.name,
    // The units name the node of the system; which one that is, is not the matter here.
    command: process.execPath,
    args,
    folder: copy.folder,
    environment: environmentOf(unit, copy, services, {
      [isEdge ? 'EDGE_PORT' : 'HEALTH_PORT']: String(port),
    }),
    ready: () => respondsOk(`http://127.0.0.1:${String(port)}/health/ready`),
    readyWithinMs: READY_WITHIN_MS,
    stopWithinMs: STOP_WITHIN_MS,
  };
  const folders = { log: copy.subfolder('log'), run: copy.subfolder('run') };
  return { process: new SupervisedProcess(spec, folders), release };
}

/** Nothing of our own environment: what the units do not say, a server's process does not have. */
function environmentOf(
  unit: Unit,
  copy: InstalledCopy,
  services: NodeJS.ProcessEnv,
  own: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  const credentials = copy.subfolder(path.join('credentials', unit.name));
  const secrets = secretsOf(services);
  for (const name of unit.credentials) {
    writeFileSync(path.join(credentials, name), `${secrets[name] ?? ''}\n`, { mode: 0o600 });
  }
  const variables = Object.entries(unit.variables).map(([name, value]) => [
    name,
    value
      .replace('%d', credentials)
      .replace(/^\/var\/lib\/(.+)$/, (_whole, state: string) => copy.subfolder(`lib/${state}`)),
  ]);
  const ofServices = SETTINGS_OF_SERVICES.flatMap((name) =>
    services[name] === undefined ? [] : [[name, services[name]]],
  );
  return {
    ...readSettings(),
    ...(Object.fromEntries([...variables, ...ofServices]) as Record<string, string>),
    PAYPAY_API_URL: NO_PAYPAY,
    ...own,
  };
}
