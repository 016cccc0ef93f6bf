import { byId, clockTime, element, yen } from './element.js';

/** What was sent and how it was answered. */
export function showWebhooks(webhooks, chosen, resend) {
  const shown = webhooks.filter(
    ({ merchantPaymentId }) => chosen === undefined || merchantPaymentId === chosen,
  );
  byId('webhooks-title').textContent = chosen === undefined ? 'Webhooks' : `Webhooks of ${chosen}`;
  byId('webhooks').replaceChildren(...shown.map((webhook) => row(webhook, resend)));
  const empty = byId('webhooks-empty');
  empty.hidden = shown.length > 0;
  empty.textContent = 'Nothing has been sent yet.';
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
      element('button', { type: 'button', onclick: () => resend(webhookId) }, 'Send again'),
    ),
  );
}

function stateOf(body) {
  return typeof body?.state === 'string' ? body.state : 'no state';
}

function answerOf({ sentAt, answeredAt, result }) {
  switch (result.kind) {
    case 'answered':
      return `${result.status} in ${answeredAt - sentAt} ms`;
    case 'timeout':
      return 'no response in 2 s';
    default:
      return result.message;
  }
}
