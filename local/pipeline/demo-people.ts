/** Who is there in a local shop: the accounts that the sign-in page offers, and their password. */

export interface Person {
  readonly email: string;
  readonly password: string;
  readonly role: 'shopper' | 'ops';
}

export const DEMO_PASSWORD = 'demo-password';

export const operator: Person = { email: 'ops@example.com', password: DEMO_PASSWORD, role: 'ops' };
export const shopper: Person = {
  email: 'shopper@example.com',
  password: DEMO_PASSWORD,
  role: 'shopper',
};
