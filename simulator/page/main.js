import { call, readBoard } from './api.js';
import { outageOf, planOf, settingsOf, showBehaviour } from './behaviour.js';
import { byId } from './element.js';
import { drawOf, loadCommand, showFaults } from './faults.js';
import { offerLanguages, sayPage, text } from './language.js';
import { showPayment, showPayments } from './payments.js';
import { showWebhooks } from './webhooks.js';

/**
 * The page follows the simulator: each change there reads the board anew. Changes that come while
 * it is being read are one more read, not one each.
 */
let board;
let chosen;
let reading = false;
let readAgain = false;

async function refresh() {
  if (reading) {
    readAgain = true;
    return;
  }
  reading = true;
  try {
    do {
      readAgain = false;
      board = await readBoard(byId('search').value.trim());
      show();
    } while (readAgain);
  } catch (error) {
    notify(text('unreadable', { why: error.message }));
  } finally {
    reading = false;
  }
}

function show() {
  const payment = board.payments.find(({ merchantPaymentId }) => merchantPaymentId === chosen);
  showPayments(board.payments, chosen, byId('search').value.trim(), choose);
  showPayment(payment);
  showWebhooks(board.webhooks, payment?.merchantPaymentId, (webhookId) =>
    attempt(() => call('POST', `/webhooks/${webhookId}/resend`, {})),
  );
  showBehaviour(board.state);
  showFaults(board.state);
  showLoad();
}

function showLoad() {
  byId('load-command').textContent = loadCommand(byId('load'), byId('faults'));
}

function choose(merchantPaymentId) {
  chosen = chosen === merchantPaymentId ? undefined : merchantPaymentId;
  show();
}

/** Does what a button asks; a refusal is shown, and stays until something succeeds. */
async function attempt(request, succeeded = () => undefined) {
  try {
    await request();
    notify('');
    succeeded();
  } catch (error) {
    notify(error.message);
  }
  await refresh();
}

function notify(message) {
  const notice = byId('notice');
  notice.textContent = message;
  notice.hidden = message === '';
}

function onSubmit(id, request) {
  byId(id).addEventListener('submit', (event) => {
    event.preventDefault();
    const form = event.target;
    // A fault left standing in the form would meet the next payment unasked.
    void attempt(
      () => request(form, event.submitter?.value),
      () => form.reset(),
    );
  });
}

sayPage('title');
offerLanguages(byId('language'), () => {
  sayPage('title');
  sayConnection();
  if (board !== undefined) show();
});

onSubmit('act', (form, button) => {
  const webhook = planOf(form);
  if (button === 'forge') {
    const state = form.elements.state.value;
    return call('POST', '/webhooks', { merchantPaymentId: chosen, state, webhook });
  }
  const [action, to] = button.split(':');
  const body =
    action === 'refund' ? { action } : { action, webhook, ...(to === undefined ? {} : { to }) };
  return call('POST', `/payments/${encodeURIComponent(chosen)}/actions`, body);
});
onSubmit('outage', (form, button) =>
  button === 'repair' ? call('DELETE', '/outage') : call('PUT', '/outage', outageOf(form)),
);
onSubmit('plan', (form) => call('PUT', '/webhook-plan', planOf(form)));
onSubmit('settings', (form) => call('PATCH', '/settings', settingsOf(form)));
byId('faults').addEventListener('submit', (event) => {
  event.preventDefault();
  const isDraw = event.submitter?.value === 'draw';
  void attempt(() =>
    isDraw ? call('PUT', '/fault-mix', drawOf(event.target)) : call('DELETE', '/fault-mix'),
  );
});
byId('faults').addEventListener('input', showLoad);
byId('load').addEventListener('input', showLoad);
byId('load').addEventListener('submit', (event) => {
  event.preventDefault();
  void attempt(() => navigator.clipboard.writeText(byId('load-command').textContent));
});
byId('search').addEventListener('input', () => void refresh());

let isConnected;

function showConnection(isConnectedNow) {
  isConnected = isConnectedNow;
  sayConnection();
}

function sayConnection() {
  if (isConnected === undefined) return;
  const badge = byId('connection');
  badge.textContent = text(isConnected ? 'connected' : 'disconnected');
  badge.className = isConnected ? 'badge delivered' : 'badge failed';
  byId('board').classList.toggle('stale', !isConnected);
}

const events = new EventSource('/simulator/events');
events.addEventListener('open', () => showConnection(true));
events.addEventListener('error', () => showConnection(false));
events.addEventListener('message', () => void refresh());

/** Codes expire, and outages end, without an event. */
const TICK_MS = 5_000;
setInterval(() => void (events.readyState === EventSource.OPEN && refresh()), TICK_MS);
