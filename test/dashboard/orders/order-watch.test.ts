import { effectScope } from 'vue';
import { EdgeApi } from '../../../dashboard/api/edge-api';
import { useOrder } from '../../../dashboard/orders/order-watch';

/** What is asked for when the page of this order opens, and the state that it begins with. */
function opened(orderId: string) {
  const entered: string[] = [];
  const live = {
    enter: (room: string) => {
      entered.push(room);
      return () => undefined;
    },
  };
  const scope = effectScope();
  const state = scope.run(() => useOrder({ api: new EdgeApi(), live }, orderId));
  scope.stop();
  return { entered, kind: state?.value.kind };
}

test('an address that can name no order asks for nothing and waits for nothing', () => {
  expect(opened('xyz')).toEqual({ entered: [], kind: 'malformed' });
});

test('any other order is looked for', () => {
  const orderId = '0a8fca11-3a57-5bd6-9c7f-6f2f3f0b7a01';
  expect(opened(orderId)).toEqual({ entered: [`order:${orderId}`], kind: 'loading' });
});
