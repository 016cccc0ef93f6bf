import { byId, clockTime, yen } from './element.js';

/** A shopper's view of one code, at /pay/<code>. */
const path = location.pathname.replace(/\/$/, '');

const WORDS = {
  AUTHORIZED: 'The amount is authorized.',
  COMPLETED: 'Paid. Thank you.',
  REFUNDED: 'The payment was refunded.',
  FAILED: 'The payment failed. Nothing was taken.',
  EXPIRED: 'This code has expired.',
  CANCELED: 'The payment was cancelled.',
};

function show(code) {
  byId('description').textContent = code.description;
  byId('amount').textContent = `¥${yen(code.amount)}`;
  byId('buttons').hidden = !code.payable;
  byId('word').textContent = code.payable
    ? `Until ${clockTime(code.expiresAt)}`
    : (WORDS[code.status] ?? 'This code has expired.');
  const back = byId('back');
  back.hidden = code.redirectUrl === null;
  if (code.redirectUrl !== null) back.href = code.redirectUrl;
}

async function ask(method, url) {
  const notice = byId('notice');
  try {
    const response = await fetch(url, { method });
    const answer = await response.json();
    if (response.ok) show(answer);
    notice.textContent = response.ok ? '' : answer.message;
  } catch {
    notice.textContent = 'PayPay cannot be reached. Try again.';
  }
  notice.hidden = notice.textContent === '';
  if (!notice.hidden && byId('word').textContent === 'Loading…') byId('word').textContent = '';
}

byId('pay').addEventListener('click', () => void ask('POST', `${path}/pay`));
byId('cancel').addEventListener('click', () => void ask('POST', `${path}/cancel`));
void ask('GET', `${path}/code`);
