/** What somebody outside the apps sees of a topic: its records as they become visible, in order. */
import type { LogRecord } from '../../streams/runtime/broker';
import type { MemoryCluster } from '../../streams/runtime/memory/memory-cluster';

export function followLog(
  { cluster, partitions }: { readonly cluster: MemoryCluster; readonly partitions: number },
  topic: string,
  see: (record: LogRecord) => void,
): void {
  for (let partition = 0; partition < partitions; partition += 1) {
    const log = cluster.log({ topic, partition });
    let position = 0;
    log.watch(() => {
      const read = log.readStable(position);
      position = read.nextOffset;
      read.records.forEach(see);
    });
  }
}
