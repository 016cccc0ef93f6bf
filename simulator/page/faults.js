import { byId, element } from './element.js';
import { text } from './language.js';

/** The mix of faults that new orders get, and the load that makes new orders. */
export function showFaults({ faultMix, faultsByKind }) {
  const list = byId('fault-list');
  if (list.childElementCount === 0) {
    list.append(...Object.entries(faultsByKind).map(([kind, faults]) => kindOf(kind, faults)));
  }
  byId('faults-now').textContent = text('now', { what: sourceInWords(faultMix) });
}

/** Only what is ticked may be drawn; nothing ticked: every order is paid without a fault. */
export function drawOf(form) {
  return { seed: Number(form.elements.seed.value), among: tickedIn(form) };
}

/** A load needs shoppers who sign in, whom only the command has. */
export function loadCommand(load, faults) {
  const { rate, seconds } = load.elements;
  const among = tickedIn(faults);
  const every = faults.querySelectorAll('input[name="fault"]').length;
  const only = among.length === every ? '' : ` --among ${among.join(',') || 'none'}`;
  return `npm run simulate:paypay -- load --rate ${rate.value} --for ${seconds.value}s --seed ${faults.elements.seed.value}${only}`;
}

/** How an order's play goes, beside its payment. */
export function playInWords({ faults, phase }) {
  const mix = faults.length === 0 ? text('noFaults') : faults.join(' + ');
  return phase.kind === 'broken' ? `${mix}: ${phase.message}` : `${mix} (${phase.kind})`;
}

function kindOf(kind, faults) {
  return element(
    'span',
    { class: 'kind' },
    element('span', { class: 'kind-name' }, kind),
    ...faults.map((fault) =>
      element(
        'label',
        {},
        element('input', { type: 'checkbox', name: 'fault', value: fault, checked: '' }),
        ` ${fault}`,
      ),
    ),
  );
}

function tickedIn(form) {
  return [...form.querySelectorAll('input[name="fault"]:checked')].map(({ value }) => value);
}

function sourceInWords(source) {
  if (source.kind === 'off') return text('mixOff');
  const { among, seed } = source;
  return text(among.length === 0 ? 'mixNone' : 'mixAmong', { n: among.length, seed });
}
