import { byId, clockTime } from './element.js';
import { text } from './language.js';

/** What holds now, in words beside the forms that change it. */
export function showBehaviour({ settings, webhookPlan, outage }) {
  const api = byId('api');
  api.className = outage === null ? 'badge delivered' : 'badge failed';
  api.textContent =
    outage === null
      ? text('apiWorks')
      : text('apiBroken', { mode: outage.mode, until: clockTime(outage.until) });
  byId('webhook-url').textContent = settings.webhookUrl;
  byId('plan-now').textContent = text('now', { what: planInWords(webhookPlan) });
  const autoPay =
    settings.autoPay.kind === 'off'
      ? text('nobodyPays')
      : text('paidAfter', { s: settings.autoPay.delayMs / 1000 });
  byId('settings-now').textContent = text('settingsNow', {
    autoPay,
    lifetime: settings.codeLifetimeMs / 1000,
    refund: settings.refundDelayMs / 1000,
  });
}

/** The faults of a form; a field that is empty asks for nothing. */
export function planOf(form) {
  const { lose, hold, delay, copies, amount } = form.elements;
  return {
    ...(lose.checked ? { lose: true } : {}),
    ...(hold.checked ? { hold: true } : {}),
    ...(delay.value === '' ? {} : { delayMs: milliseconds(delay) }),
    ...(copies.value === '' ? {} : { copies: Number(copies.value) }),
    ...(amount === undefined || amount.value === '' ? {} : { amount: Number(amount.value) }),
  };
}

export function outageOf(form) {
  const { mode, seconds, delay, applied } = form.elements;
  return {
    mode: mode.value,
    durationMs: milliseconds(seconds),
    effect: applied.checked ? 'applied' : 'none',
    ...(delay.value === '' ? {} : { delayMs: milliseconds(delay) }),
  };
}

export function settingsOf(form) {
  const { autoPay, lifetime, refundDelay } = form.elements;
  return {
    ...(autoPay.value === '' ? {} : { autoPayAfterMs: milliseconds(autoPay) }),
    ...(lifetime.value === '' ? {} : { codeLifetimeMs: milliseconds(lifetime) }),
    ...(refundDelay.value === '' ? {} : { refundDelayMs: milliseconds(refundDelay) }),
  };
}

function milliseconds(input) {
  return Math.round(Number(input.value) * 1000);
}

function planInWords({ lose, hold, delayMs, copies, amount }) {
  const words = [
    lose ? text('planLost') : undefined,
    hold ? text('planHeld') : undefined,
    delayMs > 0 ? text('planLate', { s: delayMs / 1000 }) : undefined,
    copies > 1 ? text('planCopies', { n: copies }) : undefined,
    amount === undefined ? undefined : text('planAmount', { yen: amount }),
  ].filter((word) => word !== undefined);
  return words.length === 0 ? text('planAsIs') : words.join(', ');
}
