/** Alerts as CSV (RFC 4180), for a spreadsheet or a ticket. Times are UTC, money whole units. Pure. */
import type { AlertView } from '../../edge/contract/api-types';

type Cell = string | number | null;

const COLUMNS: readonly (readonly [name: string, cell: (alert: AlertView) => Cell])[] = [
  ['alert_id', ({ alertId }) => alertId],
  ['rule', ({ rule }) => rule],
  ['severity', ({ severity }) => severity],
  ['status', ({ status }) => status],
  ['order_id', ({ orderId }) => orderId],
  ['detected_at', ({ detectedAt }) => instantText(detectedAt)],
  ['money_at_risk', ({ moneyAtRisk }) => moneyAtRisk],
  ['currency', ({ currency }) => currency],
  ['expected', ({ expected }) => expected],
  ['observed', ({ observed }) => observed],
  ['times_triggered', ({ count }) => count],
  ['owner', ({ owner }) => owner],
  ['acknowledged_at', ({ acknowledgedAt }) => instantText(acknowledgedAt)],
  ['resolved_at', ({ resolvedAt }) => instantText(resolvedAt)],
  ['resolved_by', ({ resolvedBy }) => resolvedBy],
  ['resolution', ({ resolution }) => resolution],
  ['last_action', ({ action }) => action],
  ['last_action_status', ({ actionStatus }) => actionStatus],
  ['last_action_detail', ({ actionDetail }) => actionDetail],
];

export function csvOf(alerts: readonly AlertView[]): string {
  const head = COLUMNS.map(([name]) => name);
  const rows = alerts.map((alert) => COLUMNS.map(([, cell]) => cellText(cell(alert))));
  return [head, ...rows].map((cells) => `${cells.join(',')}\r\n`).join('');
}

/** A text that begins like a formula would be one to a spreadsheet, and others write these texts. */
function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function instantText(instant: number | null): Cell {
  return instant === null ? null : new Date(instant).toISOString();
}
