import { serverProperties } from '../../../../local/services/kafka/server-properties';

const nodes = [1, 2, 3].map((id) => ({ id, brokerPort: 9090 + id, controllerPort: 9190 + id }));

function settingsOf(site: Parameters<typeof serverProperties>[0]): Record<string, string> {
  const lines = serverProperties(site).trimEnd().split('\n');
  return Object.fromEntries(lines.map((line) => line.split('=') as [string, string]));
}

describe('the settings of a broker', () => {
  test('of three keep every record of the coordinators on three and acknowledge it with two', () => {
    for (const node of nodes) {
      expect(settingsOf({ logFolder: '/log', node, nodes })).toMatchObject({
        'node.id': String(node.id),
        'controller.quorum.voters': '1@127.0.0.1:9191,2@127.0.0.1:9192,3@127.0.0.1:9193',
        'advertised.listeners': `PLAINTEXT://127.0.0.1:${String(node.brokerPort)}`,
        'min.insync.replicas': '2',
        'offsets.topic.replication.factor': '3',
        'transaction.state.log.replication.factor': '3',
        'transaction.state.log.min.isr': '2',
      });
    }
  });

  test('that is alone ask for no copies', () => {
    const [node] = nodes;
    if (node === undefined) throw new Error('there is no node');
    expect(settingsOf({ logFolder: '/log', node, nodes: [node] })).toMatchObject({
      'min.insync.replicas': '1',
      'offsets.topic.replication.factor': '1',
      'transaction.state.log.min.isr': '1',
    });
  });
});
