/**
 * `npm run fuzz -- [--requests 10000] [--seed 1] [--var FOLDER]`: sends made-up requests to every route
 * of the edge that runs, as its own description says they look. Status 0 when each was answered as it
 * must be (verdict.ts).
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { apiClient } from '../../edge/contract/api-client';
import { operator, shopper } from '../../local/pipeline/demo-people';
import { readRunningStack, type RunningStack } from '../../platform/running-stack';
import { ensurePerson, signIn } from '../scenarios/firebase-users';
import { fuzzedRequests, type Caller, type Description, type FuzzedRequest } from './requests';
import { faultOf, tallyOf, type FuzzedAnswer } from './verdict';

const OTHER = { role: 'shopper', email: 'other@fuzz.example', password: 'fuzz-only' } as const;
/** Above every deadline of the edge. */
const ANSWER_WITHIN_MS = 20_000;
const FAULTS_SHOWN = 20;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      requests: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
      var: { type: 'string' },
    },
  });
  const folder = values.var ?? process.env['STACK_VAR'] ?? path.join(__dirname, '..', '..', 'var');
  const running = readRunningStack(path.join(folder, 'run', 'running-stack.json'));
  if (running === undefined) {
    console.error(`No stack runs on ${folder}. Start one with npm start.`);
    return 1;
  }
  const cookies = await cookiesOf(running);
  const description = await describe(running);
  const known = { orderId: await ordersOf(running, cookies.ops) };
  const [requests, seed] = [Number(values.requests), Number(values.seed)];
  const sent = fuzzedRequests(withoutSignOut(description), known, { requests, seed });
  const answers: FuzzedAnswer[] = [];
  const faults: string[] = [];
  for (const request of sent) {
    const answer = await send(running.edgeUrl, request, cookies);
    answers.push(answer);
    const fault = faultOf(request, answer);
    if (fault !== undefined) faults.push(fault);
  }
  const routes = Object.keys(description.paths).length;
  console.log(
    `${String(answers.length)} requests to ${String(routes)} paths, seed ${String(seed)}`,
  );
  console.log(`answers by status: ${tallyOf(answers)}`);
  for (const fault of faults.slice(0, FAULTS_SHOWN)) console.log(`FAULT ${fault}`);
  console.log(faults.length === 0 ? 'held: no fault' : `NOT held: ${String(faults.length)} faults`);
  return faults.length === 0 ? 0 : 1;
}

/** Else everything after the first sign-out would come from nobody. */
function withoutSignOut({ paths }: Description): Description {
  const kept = Object.entries(paths).filter(([route]) => !route.startsWith('/auth/logout'));
  return { paths: Object.fromEntries(kept) };
}

type Cookies = Readonly<Record<Caller, string>>;

async function cookiesOf(running: RunningStack): Promise<Cookies> {
  const cookieOf = async (person: Parameters<typeof signIn>[1]) => {
    await ensurePerson(running.firebaseHost, running.firebaseProject, person);
    const idToken = await signIn(running.firebaseHost, person);
    const api = apiClient({ url: running.edgeUrl, answerWithinMs: ANSWER_WITHIN_MS });
    const { response } = await api.POST('/auth/session', { body: { idToken } });
    return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  };
  const ops = await cookieOf(operator);
  const tampered = `${ops.slice(0, -1)}${ops.endsWith('A') ? 'B' : 'A'}`;
  const [one, other] = [await cookieOf(shopper), await cookieOf(OTHER)];
  return { nobody: '', shopper: one, other, ops, tampered };
}

async function describe({ edgeUrl }: RunningStack): Promise<Description> {
  return (await (await fetch(`${edgeUrl}/docs/json`)).json()) as Description;
}

async function ordersOf({ edgeUrl }: RunningStack, cookie: string): Promise<readonly string[]> {
  const headers = { cookie };
  const api = apiClient({ url: edgeUrl, answerWithinMs: ANSWER_WITHIN_MS, headers });
  const { data } = await api.GET('/api/orders');
  return (data?.orders ?? []).map(({ orderId }) => orderId).slice(0, 20);
}

async function send(
  edgeUrl: string,
  { method, url, as, headers, body }: FuzzedRequest,
  cookies: Cookies,
): Promise<FuzzedAnswer> {
  const response = await fetch(`${edgeUrl}${url}`, {
    method,
    headers: { ...headers, ...(cookies[as] === '' ? {} : { cookie: cookies[as] }) },
    body: body ?? null,
    redirect: 'manual',
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  });
  return {
    status: response.status,
    contentType: response.headers.get('content-type') ?? '',
    body: await response.text(),
  };
}

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
