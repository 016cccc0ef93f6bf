import { kcatCommand, placeText } from '../../../dashboard/text/log-place';

const place = { topic: 'orders.events.v1', partition: 3, offset: 42 };

test('a place in the log is topic, partition and offset', () => {
  expect(placeText(place)).toBe('orders.events.v1-3@42');
});

test('the kcat command reads that one record and decodes its value', () => {
  expect(kcatCommand(place)).toBe(
    'kcat -C -b "$KAFKA_BROKERS" -t orders.events.v1 -p 3 -o 42 -c 1 -s value=avro -r "$SCHEMA_REGISTRY_URL"',
  );
});
