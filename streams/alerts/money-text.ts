export interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** Money as operators read it: ¥1,200; another currency by its code. */
export function moneyText({ amount, currency }: Money): string {
  const figure = amount.toLocaleString('en-US');
  return currency === 'JPY' ? `¥${figure}` : `${figure} ${currency}`;
}
