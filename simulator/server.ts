import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { systemClock } from '../platform/clock';
import { buildSimulator } from './app';
import { simulatorEnvironment } from './environment';
import { fileJournal } from './journal';

/**
 * The process: `tsx simulator/server.ts [--data FOLDER]`. SIGINT and SIGTERM end it once the
 * webhooks in flight are given up and the journal is closed.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { data: { type: 'string' } } });
  const environment = simulatorEnvironment(process.env);
  const logger = pino({ name: 'simulator', level: environment.logLevel });
  const app = buildSimulator({
    ...environment,
    clock: systemClock,
    journal: fileJournal(values.data ?? environment.dataFolder),
    logger,
  });
  let stopping = false;
  const stop = (signal: string) => {
    // Ctrl-C reaches a child twice: from the terminal and from its parent.
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'stopping');
    void app.close();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  const address = await app.listen({ host: environment.host, port: environment.port });
  logger.info(
    { address, webhookUrl: environment.settings.webhookUrl },
    'simulated PayPay is ready',
  );
}

void main();
