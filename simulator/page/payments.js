import { byId, clockTime, element, yen } from './element.js';
import { playInWords } from './faults.js';
import { text } from './language.js';

/** The list of payments, and the one that was chosen. */
export function showPayments(payments, chosen, prefix, choose) {
  byId('payments').replaceChildren(...payments.map((payment) => row(payment, chosen, choose)));
  const empty = byId('payments-empty');
  empty.hidden = payments.length > 0;
  empty.textContent = prefix === '' ? text('noPayments') : text('noPaymentsOf', { prefix });
}

export function showPayment(payment) {
  byId('payment-empty').hidden = payment !== undefined;
  byId('payment-detail').hidden = payment === undefined;
  if (payment === undefined) return;
  byId('payment-facts').replaceChildren(
    ...fact(text('payment'), payment.merchantPaymentId),
    ...fact(text('status'), statusBadge(payment)),
    ...fact(text('amount'), `¥${yen(payment.amount)}`),
    ...fact(text('forWhat'), payment.description),
    ...fact(text('paypayId'), payment.paymentId),
    ...fact(
      text('code'),
      payment.code === 'deleted'
        ? text('deleted')
        : element(
            'a',
            { href: `/pay/${payment.codeId}`, target: '_blank', rel: 'noopener' },
            text('openAsShopper'),
          ),
    ),
    ...fact(text(payment.lapsed ? 'expired' : 'expires'), clockTime(payment.expiresAt)),
    ...fact(text('webhooks'), deliveriesInWords(payment)),
    ...(payment.play === null ? [] : fact(text('faults'), playInWords(payment.play))),
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
  const { merchantPaymentId, amount, play } = payment;
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
      play === null ? '' : element('small', {}, playInWords(play)),
    ),
    element('td', { class: 'number' }, yen(amount)),
    element('td', {}, statusBadge(payment)),
    element('td', { title: deliveriesInWords(payment), class: 'number' }, deliveriesOf(payment)),
  );
}

/** Payments outlive a restart, the list of what was sent does not: a nought would be untrue. */
function deliveriesOf({ deliveries: { accepted, sent }, isOlderThanLog }) {
  if (sent === 0) return isOlderThanLog ? '?' : '–';
  return `${accepted} / ${sent}`;
}

function deliveriesInWords({ deliveries: { accepted, sent }, isOlderThanLog }) {
  if (sent === 0) return text(isOlderThanLog ? 'noneKnown' : 'noneSent');
  return text(isOlderThanLog ? 'of2xxSince' : 'of2xx', { accepted, sent });
}

function statusBadge({ status, lapsed, code }) {
  const remark =
    status !== 'CREATED' ? '' : code === 'deleted' ? 'deleted' : lapsed ? 'expired' : '';
  const words = remark === '' ? status : `${status}, ${text(remark)}`;
  return element('span', { class: `badge ${status.toLowerCase()}` }, words);
}

function fact(name, value) {
  return [element('dt', {}, name), element('dd', {}, value)];
}
