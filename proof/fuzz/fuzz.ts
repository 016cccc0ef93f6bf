/**
 * `npm run fuzz -- [--requests N] [--seed N]`: made-up requests to every route of an edge that runs,
 * as its own description says they look, from every role and from nobody. On the stack that runs, or
 * on a product of its own. Status 0 when each was answered as it must be (verdict.ts), by the edge that
 * was there at the beginning.
 */
import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { runCommand } from '../../local/processes/command-runner';
import { readNumberFlags } from '../../local/pipeline/number-flags';
import { onProduct } from '../../local/pipeline/product-use';
import type { StopRequest } from '../../local/processes/stop-signals';
import type { RunningStack } from '../../platform/running-stack';
import { prepareGround, type Cookies } from './ground';
import { fuzzedRequests, type FuzzedRequest } from './requests';
import { faultOf, tallyOf, type FuzzedAnswer } from './verdict';

const USAGE = `usage: npm run fuzz -- [flags]

  --requests N   in all (default 10000)
  --seed N       equal seeds make equal requests (default 1)
  --var FOLDER   of the stack that runs, or of one to be started (default: var, or STACK_VAR)
  --fresh        start from empty data`;

/** Above every deadline of the edge. */
const ANSWER_WITHIN_MS = 30_000;
/** Beyond every status, so that it is a fault like any 5xx. */
const NO_ANSWER = 999;
const FAULTS_SHOWN = 20;
const SLOWEST_SHOWN = 3;
const agent = new Agent({ keepAlive: true });

async function fuzz(args: readonly string[], stop: StopRequest): Promise<number> {
  const flags = readNumberFlags(args, {
    flags: { requests: { usual: 10_000, min: 1 }, seed: { usual: 1, min: 0 } },
    usage: USAGE,
  });
  if (flags === undefined) {
    console.log(USAGE);
    return 0;
  }
  const { numbers, product } = flags;
  return onProduct({ flags: product, environment: {}, stop }, (running) =>
    attack(running, numbers),
  );
}

async function attack(
  running: RunningStack,
  options: { readonly requests: number; readonly seed: number },
): Promise<number> {
  const { description, known, cookies } = await prepareGround(running);
  const before = await startedAt(running);
  const requests = fuzzedRequests(description, known, options);
  const answers: FuzzedAnswer[] = [];
  const faults: string[] = [];
  const slowest: { readonly ms: number; readonly what: string }[] = [];
  const began = performance.now();
  for (const request of requests) {
    const sentAt = performance.now();
    const answer = await send(running.edgeUrl, request, cookies);
    slowest.push({ ms: performance.now() - sentAt, what: `${request.method} ${request.route}` });
    answers.push(answer);
    const fault = faultOf(request, answer, known);
    if (fault !== undefined) faults.push(fault);
  }
  if ((await startedAt(running)) !== before) faults.push('the edge was started anew meanwhile');
  const seconds = ((performance.now() - began) / 1_000).toFixed(0);
  const paths = String(Object.keys(description.paths).length);
  const shown = [
    `${String(answers.length)} requests to ${paths} paths in ${seconds} s, seed ${String(options.seed)}`,
    `by caller: ${callersOf(requests)}`,
    `answers by status: ${tallyOf(answers)}`,
    ...slowest
      .sort((a, b) => b.ms - a.ms)
      .slice(0, SLOWEST_SHOWN)
      .map(({ ms, what }) => `slowest: ${what}, ${ms.toFixed(0)} ms`),
    ...faults.slice(0, FAULTS_SHOWN).map((fault) => `FAULT ${fault}`),
    faults.length === 0 ? 'held: no fault' : `NOT held: ${String(faults.length)} faults`,
  ];
  for (const line of shown) console.log(line);
  return faults.length === 0 ? 0 : 1;
}

/** When the process began: another moment is another process. */
async function startedAt({ edgeUrl }: RunningStack): Promise<string> {
  const metrics = await (await fetch(`${edgeUrl}/metrics`)).text();
  const started = /^process_start_time_seconds (\S+)$/m.exec(metrics)?.[1];
  if (started === undefined) throw new Error('the metrics of the edge do not say when it began');
  return started;
}

function callersOf(requests: readonly FuzzedRequest[]): string {
  const counts = new Map<string, number>();
  for (const { as } of requests) counts.set(as, (counts.get(as) ?? 0) + 1);
  return [...counts].map(([as, count]) => `${as} ${String(count)}`).join(', ');
}

async function send(
  edgeUrl: string,
  { method, url, as, headers, body }: FuzzedRequest,
  cookies: Cookies,
): Promise<FuzzedAnswer> {
  const cookie = cookies[as] === '' ? {} : { cookie: cookies[as] };
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  try {
    // fetch would refuse to send what may not be: a GET with a body, for one.
    const asked = httpRequest(`${edgeUrl}${url}`, {
      method,
      agent,
      headers: { ...headers, ...cookie, ...length },
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    asked.end(body);
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    const contentType = response.headers['content-type'] ?? '';
    return { status: response.statusCode ?? NO_ANSWER, contentType, body: await text(response) };
  } catch (error) {
    return { status: NO_ANSWER, contentType: '', body: String(error) };
  }
}

runCommand(fuzz);
