import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileJournal, JournalDamagedError } from '../../simulator/journal';
import { newPayment, type Payment } from '../../simulator/payment';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
  file = join(folder, 'payments.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

function payment(merchantPaymentId: string, status: Payment['status'] = 'CREATED'): Payment {
  const fresh = newPayment({
    merchantPaymentId,
    paymentId: `04${merchantPaymentId}`,
    codeId: `04-${merchantPaymentId}`,
    amount: 100,
    description: '',
    isAuthorization: false,
    createdAt: 1,
    expiresAt: 2,
  });
  return { ...fresh, status };
}

describe('the journal of payments', () => {
  test('gives back after a restart how each payment last stood', () => {
    const before = fileJournal(folder);
    before.append(payment('a'));
    before.append(payment('b'));
    before.append(payment('a', 'COMPLETED'));
    before.close();
    expect(fileJournal(folder).restored).toEqual([payment('a', 'COMPLETED'), payment('b')]);
  });

  test('has each payment on disk before the call returns', () => {
    const journal = fileJournal(folder);
    journal.append(payment('a'));
    expect(readFileSync(file, 'utf8')).toContain('"merchantPaymentId":"a"');
    journal.close();
  });

  test('cuts off the half line that a kill left behind', () => {
    const before = fileJournal(folder);
    before.append(payment('a'));
    before.close();
    appendFileSync(file, '{"merchantPaymentId":"b","pay');
    const after = fileJournal(folder);
    after.append(payment('c'));
    after.close();
    const ids = fileJournal(folder).restored.map(({ merchantPaymentId }) => merchantPaymentId);
    expect(ids).toEqual(['a', 'c']);
  });

  test('is one line per payment after a start, however many changes it holds', () => {
    const before = fileJournal(folder);
    for (let change = 0; change < 10; change += 1) before.append(payment('a'));
    before.close();
    fileJournal(folder).close();
    expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(1);
  });

  test('refuses to start on a damaged line and names it', () => {
    writeFileSync(file, `${JSON.stringify(payment('a'))}\nnot json\n`);
    expect(() => fileJournal(folder)).toThrow(JournalDamagedError);
    expect(() => fileJournal(folder)).toThrow(/line 2/);
  });
});
