/**
 * Owns the Firebase auth emulator, whose 600 packages have a package.json of their own, so that
 * the main one stays lean. Its accounts live in memory: whoever starts the stack seeds them.
 */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from '../../processes/command';
import { respondsOk } from '../readiness';
import {
  loopback,
  portAt,
  type Installation,
  type Service,
  type ServiceProcess,
  type Site,
} from '../service';
import { projectFolder } from '../../stack/stack-folders';
import { takeTurn } from '../../stack/turn';

/** The prefix makes Firebase's libraries refuse to talk to a real project by mistake. */
export const FIREBASE_PROJECT = 'demo-paypay-order-streams';

/** About 5 s alone, most of it loading packages. */
const READY_WITHIN_MS = 90_000;
const STOP_WITHIN_MS = 5_000;

const folder = path.join(projectFolder, 'local', 'services', 'firebase');

export const firebaseService: Service = {
  name: 'firebase',
  variable: 'FIREBASE_AUTH_EMULATOR_HOST',
  usualPorts: [9099],
  needsJava: false,
  address: loopback,
  install: installFirebase,
  prepare: prepareFirebase,
  answers: (address) => respondsOk(`http://${address}/`),
};

async function installFirebase({ cache, report, abandon }: Installation): Promise<void> {
  if (isInstalled()) return;
  const lock = path.join(cache, 'firebase.installing');
  const release = await takeTurn(lock, report, abandon);
  try {
    if (isInstalled()) return;
    report('npm ci, a minute or two, once');
    await runCommand({
      purpose: 'installing the Firebase emulator',
      command: 'npm',
      args: ['ci', '--ignore-scripts'],
      folder,
      abandon,
    });
  } finally {
    release();
  }
}

/** npm writes its own lock file into node_modules last, so a broken install does not count. */
function isInstalled(): boolean {
  const installed = path.join(folder, 'node_modules', '.package-lock.json');
  const wanted = path.join(folder, 'package-lock.json');
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs;
}

function prepareFirebase(site: Site): Promise<readonly ServiceProcess[]> {
  const script = path.join(folder, 'auth-emulator.cjs');
  const emulator = {
    name: 'firebase',
    address: loopback(site.ports),
    command: process.execPath,
    args: [script, '127.0.0.1', String(portAt(site.ports, 0)), FIREBASE_PROJECT],
    environment: process.env,
    readyWithinMs: READY_WITHIN_MS,
    stopWithinMs: STOP_WITHIN_MS,
  };
  return Promise.resolve([emulator]);
}
