/** The control API as the page calls it. A refusal becomes an Error with the API's own words. */
export async function call(method, path, body) {
  const response = await fetch(`/simulator${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  if (!response.ok) {
    throw new Error(answer.field ? `${answer.field}: ${answer.message}` : answer.message);
  }
  return answer;
}

/** All that the page shows, read at once. */
export async function readBoard(prefix) {
  const query = new URLSearchParams({ limit: '200', ...(prefix === '' ? {} : { prefix }) });
  const [state, { payments }, { webhooks }] = await Promise.all([
    call('GET', '/state'),
    call('GET', `/payments?${query}`),
    call('GET', '/webhooks?limit=100'),
  ]);
  return { state, payments, webhooks };
}
