import { csvOf } from '../../../dashboard/alerts/alert-csv';
import { sampleAlert } from './sample-alert';

/** The cells of the only row, by the names of the columns; of rows without quotes. */
function rowOf(text: string): Record<string, string> {
  const [head = '', row = ''] = text.split('\r\n');
  const cells = row.split(',');
  return Object.fromEntries(head.split(',').map((name, n) => [name, cells[n] ?? '']));
}

test('a row has ids, UTC times and whole yen, and nothing where there is nothing', () => {
  const alert = sampleAlert({ observed: 'paid', expected: 'PAID', detectedAt: 1_000 });
  expect(rowOf(csvOf([alert]))).toMatchObject({
    alert_id: 'alert-1',
    detected_at: '1970-01-01T00:00:01.000Z',
    money_at_risk: '1200',
    currency: 'JPY',
    owner: '',
    resolved_at: '',
  });
});

test('commas, quotes and line ends stay in their cell', () => {
  const text = csvOf([sampleAlert({ observed: 'paid ¥1,200, "late"\nand more' })]);
  expect(text).toContain('"paid ¥1,200, ""late""\nand more"');
});

test.each(['=HYPERLINK("http://evil.example")', '+1', '-1', '@SUM(A1)'])(
  '%s is a text to a spreadsheet, and no formula',
  (owner) => {
    const escaped = owner.replaceAll('"', '""');
    expect(csvOf([sampleAlert({ owner })])).toMatch(new RegExp(`,"?'\\${escaped[0] ?? ''}`));
  },
);

test('no alerts are a head alone', () => {
  expect(csvOf([]).split('\r\n')).toHaveLength(2);
});
