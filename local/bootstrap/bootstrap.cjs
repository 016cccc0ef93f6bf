/**
 * Owns the way from a fresh clone to a running command: `node local/bootstrap/bootstrap.cjs COMMAND`.
 * Plain JavaScript that needs nothing but Node. It checks Java and Maven, installs what the lock
 * file says when that is not what is there, applies the patches that an install without scripts
 * left out, and hands over; from then on it only passes signals down and the exit status up.
 */
'use strict';

const { spawn, spawnSync } = require('node:child_process');
const { existsSync, readFileSync } = require('node:fs');
const { constants } = require('node:os');
const path = require('node:path');
const { areInstalled } = require('./installed-packages.cjs');
const { javaProblem, mavenProblem } = require('./java-tools.cjs');
const { arePatched, patchPackages } = require('./patched-packages.cjs');

const root = path.resolve(__dirname, '..', '..');
/** The script of each command, from the root. Only these are known here: what they do is theirs. */
const COMMANDS = {
  start: 'tools/start.ts',
  test: 'tools/test.ts',
  demo: 'proof/scenarios/demo.ts',
  'scenario-matrix': 'proof/scenarios/matrix/scenario-matrix.ts',
  'prove-polling': 'proof/polling/prove-polling.ts',
  'prove-downtime': 'proof/downtime/prove-downtime.ts',
  'prove-rebalance': 'proof/chaos/prove-rebalance.ts',
  'prove-sockets': 'proof/edges/prove-sockets.ts',
  'prove-dependencies': 'proof/edges/prove-dependencies.ts',
  'prove-search': 'proof/search/prove-search.ts',
  fuzz: 'proof/fuzz/fuzz.ts',
  'prove-dashboard': 'proof/dashboard/prove-dashboard.ts',
  chaos: 'proof/chaos/chaos-command.ts',
};
/** Nobody waits for it: what a killed npm leaves behind ends that much later. */
const PARENT_CHECK_MS = 1_000;
/** From here on Node has all that is used: import.meta.dirname, AbortSignal.any. */
const NODE_VERSION_MIN = [20, 11];

main(process.argv.slice(2));

function main([command, ...args]) {
  if (!Object.hasOwn(COMMANDS, command ?? '')) {
    fail(`usage: node local/bootstrap/bootstrap.cjs ${Object.keys(COMMANDS).join('|')} [flags]`);
  }
  requireNode();
  requireJavaTools();
  if (!packagesAreCurrent()) installPackages();
  requirePatches();
  handOver(command, args);
}

function fail(line) {
  console.error(line);
  process.exit(1);
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [majorMin, minorMin] = NODE_VERSION_MIN;
  if (major > majorMin || (major === majorMin && minor >= minorMin)) return;
  fail(`Node ${NODE_VERSION_MIN.join('.')} or newer is needed; this is ${process.versions.node}.`);
}

/** Before the packages, so that nobody waits for those only to read that Java is missing. */
function requireJavaTools() {
  const { STACK, KAFKA_BROKERS, SCHEMA_REGISTRY_URL, REDIS_URL } = process.env;
  if (STACK === 'docker' || (KAFKA_BROKERS && SCHEMA_REGISTRY_URL && REDIS_URL)) return;
  const problems = [javaProblem(), mavenProblem()].filter((problem) => problem !== undefined);
  if (problems.length > 0) fail(problems.join('\n'));
}

function packagesAreCurrent() {
  const hidden = path.join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(hidden)) return false;
  return areInstalled(readPackages(path.join(root, 'package-lock.json')), readPackages(hidden));
}

function readPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

/** `npm ci`: exactly what the lock file says, from nothing, so that two clones have the same. */
function installPackages() {
  console.error('Installing packages with npm, a minute or two, once …');
  const begun = Date.now();
  const run = spawnSync('npm', ['ci', '--include=dev', '--loglevel=error'], {
    cwd: root,
    // npm's own report would drown the lines that matter; standard output may be somebody's data.
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (run.error) fail(`npm cannot be run: ${run.error.message}`);
  if (run.signal) process.exit(128 + constants.signals[run.signal]);
  if (run.status !== 0) fail('npm ci failed; its own words are above.');
  console.error(`Packages are installed (${Math.round((Date.now() - begun) / 1000)} s).`);
}

/** `npm install --ignore-scripts` leaves them out; so does an npm that is set up that way. */
function requirePatches() {
  if (arePatched(root)) return;
  const problem = patchPackages(root);
  if (problem !== undefined) fail(problem);
  console.error('The packages were without the patches in patches/; they have them now.');
}

/**
 * The child shares our process group, so a Ctrl-C in a terminal reaches it directly as well; it
 * takes the second one for an echo. The IPC channel tells it when we are killed.
 */
function handOver(command, args) {
  const script = path.join(root, COMMANDS[command]);
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
  // A signal to npm alone ends npm and its shell, which pass nothing on; all would run on without them.
  const parent = process.ppid;
  const orphaned = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(orphaned);
    child.kill('SIGTERM');
  }, PARENT_CHECK_MS);
  orphaned.unref();
  child.once('error', (error) => fail(`${script} cannot be run: ${error.message}`));
  child.once('exit', (code, signal) => {
    process.exit(signal === null ? code : 128 + constants.signals[signal]);
  });
}
