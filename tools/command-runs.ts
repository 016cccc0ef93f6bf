/**
 * Runs the documented commands that are about a running stack, each as a reader would type it, in the
 * project's folder with nothing in the environment but the folder of the stack.
 */
import { spawn } from 'node:child_process';
import { projectFolder } from '../platform/project-folder';
import type { RunningStack } from '../platform/running-stack';
import { proofOf, type Proof } from './command-proofs';
import { documentedCommands } from './documented-commands';

type RunProof = Extract<Proof, { kind: 'run' }>;

export interface CommandRun {
  /** As the document has it. */
  readonly command: string;
  readonly result:
    | { readonly kind: 'works' }
    /** With what it said instead. */
    | { readonly kind: 'fails'; readonly said: string };
  readonly seconds: number;
}

/** Each takes a few seconds; on a busy machine many of them. */
const COMMAND_MS_MAX = 120_000;

/** A webhook is answered within 1.5 s. */
const ANSWER_MS_MAX = 10_000;

/** Commands of documents that are run so, in the order of the documents. */
export function runnableCommands(): readonly string[] {
  return documentedCommands()
    .map(({ command }) => command)
    .filter((command) => proofOf(command).kind === 'run');
}

/** The environment in which the commands are typed while `running` runs on `varFolder`. */
export async function readersEnvironment(
  varFolder: string,
  running: RunningStack,
): Promise<NodeJS.ProcessEnv> {
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    // What the environment of `npm test` names, and a reader's does not.
    KAFKA_BROKERS: undefined,
    SCHEMA_REGISTRY_URL: undefined,
    DATABASE_URL: undefined,
    REDIS_URL: undefined,
    STACK_VAR: varFolder,
    EDGE_URL: running.edgeUrl,
    STREAMS_URL: running.streamsUrl,
    // Without npm's own lines what is looked at is what the command says.
    npm_config_loglevel: 'silent',
  };
  await leaveDeadLetter(running);
  return { ...environment, ORDER_ID: await someOrder(environment) };
}

/** For the commands about them: a webhook that nobody can read. */
async function leaveDeadLetter({ edgeUrl }: RunningStack): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${edgeUrl}/webhooks/paypay`, {
    ...{ method: 'POST', headers, body: '' },
    signal: AbortSignal.timeout(ANSWER_MS_MAX),
  });
  if (!response.ok) throw new Error(`a webhook was answered ${String(response.status)}`);
}

/** Of the newest story; a stack on which none was played gets one. */
async function someOrder(environment: NodeJS.ProcessEnv): Promise<string> {
  const played = await typed('npm run --silent scenario -- rule-a', environment);
  if (played.status !== 0) throw new Error(`no order can be placed\n${played.said}`);
  const topic = 'npm run --silent topic -- orders.events.v1 --since 2m --json';
  const { said } = await typed(topic, environment);
  const [, orderId] = /"orderId":\s*"([0-9a-f-]{36})"/.exec(said) ?? [];
  if (orderId === undefined) throw new Error(`there is no order\n${said.slice(0, 2_000)}`);
  return orderId;
}

export async function runDocumented(
  command: string,
  environment: NodeJS.ProcessEnv,
): Promise<CommandRun> {
  const proof = proofOf(command);
  if (proof.kind !== 'run') throw new Error(`${command} is not one to be run`);
  const begun = performance.now();
  const { status, said } = await typed(
    proof.as ?? command,
    environment,
    proof.endless === true ? proof.says : undefined,
  );
  const seconds = Math.round((performance.now() - begun) / 100) / 10;
  const works = isStatus(proof, status) && proof.says.test(said);
  const result = works ? ({ kind: 'works' } as const) : ({ kind: 'fails', said } as const);
  return { command, result, seconds };
}

function isStatus({ endless, status: other }: RunProof, status: number | null): boolean {
  return endless === true || status === 0 || (other !== undefined && status === other);
}

/** To its end, or until it has said `enough`. */
function typed(
  line: string,
  environment: NodeJS.ProcessEnv,
  enough?: RegExp,
): Promise<{ readonly status: number | null; readonly said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', line], {
      cwd: projectFolder,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: npm's children end with it.
      detached: true,
    });
    const end = () => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
    };
    const late = setTimeout(end, COMMAND_MS_MAX);
    let said = '';
    const take = (part: Buffer) => {
      said += part.toString('utf8');
      if (enough?.test(said) === true) end();
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('error', reject);
    child.once('close', (status) => {
      clearTimeout(late);
      resolve({ status, said });
    });
  });
}
