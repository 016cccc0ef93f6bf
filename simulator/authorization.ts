import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/**
 * PayPay's request signature, checked from its specification and not with the SDK that makes it:
 *
 *     Authorization: hmac OPA-Auth:<key>:<mac>:<nonce>:<epoch>:<hash>
 *     hash = base64(md5(content type + body)), or "empty" without a body
 *     mac  = base64(hmac-sha256(secret, path \n method \n nonce \n epoch \n content type \n hash))
 *
 * The path is without its query; without a body the content type is "empty" as well.
 */
export interface Credentials {
  readonly apiKey: string;
  readonly apiSecret: string;
}

export interface SignedRequest {
  readonly header: string | undefined;
  readonly method: string;
  readonly path: string;
  readonly contentType: string | undefined;
  readonly body: Buffer;
}

export type Verdict =
  { readonly kind: 'authentic' } | { readonly kind: 'refused'; readonly why: string };

/** PayPay refuses a request signed longer ago, or further ahead, than two minutes. */
const EPOCH_WINDOW_S = 120;
const SCHEME = 'hmac OPA-Auth:';

export function verifyAuthorization(
  request: SignedRequest,
  credentials: Credentials,
  now: number,
): Verdict {
  const { header } = request;
  if (header?.startsWith(SCHEME) !== true) return refused('no OPA-Auth header');
  const parts = header.slice(SCHEME.length).split(':');
  const [key, mac, nonce, epoch, hash] = parts;
  if (parts.length !== 5 || !key || !mac || !nonce || !epoch || !hash) {
    return refused('the header does not have five parts');
  }
  if (key !== credentials.apiKey) return refused('unknown key');
  if (!/^\d{1,12}$/.test(epoch)) return refused('the epoch is not a number of seconds');
  if (Math.abs(now / 1000 - Number(epoch)) > EPOCH_WINDOW_S) {
    return refused('the epoch is more than two minutes off');
  }
  const contentType = request.body.length === 0 ? 'empty' : (request.contentType ?? '');
  const expectedHash = request.body.length === 0 ? 'empty' : bodyHash(contentType, request.body);
  if (hash !== expectedHash) return refused('the hash is not of this body');
  const signed = [request.path, request.method, nonce, epoch, contentType, hash].join('\n');
  const expected = createHmac('sha256', credentials.apiSecret).update(signed).digest();
  const given = Buffer.from(mac, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected)
    ? { kind: 'authentic' }
    : refused('the mac does not match');
}

function bodyHash(contentType: string, body: Buffer): string {
  return createHash('md5').update(contentType).update(body).digest('base64');
}

function refused(why: string): Verdict {
  return { kind: 'refused', why };
}
