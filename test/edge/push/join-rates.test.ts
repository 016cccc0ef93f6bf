import { JoinRates } from '../../../edge/push/join-rates';
import { limits } from '../../../edge/limits';

test('a person asks for so many rooms at once, and for more a little later', () => {
  const rates = new JoinRates();
  for (let n = 0; n < limits.joinsBurst; n += 1) rates.take('shopper-1', 0);
  const tooMany = /Too many rooms were asked for; wait 1 s/;
  expect(() => rates.take('shopper-1', 0)).toThrow(tooMany);
  expect(() => rates.take('shopper-2', 0)).not.toThrow();
  const soon = 1_000 / limits.joinsPerSecond;
  expect(() => rates.take('shopper-1', soon)).not.toThrow();
  expect(() => rates.take('shopper-1', soon)).toThrow(tooMany);
});
