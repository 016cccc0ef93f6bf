/** Money as people read it: ¥1,200, and JP¥1,200 where ¥ is another currency; others by their code. */
import { currentLocale, numberText } from '../i18n/translate';

export function moneyText(amount: number, currency = 'JPY'): string {
  const sign = amount < 0 ? '-' : '';
  const figure = numberText(Math.abs(amount));
  if (currency !== 'JPY') return `${sign}${figure} ${currency}`;
  return currentLocale() === 'zh' ? `${sign}JP¥${figure}` : `${sign}¥${figure}`;
}
