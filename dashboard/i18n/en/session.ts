/** Signing in. */
export const session = {
  title: 'Sign in to Order Streams',
  ended: 'Your session has ended. Sign in to continue where you were.',
  email: 'E-mail',
  password: 'Password',
  signIn: 'Sign in',
  signingIn: 'Signing in…',
  demo: 'Demo accounts',
  enterAs: 'Enter as {role}',
  roles: { ops: 'operator', shopper: 'shopper' },
  notBegun: 'The server did not begin a session.',
  refused: 'Firebase refused: {why}',
  reasons: {
    wrong: 'The e-mail address or the password is wrong.',
    invalidEmail: 'This is not an e-mail address.',
    disabled: 'This account is disabled.',
    tooMany: 'Too many tries. Wait a few minutes, then try again.',
    network: 'Firebase does not answer. Try again.',
  },
  claim: 'Payments that contradict their orders, seen within seconds',
  steps: {
    buy: 'A shopper buys',
    pay: 'PayPay answers late, twice or never',
    join: 'The streams are joined',
    mend: 'An operator repairs it',
  },
  stepsMore: {
    buy: 'The order, its stock and the spending limit are kept by events on Kafka; nothing else is written.',
    pay: 'A webhook is a hint: PayPay is asked before money counts, and asked again while it is silent.',
    join: 'Paid but not PAID, paid twice, a wrong amount: each contradiction is an alert with its records.',
    mend: 'Refund, re-drive, ask again: seen beforehand, with a reason, and kept for ever.',
  },
  about:
    'A shop that takes PayPay, and the operators behind it: every order, payment and alert here is an event on Kafka.',
} as const;
