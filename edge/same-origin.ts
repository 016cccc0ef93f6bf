/**
 * Against forged requests of other sites' pages: a browser says where a request comes from in
 * Origin, or at least in Sec-Fetch-Site. A caller that sends neither is no browser and carries no
 * victim's cookie.
 */
import type { IncomingHttpHeaders } from 'node:http';

export interface RequestSource {
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
  /** Scheme, host and port that the request was sent to. */
  readonly target: string;
}

/** Which pages may change state. */
export interface OriginPolicy {
  /** Origins besides the edge's own. */
  readonly origins: readonly string[];
  /** Proxies in front of the edge, which say by what scheme and name they were asked. */
  readonly proxyDepth: number;
}

/** The edge itself speaks plain HTTP; only a proxy that is known to be there is believed. */
export function sourceOf(headers: IncomingHttpHeaders, proxyDepth: number): RequestSource {
  const forwarded = (name: string) => (proxyDepth > 0 ? lastOf(headers[name]) : undefined);
  const scheme = forwarded('x-forwarded-proto') ?? 'http';
  const host = forwarded('x-forwarded-host') ?? headers.host ?? '';
  return {
    origin: headers.origin,
    fetchSite: lastOf(headers['sec-fetch-site']),
    target: `${scheme}://${host}`,
  };
}

export function isSameOrigin(source: RequestSource, allowed: readonly string[]): boolean {
  const { origin, fetchSite, target } = source;
  if (origin !== undefined) return allowed.includes(origin) || origin === originOf(target);
  return fetchSite === undefined || fetchSite === 'same-origin' || fetchSite === 'none';
}

/** As browsers write it: in lower case, without the scheme's own port. */
function originOf(target: string): string | undefined {
  return URL.canParse(target) ? new URL(target).origin : undefined;
}

/** What the nearest proxy wrote; those before it may have been sent by anybody. */
function lastOf(value: string | string[] | undefined): string | undefined {
  return [value].flat().at(-1)?.split(',').at(-1)?.trim();
}
