import { byId, clockTime, element, yen } from './element.js';
import { text } from './language.js';

/** What was sent and how it was answered. */
export function showWebhooks(webhooks, chosen, resend) {
  const shown = webhooks.filter(
    ({ merchantPaymentId }) => chosen === undefined || merchantPaymentId === chosen,
  );
  byId('webhooks-title').textContent =
    chosen === undefined ? text('webhooks') : text('webhooksOf', { payment: chosen });
  byId('webhooks').replaceChildren(...shown.map((webhook) => row(webhook, resend)));
  const empty = byId('webhooks-empty');
  empty.hidden = shown.length > 0;
  empty.textContent = text('nothingSent');
}

function row(webhook, resend) {
  const { webhookId, createdAt, merchantPaymentId, body, origin, phase, attempts } = webhook;
  return element(
    'tr',
    {},
    element('td', {}, clockTime(createdAt)),
    element('td', { class: 'id' }, merchantPaymentId),
    element('td', {}, stateOf(body)),
    element('td', { class: 'number' }, yen(body?.order_amount)),
    element(
      'td',
      {},
      element('span', { class: `badge ${phase}` }, phase),
      origin === 'payment' ? '' : ` ${origin}`,
    ),
    element('td', {}, attempts.map(answerOf).join(', ')),
    element(
      'td',
      {},
      element('button', { type: 'button', onclick: () => resend(webhookId) }, text('sendAgain')),
    ),
  );
}

function stateOf(body) {
  return typeof body?.state === 'string' ? body.state : text('noState');
}

function answerOf({ sentAt, answeredAt, result }) {
  switch (result.kind) {
    case 'answered':
      return text('answered', { status: result.status, ms: answeredAt - sentAt });
    case 'timeout':
      return text('timedOut');
    default:
      return result.message;
  }
}
