import { byId, clockTime, yen } from './element.js';
import { offerLanguages, sayPage, text } from './language.js';

/** A shopper's view of one code, at /pay/<code>. */
const path = location.pathname.replace(/\/$/, '');

/** Those of which something is to be said; else the code has expired. */
const SAID = ['AUTHORIZED', 'COMPLETED', 'REFUNDED', 'FAILED', 'CANCELED'];

let shown;

function show(code) {
  shown = code;
  byId('description').textContent = code.description;
  byId('amount').textContent = `¥${yen(code.amount)}`;
  byId('buttons').hidden = !code.payable;
  byId('word').textContent = code.payable
    ? text('until', { time: clockTime(code.expiresAt) })
    : text(SAID.includes(code.status) ? code.status : 'EXPIRED');
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
    notice.textContent = text('unreachable');
  }
  notice.hidden = notice.textContent === '';
  if (!notice.hidden && shown === undefined) byId('word').textContent = '';
}

sayPage('checkoutTitle');
byId('word').textContent = text('loading');
offerLanguages(byId('language'), () => {
  sayPage('checkoutTitle');
  if (shown !== undefined) show(shown);
});
byId('pay').addEventListener('click', () => void ask('POST', `${path}/pay`));
byId('cancel').addEventListener('click', () => void ask('POST', `${path}/cancel`));
void ask('GET', `${path}/code`);
