#!/usr/bin/env bash
# kafkajs 2.2.4 (npm), on Kafka 4.4.0, Node 20
#
# Behaviour: a consumer that reads committed records only (the default) is given records of an aborted
# transaction from the first on whose key is the four bytes 00 00 00 00, which is what Java's
# IntegerSerializer makes of 0: kafkajs knows the marker that ends a transaction by its key alone, and takes
# that record for it. The same records with text keys are held back.
# Expected: nothing of an aborted transaction is given, as the Java client does; what is a marker stands in
# the attributes of its batch.
#
# Seen on 2026-11-30, each transaction aborted:
#   keys "0" "1" "2"        given nothing
#   keys 0 1 2 as integers  given 0 1 2
#
# Ends with 0 while that is so, with 1 once it is not.
set -euo pipefail
source "$(cd "$(dirname "$0")" && pwd)/kafka-broker.bash"
cat > ask.js <<'JS'
const { Kafka, logLevel } = require('kafkajs');

const kafka = new Kafka({ brokers: [process.env.BROKER], logLevel: logLevel.NOTHING, retry: { retries: 20 } });
const topic = 'aborted';

async function aborted(transactionalId, keys) {
  const producer = kafka.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  const transaction = await producer.transaction();
  const messages = keys.map((key, value) => ({ key, value: `${transactionalId} ${value}` }));
  await transaction.send({ topic, messages });
  await transaction.abort();
}

function integer(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

async function main() {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] });
  await aborted('texts', ['0', '1', '2']);
  await aborted('integers', [0, 1, 2].map(integer));
  const plain = kafka.producer();
  await plain.connect();
  await plain.send({ topic, messages: [{ key: 'k', value: 'committed' }] });
  const given = [];
  const consumer = kafka.consumer({ groupId: 'reader', readUncommitted: false });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise((resolve) => {
    consumer.run({
      eachMessage: async ({ message }) => {
        given.push(message.value.toString());
        if (given.at(-1) === 'committed') resolve();
      },
    });
  });
  const of = (name) => given.filter((value) => value.startsWith(name)).map((value) => value.split(' ')[1]);
  console.log(`keys "0" "1" "2"        given ${of('texts').join(' ') || 'nothing'}`);
  console.log(`keys 0 1 2 as integers  given ${of('integers').join(' ') || 'nothing'}`);
  const isAsSeen = given.join() === 'integers 0,integers 1,integers 2,committed';
  console.log(isAsSeen ? 'as it was' : 'differs from what was seen');
  process.exit(isAsSeen ? 0 : 1);
}

main().catch((error) => { console.error(error); process.exit(2); });
JS
node ask.js
