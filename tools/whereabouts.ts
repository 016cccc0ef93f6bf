/** Where everything is, for the person who just typed `npm start`. */
import { DEMO_PASSWORD, operator, shopper } from '../local/pipeline/demo-people';
import { alertsRaised } from '../topics/alerts';
import { ordersEvents } from '../topics/orders';
import type { Product } from '../local/pipeline/product';

export function whereabouts({ pipeline, stack }: Product): string {
  const { brokers, edgeUrl, firebaseHost, registryUrl, simulatorUrl, streamsUrl } =
    pipeline.running;
  return [
    '',
    'ready',
    '',
    `  Alert dashboard     ${edgeUrl}/            sign in as ${operator.email} / ${DEMO_PASSWORD}`,
    `  Demo shop           ${edgeUrl}/shop        sign in as ${shopper.email} / ${DEMO_PASSWORD}`,
    `  Simulated PayPay    ${simulatorUrl}/`,
    `  API                 ${edgeUrl}/docs`,
    `  Health of the apps  ${streamsUrl}/actuator/health`,
    '',
    `  Kafka               ${brokers}`,
    `  Schema registry     ${registryUrl}`,
    `  Postgres            ${stack.environment['DATABASE_URL'] ?? '-'}`,
    `  Redis               ${stack.environment['REDIS_URL'] ?? '-'}`,
    `  Firebase emulator   ${firebaseHost}`,
    `  Logs                ${stack.folders.log}`,
    '',
    '  Read topics, in another terminal:',
    `    npm run topic -- ${alertsRaised.name} --since 1h`,
    `    npm run topic -- ${ordersEvents.name} --tail`,
    '  With kcat, by the lines of docs/kcat.md, after:',
    `    export KAFKA_BROKERS=${brokers} SCHEMA_REGISTRY_URL=${registryUrl}`,
    '',
    '  Play a story, in another terminal:',
    '    npm run scenario -- rule-a',
    '',
    '  Ctrl-C stops everything; npm start keeps the data.',
  ].join('\n');
}
