import { byId, clockTime } from './element.js';

/** What holds now, in words beside the forms that change it. */
export function showBehaviour({ settings, webhookPlan, outage }) {
  const api = byId('api');
  api.className = outage === null ? 'badge delivered' : 'badge failed';
  api.textContent =
    outage === null ? 'API works' : `API broken: ${outage.mode} until ${clockTime(outage.until)}`;
  byId('webhook-url').textContent = settings.webhookUrl;
  byId('plan-now').textContent = `Now: ${planInWords(webhookPlan)}.`;
  const autoPay =
    settings.autoPay.kind === 'off'
      ? 'nobody pays by itself'
      : `codes are paid after ${settings.autoPay.delayMs / 1000} s`;
  byId('settings-now').textContent =
    `Now: ${autoPay}; codes live ${settings.codeLifetimeMs / 1000} s; ` +
    `refunds take ${settings.refundDelayMs / 1000} s.`;
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
    lose ? 'lost' : undefined,
    hold ? 'held until the next was sent' : undefined,
    delayMs > 0 ? `${delayMs / 1000} s late` : undefined,
    copies > 1 ? `${copies} copies` : undefined,
    amount === undefined ? undefined : `${amount} yen instead of the amount`,
  ].filter((word) => word !== undefined);
  return words.length === 0 ? 'sent as they should be' : words.join(', ');
}
