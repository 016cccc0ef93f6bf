/** DOM by hand: text is always text, whatever a shop writes into a description. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) made.setAttribute(key, value);
  }
  made.append(...children.map((child) => child ?? ''));
  return made;
}

export function byId(id) {
  return document.getElementById(id);
}

/** With its zone: whoever reads along may sit in another. */
export function clockTime(at) {
  return new Date(at).toLocaleTimeString('en-GB', { timeZoneName: 'short' });
}

export function yen(amount) {
  return typeof amount === 'number' ? amount.toLocaleString('en') : '';
}
