import { connected, topicsOf } from '../../../streams/runtime/start-app';
import { probe } from './probe-app';

test('what an app reads, writes and keeps is named once, also what it reads of its own', () => {
  const { app, requests, answers, results } = probe();
  const loop = { ...app, inputs: [requests, answers, results] };
  expect(topicsOf(loop)).toEqual([requests, answers, results, app.changelog]);
});

test('an app that cannot begin gives back what was opened for it', async () => {
  let closed = 0;
  const close = () => {
    closed += 1;
    return Promise.resolve();
  };
  const place = { name: 'probe', instance: 'one', brokers: [] };
  const starting = connected(place, close, () => Promise.reject(new Error('not reached')));
  await expect(starting).rejects.toThrow('No broker address is given');
  expect(closed).toBe(1);
});
