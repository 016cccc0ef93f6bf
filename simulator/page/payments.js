import { byId, clockTime, element, yen } from './element.js';

/** The list of payments, and the one that was chosen. */
export function showPayments(payments, chosen, prefix, choose) {
  byId('payments').replaceChildren(...payments.map((payment) => row(payment, chosen, choose)));
  const empty = byId('payments-empty');
  empty.hidden = payments.length > 0;
  empty.textContent =
    prefix === ''
      ? 'No codes yet. Place an order in the shop: its code appears here by itself.'
      : `No payment begins with “${prefix}”.`;
}

export function showPayment(payment) {
  byId('payment-empty').hidden = payment !== undefined;
  byId('payment-detail').hidden = payment === undefined;
  if (payment === undefined) return;
  byId('payment-facts').replaceChildren(
    ...fact('Payment', payment.merchantPaymentId),
    ...fact('Status', statusBadge(payment)),
    ...fact('Amount', `${yen(payment.amount)} yen`),
    ...fact('For', payment.description),
    ...fact('PayPay id', payment.paymentId),
    ...fact(
      'Code',
      payment.code === 'deleted'
        ? 'deleted'
        : element(
            'a',
            { href: `/pay/${payment.codeId}`, target: '_blank', rel: 'noopener' },
            'open as the shopper',
          ),
    ),
    ...fact(payment.lapsed ? 'Expired' : 'Expires', clockTime(payment.expiresAt)),
  );
  for (const button of byId('actions').querySelectorAll('button')) {
    button.disabled = !payment.actions.includes(button.value.split(':')[0]);
  }
  byId('payment-history').replaceChildren(
    ...payment.history.map(({ at, move, status }) =>
      element('li', {}, `${clockTime(at)} ${move} → ${status}`),
    ),
  );
}

function row(payment, chosen, choose) {
  const { merchantPaymentId, amount, deliveries } = payment;
  return element(
    'tr',
    { 'aria-selected': merchantPaymentId === chosen ? 'true' : 'false' },
    element(
      'td',
      {},
      element(
        'button',
        { type: 'button', class: 'link', onclick: () => choose(merchantPaymentId) },
        merchantPaymentId,
      ),
      element('small', {}, `${clockTime(payment.createdAt)} ${payment.description}`),
    ),
    element('td', { class: 'number' }, yen(amount)),
    element('td', {}, statusBadge(payment)),
    element('td', { class: 'number' }, `${deliveries.accepted} / ${deliveries.sent}`),
  );
}

function statusBadge({ status, lapsed, code }) {
  const remark =
    status !== 'CREATED' ? '' : code === 'deleted' ? ', deleted' : lapsed ? ', expired' : '';
  return element('span', { class: `badge ${status.toLowerCase()}` }, `${status}${remark}`);
}

function fact(name, value) {
  return [element('dt', {}, name), element('dd', {}, value)];
}
