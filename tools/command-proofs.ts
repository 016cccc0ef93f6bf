/**
 * What shows that a documented command works. Each has exactly one line here (a test looks); a new
 * command without one is not documented yet.
 */
export type Proof =
  /** Run as it is written, on a running stack, by test/e2e/commands.test.ts and `npm run docs:commands -- --run`. */
  | {
      readonly kind: 'run';
      /** What is typed for the words that the document leaves open. */
      readonly as?: string;
      /** Ended by SIGTERM once it has said that: it would go on for ever. */
      readonly endless?: true;
      /** Besides 0. */
      readonly status?: number;
      readonly says: RegExp;
    }
  /** By a test or a check of `npm test`. */
  | { readonly kind: 'test'; readonly where: string }
  /** By a command of its own, since it takes minutes. */
  | { readonly kind: 'command'; readonly command: string }
  /** Takes minutes or hours; a test runs the same code with less. */
  | { readonly kind: 'smaller'; readonly where: string }
  | { readonly kind: 'not run'; readonly why: string };

export interface CommandProof {
  readonly of: RegExp;
  readonly proof: Proof;
}

const test = (of: RegExp, where: string): CommandProof => ({ of, proof: { kind: 'test', where } });
const smaller = (of: RegExp, where: string): CommandProof => ({
  of,
  proof: { kind: 'smaller', where },
});
const notRun = (of: RegExp, why: string): CommandProof => ({ of, proof: { kind: 'not run', why } });
const run = (of: RegExp, says: RegExp, more: Partial<Proof> = {}): CommandProof => ({
  of,
  proof: { kind: 'run', says, ...more } as Proof,
});
const command = (of: RegExp, by: string): CommandProof => ({
  of,
  proof: { kind: 'command', command: by },
});

const SINCE_ALL = '--since 1d';
const RUNTIME_README = 'test/tools/runtime-package.broker.test.ts';

export const COMMAND_PROOFS: readonly CommandProof[] = [
  // Against a running stack.
  run(/^npm run scenario -- (rule-a|clean)$/, /^saw: /m),
  run(/^npm run simulate:paypay -- help$/, /faults/),
  run(/^npm run simulate:paypay -- faults draw /, /lost/),
  run(/^npm run simulate:paypay -- load /, /\d of 5 placed/, {
    as: 'npm run simulate:paypay -- load --rate 5 --for 1s --seed 7',
    // It waits for the end of orders that nobody pays.
    endless: true,
  }),
  run(/^npm run simulate:paypay -- watch$/, /./, {
    as: '(sleep 2; npm run scenario -- clean > /dev/null) & npm run simulate:paypay -- watch',
    endless: true,
  }),
  run(/^npm run topic -- orders\.events\.v1 --tail$/, /Order/, {
    as: `npm run topic -- orders.events.v1 --tail ${SINCE_ALL}`,
    endless: true,
  }),
  run(/^npm run topic -- orders\.events\.v1 --since 1h$/, /OrderCreated/),
  run(/^npm run topic -- (NAME|orders\.requests\.v1) --key ORDER_ID$/, /PurchaseRequested/, {
    as: 'npm run topic -- orders.requests.v1 --key "$ORDER_ID"',
  }),
  run(/^npm run topic$/, /orders\.events\.v1/),
  // The story that it is to find was played a moment ago.
  run(/^npm run rules:backtest /, /RULE_A/, {
    as: 'npm run rules:backtest -- --since 7d --until 0s --grace-a 60s',
    status: 1,
  }),
  run(/^npm run webhook:replay -- --since 2h$/, /\d+ sent again, \d+ accepted/, {
    as: 'npm run webhook:replay -- --since 2h --rate 200',
  }),
  run(/^npm run dead-letters -- list$/, /payments  UNREADABLE_WEBHOOK /),
  run(/^npm run dead-letters -- redrive$/, /nothing was written/, {
    as: 'npm run dead-letters -- redrive --app payments --code UNREADABLE_WEBHOOK',
  }),
  // 1: it found records that nobody can decode, which other tests have written.
  run(/^npm run audit$/, /\d+ topics, \d+ records/, { status: 1 }),
  run(/^npm run docs:commands$/, /\| command/),
  run(/^curl (--fail )?(http:\/\/)?127\.0\.0\.1:3000\/actuator\/health$/, /UP/, {
    as: 'curl --fail --silent "$EDGE_URL/actuator/health"',
  }),
  run(/^curl (--fail )?(http:\/\/)?127\.0\.0\.1:8090\/health\/ready$/, /orders/, {
    as: 'curl --fail --silent "$STREAMS_URL/health/ready"',
  }),

  // What npm test is and does.
  test(/^npm test$/, 'npm test'),
  test(/^npm run verify$/, 'npm test'),
  test(/^npm test -- --only unit$/, 'npm test'),
  test(/^npm run structure$/, 'npm test'),
  test(/^npm run -s generate$/, 'test/docs/architecture/walk-throughs.test.ts'),
  test(/^npx tsc --noEmit$/, 'test/docs/architecture/walk-throughs.test.ts'),
  test(
    /^npx jest --selectProjects unit --testPathPatterns /,
    'test/docs/architecture/walk-throughs.test.ts',
  ),
  test(/^npx jest PATH /, 'npm test'),
  test(/^npm run build$/, 'test/local/pipeline/process-build.test.ts'),
  test(/^npm run acls( -- --print)?$/, 'test/tools/access.broker.test.ts'),
  test(/^npm run provision$/, 'test/tools/access.broker.test.ts'),
  test(/^npm run events$/, 'test/tools/event-catalogue.test.ts'),
  test(/^npm run runtime:pack$/, 'test/tools/runtime-package.broker.test.ts'),
  test(/^npx patch-package$/, 'test/local/bootstrap/patched-packages.test.ts'),
  test(/^npm run webhook:replay$/, 'test/e2e/commands.test.ts'),
  test(/^npm run dead-letters$/, 'test/e2e/commands.test.ts'),
  test(/^promtool test rules /, 'test/observability/rules.test.ts'),
  test(/^PAYMENT_PROVIDER=konbini /, 'test/docs/architecture/walk-throughs.test.ts'),
  // Where kcat is installed.
  test(/^kcat -b "\$KAFKA_BROKERS" /, 'test/tools/kcat.broker.test.ts'),
  test(/^npm run --silent topic /, 'test/tools/kcat.broker.test.ts'),
  test(/^npm run topic:decode$/, 'test/tools/kcat.broker.test.ts'),
  // The README of the runtime, step by step.
  test(/^(npm init|npm pkg|npm install \.\/|npm install --save-dev) ?/, RUNTIME_README),
  test(/^npx tsc --noEmit --strict /, RUNTIME_README),
  test(/^npx tsx /, RUNTIME_README),
  test(/^echo 'to be or not to be' /, RUNTIME_README),

  // Installs, and a server's processes.
  test(/^npm ci$/, 'npm test'),
  command(/^npm install --ignore-scripts$/, 'npm run prove:install'),
  command(/^npm ci --omit=dev( --ignore-scripts)?$/, 'npm run prove:install'),
  command(/^npm run (postinstall|prove:install)$/, 'npm run prove:install'),

  // The product under the same tests as npm start runs it.
  smaller(/^(JAVA_HOME=… )?npm start( -- .*)?$/, 'test/e2e/pipeline.test.ts'),
  smaller(/^npm run demo$/, 'test/e2e/kill.test.ts'),
  smaller(
    /^SIMULATOR_WEBHOOK_URL=.* node dist\/simulator\/server\.js$/,
    'test/e2e/pipeline.test.ts',
  ),
  smaller(/^npm run stack$/, 'npm test'),
  smaller(/^npm run screenshots$/, 'test/e2e/dashboard.test.ts'),
  smaller(/^npm run simulate( -- .*)?$/, 'test/proof/simulation/simulation.test.ts'),
  smaller(/^npm run chaos( -- .*)?$/, 'test/e2e/kill.test.ts'),
  smaller(/^npm run scenario:matrix( -- .*)?$/, 'test/proof/scenarios/matrix'),
  smaller(/^npm run prove:polling /, 'test/streams/payments'),
  smaller(/^npm run prove:downtime /, 'test/proof/downtime/downtime-proof.broker.test.ts'),
  smaller(/^npm run prove:rebalance$/, 'test/streams/runtime/takeover.broker.test.ts'),
  smaller(/^npm run prove:search$/, 'test/edge/search'),
  smaller(/^npm run prove:(sockets|dependencies)$/, 'test/e2e/edges.test.ts'),
  smaller(/^npm run prove:dashboard$/, 'test/proof/dashboard/main-thread.test.ts'),
  smaller(/^npm run fuzz /, 'test/edge/fuzz.test.ts'),
  smaller(/^npm run bench(:join|:recovery)?( -- .*)?$/, 'test/proof/bench'),

  notRun(
    /^npm run image:steps$/,
    'installs and builds anew, for minutes; a test reads the Dockerfile with a linter',
  ),
  notRun(/^docker /, 'needs Docker; the file is held against its schema by a test'),
  notRun(/^kubectl /, 'needs a cluster; the resources are held against their schemas by a test'),
  notRun(/^systemctl |^useradd /, 'needs systemd; the units are run by npm run prove:install'),
  notRun(/^apt-get /, 'changes the machine'),
  notRun(/^npm install --save-exact$/, 'changes package.json'),
  notRun(/^npm audit /, 'not every registry has an advisory service'),
  notRun(/^npm run repair /, 'makes an app begin anew; on a running one it refuses'),
  notRun(/^kafka-transactions\.sh /, "Kafka's own, for a transaction that hangs"),
  notRun(/^npm run acls -- --apply --principal /, 'one more user; the runbook says so as well'),
  notRun(
    /^kafka-(configs|topics)\.sh .*--alter /,
    "Kafka's own, for a change by hand; the runbook says what of it was tried",
  ),
  notRun(/^kcat -b (…|\$KAFKA_BROKERS) /, "needs a kcat with Avro, which Debian's has not"),
];

/** Exactly one; throws otherwise, and says which command it is. */
export function proofOf(typed: string): Proof {
  const [found, ...more] = COMMAND_PROOFS.filter(({ of }) => of.test(typed));
  if (found === undefined) throw new Error(`nothing shows that this works: ${typed}`);
  if (more.length > 0) throw new Error(`more than one line is about: ${typed}`);
  return found.proof;
}
