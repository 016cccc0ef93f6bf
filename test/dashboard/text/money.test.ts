import { moneyText } from '../../../dashboard/text/money';

describe('moneyText', () => {
  test('yen have no decimals and commas between thousands', () => {
    expect(moneyText(1_234_567)).toBe('¥1,234,567');
  });

  test('what is overdrawn has its sign before the yen', () => {
    expect(moneyText(-500)).toBe('-¥500');
  });

  test('another currency is never shown as yen', () => {
    expect(moneyText(1_200, 'USD')).toBe('1,200 USD');
  });
});
