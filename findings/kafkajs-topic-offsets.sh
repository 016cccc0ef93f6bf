#!/usr/bin/env bash
# kafkajs 2.2.4 (npm), on Kafka 4.4.0, Node 20
#
# Behaviour: `admin.fetchTopicOffsets` names its answer `high`, and gives the last stable offset: while a
# transaction is open in a partition, whatever was written behind its first record is left out, committed
# or not. A lag computed from it is 0 while records wait, and a reader that stops there stops early.
# Expected: the high watermark, as the name says and as the batches of kafkajs' own consumer carry.
#
# Seen on 2026-11-30:
#   before the transaction       high 1
#   open, and 10 records behind  high 1
#   after it                     high 13
#
# Ends with 0 while that is so, with 1 once it is not.
set -euo pipefail
source "$(cd "$(dirname "$0")" && pwd)/kafka-broker.bash"
cat > ask.js <<'JS'
const { Kafka, logLevel } = require('kafkajs');

const kafka = new Kafka({ brokers: [process.env.BROKER], logLevel: logLevel.NOTHING, retry: { retries: 20 } });
const topic = 'offsets';

async function main() {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] });
  const seen = [];
  const look = async (when) => {
    const [{ high }] = await admin.fetchTopicOffsets(topic);
    console.log(`${when.padEnd(28)} high ${high}`);
    seen.push(high);
  };
  const plain = kafka.producer();
  await plain.connect();
  await plain.send({ topic, messages: [{ value: 'before' }] });
  await look('before the transaction');
  const producer = kafka.producer({ transactionalId: 'open', idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  const transaction = await producer.transaction();
  await transaction.send({ topic, messages: [{ value: 'open' }] });
  await plain.send({ topic, messages: Array.from({ length: 10 }, () => ({ value: 'behind' })) });
  await look('open, and 10 records behind');
  await transaction.commit();
  // The marker is a record as well, and is written a moment later.
  for (let looks = 0; looks < 50; looks += 1) {
    const [{ high }] = await admin.fetchTopicOffsets(topic);
    if (high === '13') break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await look('after it');
  const isAsSeen = seen.join(' ') === '1 1 13';
  console.log(isAsSeen ? 'as it was' : 'differs from what was seen');
  process.exit(isAsSeen ? 0 : 1);
}

main().catch((error) => { console.error(error); process.exit(2); });
JS
node ask.js
