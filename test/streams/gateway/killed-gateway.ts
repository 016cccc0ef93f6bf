/**
 * A process that runs a gateway and kills itself with SIGKILL between PayPay's answer to the first
 * code and the commit of its result. `tsx killed-gateway.ts PREFIX SIMULATOR_URL`
 */
import { connectBroker } from '../../../streams/runtime/kafka/kafka-broker';
import { brokersFromEnvironment } from '../runtime/probe-fixture';
import { codecOf, gatewayOn, payPayAt, topicsOf } from './gateway-fixture';

async function main(): Promise<void> {
  const [prefix = '', simulatorUrl = ''] = process.argv.slice(2);
  const topics = topicsOf(prefix);
  const broker = await connectBroker({ brokers: brokersFromEnvironment(), clientId: prefix });
  const paypay = payPayAt(simulatorUrl);
  await gatewayOn(broker, await codecOf(topics), topics, {
    ...paypay,
    createCode: async (request) => {
      const outcome = await paypay.createCode(request);
      if (outcome.kind === 'created') process.kill(process.pid, 'SIGKILL');
      return outcome;
    },
  });
}

void main();
