import { Registry } from 'prom-client';
import { GatewayMetrics } from '../../../streams/gateway/gateway-metrics';
import { ScriptedPayPay } from './scripted-paypay';

test('a call is counted by its outcome, an unavailable one by its reason', async () => {
  const registry = new Registry();
  const paypay = new ScriptedPayPay();
  const client = new GatewayMetrics(registry).client(paypay);
  const first = client.deleteCode('c-1');
  await paypay.answer({ kind: 'deleted' });
  const second = client.deleteCode('c-1');
  await paypay.answer({ kind: 'unavailable', reason: 'timeout', message: 'too late' });
  expect([await first, await second]).toMatchObject([{ kind: 'deleted' }, { reason: 'timeout' }]);
  const text = await registry.metrics();
  const count = (outcome: string) =>
    `gateway_call_duration_seconds_count{call="deleteCode",outcome="${outcome}"} 1`;
  expect(text).toContain(count('deleted'));
  expect(text).toContain(count('timeout'));
});

test('the circuit and the queue are those of the gateway that runs', async () => {
  const registry = new Registry();
  const metrics = new GatewayMetrics(registry);
  expect(await registry.metrics()).toContain('gateway_circuit_state{state="closed"} 0');
  metrics.follow(() => ({ circuit: 'open', waiting: 7, inFlight: 2 }));
  const text = await registry.metrics();
  expect(text).toContain('gateway_circuit_state{state="open"} 1');
  expect(text).toContain('gateway_circuit_state{state="closed"} 0');
  expect(text).toContain('gateway_calls_waiting 7');
  expect(text).toContain('gateway_calls_in_flight 2');
});
