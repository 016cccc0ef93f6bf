import { kcatCommand, placeText } from '../../../dashboard/text/log-place';

const place = { topic: 'orders.events.v1', partition: 3, offset: 42 };

test('a place in the log is topic, partition and offset', () => {
  expect(placeText(place)).toBe('orders.events.v1-3@42');
});

test('the kcat command reads that one record and decodes its value', () => {
  const address = { brokers: '127.0.0.1:9092', registryUrl: 'http://127.0.0.1:8081/apis/v7' };
  expect(kcatCommand(place, address)).toBe(
    'kcat -C -b 127.0.0.1:9092 -t orders.events.v1 -p 3 -o 42 -c 1 -s value=avro -r http://127.0.0.1:8081/apis/v7',
  );
});
