/** PayPay's webhooks as they came in. */
export const webhooks = {
  title: 'Webhooks',
  lead: 'PayPay’s calls as they came in, each with what was made of it.',
  verdict: 'Verdict',
  reading: 'Reading the webhooks…',
  notRead: 'The webhooks could not be read',
  none: 'No webhook has come in yet.',
  noneOf: 'No webhook with this verdict.',
  unknownState: 'A state that is not known',
  order: 'Order',
  emptyBody: 'Nothing, or nothing that was read.',
  verdicts: {
    HINT: 'Hint: PayPay’s API was asked',
    TRUSTED: 'Trusted: from PayPay’s address',
    FOREIGN_ORDER: 'Another shop’s order',
    UNKNOWN_KIND: 'Another kind',
    UNREADABLE: 'Unreadable',
    REFUSED: 'Refused',
  },
} as const;
