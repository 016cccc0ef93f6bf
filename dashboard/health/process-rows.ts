/** The processes of the apps as rows of a table, one for each app in each. Pure. */
import type { StreamsProcesses } from '../../edge/contract/api-types';
import { t } from '../i18n/translate';

type Process = StreamsProcesses['processes'][number];
type App = Process['apps'][number];

export interface ProcessRow {
  readonly process: Process;
  /** Undefined where the process tells of none. */
  readonly app: App | undefined;
  /** Rows of the process, in its first one; 0 in those that follow. */
  readonly span: number;
}

/** What is wrong comes first: silent, failed, then the others as they are named. */
export function processRows(processes: readonly Process[]): readonly ProcessRow[] {
  const order = ['SILENT', 'DOWN', 'UP'] as const;
  const worstFirst = order.flatMap((wanted) => processes.filter(({ status }) => status === wanted));
  return worstFirst.flatMap((process): readonly ProcessRow[] => {
    if (process.apps.length === 0) return [{ process, app: undefined, span: 1 }];
    return process.apps.map((app, place) => ({
      ...{ process, app },
      span: place === 0 ? process.apps.length : 0,
    }));
  });
}

export function restoreText({ partition, percent }: App['restoring'][number]): string {
  return t('health.processes.task', { partition, percent });
}
