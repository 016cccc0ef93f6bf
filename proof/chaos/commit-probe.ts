/**
 * Makes a process of apps show the steps of its commits, and die in the one that is wished for. It
 * wraps the calls by which a commit goes on from step to step; production code knows nothing of it.
 *
 * A wish is granted to the first task that enters the step: `delayMs` later, or as it would leave
 * the step, whichever is first. So the step at death is the one wished for, and what is in flight
 * in it (a request sent, an answer not read) differs from kill to kill.
 */
import path from 'node:path';
import { TransactionCoordinator } from '../../streams/runtime/kafka/transaction-coordinator';
import { RocksDbStore } from '../../streams/runtime/store/rocksdb-store';
import { ViewStore } from '../../streams/views/view-store';
import type { CommitStep, StepFile } from './commit-step';

/** Their order gives each app's tasks their places in the file. */
const APPS = ['orders', 'inventory', 'accounts', 'payments', 'alerts', 'gateway', 'views'];
const PARTITIONS_MAX = 32;
/** It answers with what it has committed; there is no store to write. */
const WITHOUT_STORE = 'gateway';

export function showCommitSteps(file: StepFile, storesFolder: string): void {
  const steps = new Steps(file);
  showTransactions(steps);
  showStores(steps, storesFolder);
  showViews(steps);
}

class Steps {
  private doomed: string | undefined;

  constructor(private readonly file: StepFile) {
    file.clearSteps();
  }

  /** `task` is `app-partition`, as in the transactional id. */
  enter(task: string, step: CommitStep): void {
    if (this.doomed === task) this.die();
    this.file.mark(placeOf(task), step);
    const wish = this.file.wished();
    if (wish?.step !== step || this.doomed !== undefined) return;
    this.doomed = task;
    setTimeout(() => this.die(), wish.delayMs);
  }

  private die(): never {
    // The successor is not to die of the same wish.
    this.file.clearWish();
    process.kill(process.pid, 'SIGKILL');
    throw new Error('SIGKILL returned');
  }
}

function placeOf(task: string): number {
  const dash = task.lastIndexOf('-');
  const app = APPS.indexOf(task.slice(0, dash));
  const partition = Number(task.slice(dash + 1));
  if (app < 0 || !(partition < PARTITIONS_MAX)) throw new Error(`${task} is not a task`);
  return app * PARTITIONS_MAX + partition;
}

function showTransactions(steps: Steps): void {
  const coordinator = TransactionCoordinator.prototype;
  const original = asItWas(coordinator);
  coordinator.addPartitions = async function (identity, partitions) {
    steps.enter(identity.transactionalId, 'announcing partitions');
    await original.addPartitions.call(this, identity, partitions);
    steps.enter(identity.transactionalId, 'writing records');
  };
  coordinator.commitOffsets = async function (identity, ...rest) {
    steps.enter(identity.transactionalId, 'writing offsets');
    await original.commitOffsets.call(this, identity, ...rest);
  };
  coordinator.commit = async function (identity) {
    const { transactionalId } = identity;
    steps.enter(transactionalId, 'ending the transaction');
    await original.commit.call(this, identity);
    const ended = transactionalId.startsWith(`${WITHOUT_STORE}-`);
    steps.enter(transactionalId, ended ? 'between commits' : 'writing the store');
  };
  coordinator.abort = async function (identity) {
    steps.enter(identity.transactionalId, 'between commits');
    await original.abort.call(this, identity);
  };
}

/** A prototype's methods before any of them is replaced. */
function asItWas<T extends object>(prototype: T): T {
  return Object.create(null, Object.getOwnPropertyDescriptors(prototype)) as T;
}

/** A store lies in `<stores>/<app>/<instance>/<partition>`; others are locks. */
function showStores(steps: Steps, storesFolder: string): void {
  const tasks = new WeakMap<RocksDbStore, string>();
  const open = RocksDbStore.open.bind(RocksDbStore);
  RocksDbStore.open = async (folder) => {
    const store = await open(folder);
    const [app = '', , partition = ''] = path.relative(storesFolder, folder).split(path.sep);
    if (/^\d+$/.test(partition)) tasks.set(store, `${app}-${partition}`);
    return store;
  };
  const store = RocksDbStore.prototype;
  const original = asItWas(store);
  store.write = async function (batch) {
    await original.write.call(this, batch);
    const task = tasks.get(this);
    if (task !== undefined) steps.enter(task, 'between commits');
  };
}

/** All of a process' partitions go into one Postgres transaction. */
function showViews(steps: Steps): void {
  const views = ViewStore.prototype;
  const original = asItWas(views);
  views.commit = async function (batch, rows) {
    steps.enter('views-0', 'writing rows');
    const outcome = await original.commit.call(this, batch, rows);
    steps.enter('views-0', 'between commits');
    return outcome;
  };
}
