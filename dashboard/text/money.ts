/** Money as people read it: ¥1,200; another currency by its code. */
export function moneyText(amount: number, currency = 'JPY'): string {
  const sign = amount < 0 ? '-' : '';
  const figure = Math.abs(amount).toLocaleString('en-US');
  return currency === 'JPY' ? `${sign}¥${figure}` : `${sign}${figure} ${currency}`;
}
