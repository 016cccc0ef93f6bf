/** Asks which transactions are open, and who is in a group. Nothing here changes anything. */
import type { Cluster } from './cluster';
import { DESCRIBE_GROUP } from './protocol/group-apis';
import { LIST_OPEN_TRANSACTIONS } from './protocol/transaction-apis';
import { retryTransient } from './retry';

/** Of all coordinators; the brokers tell only of ids that this client may describe. */
export async function fetchOpenTransactions(
  cluster: Cluster,
  prefix: string,
): Promise<readonly string[]> {
  const what = `Open transactions of ${prefix}*`;
  const open = await retryTransient({ clock: cluster.clock, what }, async () => {
    const { nodes } = await cluster.refresh([]);
    const asked = nodes.map(({ nodeId }) => cluster.askNode(nodeId, LIST_OPEN_TRANSACTIONS, null));
    return (await Promise.all(asked)).flat();
  });
  return open.filter((transactionalId) => transactionalId.startsWith(prefix));
}

export async function fetchGroupMembers(
  cluster: Cluster,
  group: string,
): Promise<readonly string[]> {
  const what = `Members of group ${group}`;
  return retryTransient({ clock: cluster.clock, what }, async () => {
    const coordinator = await cluster.findCoordinator('group', group);
    return cluster.askNode(coordinator, DESCRIBE_GROUP, { group });
  });
}
