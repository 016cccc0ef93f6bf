/** A service of a test's own, beside that of the suite: another version, or one with other settings. */
import { chmodSync } from 'node:fs';
import type { Service } from '../../../local/services/service';
import { startServices } from '../../../local/services/service-start';
import { makeFolders, stackFolders } from '../../../local/stack/stack-folders';
import { undoAll, type Underway } from '../../../local/stack/underway';
import { temporaryFolder } from '../temporary-folder';

export interface OwnService {
  readonly address: string;
  /** All of it is gone when it resolves. */
  readonly stop: () => Promise<void>;
}

const silent = { show: () => undefined, say: () => undefined, close: () => undefined };

export async function startOwnService(service: Service): Promise<OwnService> {
  const root = temporaryFolder();
  // Postgres may run as another user than this one, who must be able to enter.
  chmodSync(root.path, 0o711);
  const folders = stackFolders(root.path);
  makeFolders(folders);
  const underway: Underway = { undo: [root.remove], later: [] };
  const start = { folders, progress: silent, abandon: new AbortController().signal };
  try {
    const [running] = await startServices([{ kind: 'local', service }], start, underway);
    if (running === undefined) throw new Error(`${service.name} was not started`);
    return {
      address: running.address,
      stop: async () => {
        const failures = await undoAll(underway.undo);
        if (failures.length > 0) throw new AggregateError(failures, `${service.name} did not stop`);
      },
    };
  } catch (error) {
    await undoAll(underway.undo);
    throw error;
  }
}
