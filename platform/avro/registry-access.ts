/**
 * How a registry lets its clients in: by name and password, which stand in its URL as
 * `https://NAME:PASSWORD@registry/…`, or by a bearer token. Requests and errors carry the URL without them.
 */
export interface RegistryAccess {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Throws where both are given: nobody could tell which counts. */
export function registryAccess(address: string, token = ''): RegistryAccess {
  const url = new URL(address);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  const base = { url: url.href.replace(/\/$/, '') };
  if (token !== '') {
    if (username !== '') throw new Error('the registry has a user in its URL, and a token as well');
    return { ...base, headers: { authorization: `Bearer ${token}` } };
  }
  if (username === '') return { ...base, headers: {} };
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const basic = Buffer.from(pair).toString('base64');
  return { ...base, headers: { authorization: `Basic ${basic}` } };
}
