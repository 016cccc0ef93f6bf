import {
  capture,
  hold,
  openAccount,
  release,
  setLimit,
  takeBack,
  type Account,
} from '../../../streams/accounts/account';
import { accountsDefaults } from '../../../streams/accounts/settings';

const SETTINGS = { ...accountsDefaults, defaultLimitAmount: 10_000 };

function amounts({ limit, available, held, used }: Account): readonly number[] {
  return [limit, available, held, used];
}

describe('the spending limit of a user', () => {
  test('funds move and none is lost', () => {
    const opened = openAccount('u', SETTINGS);
    const held = hold(opened, 3_000);
    const captured = capture(held, 2_000);
    const limited = setLimit(captured, 1_000);
    const released = release(limited, 1_000);
    const takenBack = takeBack(released, 2_000);
    expect([opened, held, captured, limited, released, takenBack].map(amounts)).toEqual([
      [10_000, 10_000, 0, 0],
      [10_000, 7_000, 3_000, 0],
      [10_000, 7_000, 1_000, 2_000],
      [1_000, -2_000, 1_000, 2_000],
      [1_000, -1_000, 0, 2_000],
      [1_000, 1_000, 0, 0],
    ]);
  });

  test('a move of more than there is throws', () => {
    const account = capture(hold(openAccount('u', SETTINGS), 3_000), 2_000);
    expect(() => release(account, 1_001)).toThrow('limit of u');
    expect(() => capture(account, 1_001)).toThrow('limit of u');
    expect(() => takeBack(account, 2_001)).toThrow('limit of u');
  });

  test('a limit that does not add up throws at its next move', () => {
    const broken = { ...openAccount('u', SETTINGS), held: 1 };
    expect(() => hold(broken, 1)).toThrow('10000 is not 9999 + 2 + 0');
  });
});
