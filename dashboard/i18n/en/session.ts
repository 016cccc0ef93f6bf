/** Signing in. */
export const session = {
  title: 'Sign in to Order Streams',
  ended: 'Your session has ended. Sign in to continue where you were.',
  email: 'E-mail',
  password: 'Password',
  signIn: 'Sign in',
  signingIn: 'Signing in…',
  demo: 'Demo accounts',
  fill: 'Fill in',
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
  about:
    'A shop that takes PayPay, and the operators behind it: every order, payment and alert here is an event on Kafka.',
} as const;
