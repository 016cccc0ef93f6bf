/**
 * Against forged requests of other sites' pages: a browser says where a request comes from in
 * Origin, or at least in Sec-Fetch-Site. A caller that sends neither is no browser and carries no
 * victim's cookie.
 */
export interface RequestSource {
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
  /** Host and port that the request was sent to. */
  readonly host: string;
}

/** `allowed`: origins besides the edge's own. */
export function isSameOrigin(source: RequestSource, allowed: readonly string[]): boolean {
  const { origin, fetchSite, host } = source;
  if (origin !== undefined) return allowed.includes(origin) || hostOf(origin) === host;
  return fetchSite === undefined || fetchSite === 'same-origin' || fetchSite === 'none';
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
