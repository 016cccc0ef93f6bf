/** What an event of the edge says of the request behind it. */
export interface RequestMarks {
  /** Of who asked and their Idempotency-Key. */
  readonly requestKey: string;
  /** Of all that was asked. */
  readonly requestFingerprint: string;
}

/** Of a request without a key, and of one that was logged before requests were marked. */
export const UNMARKED: RequestMarks = { requestKey: '', requestFingerprint: '' };

type Fingerprinted = Pick<RequestMarks, 'requestFingerprint'>;

/** Whether two events of one eventId are one request, as far as they say. */
export function isSameRequest(first: Fingerprinted, second: Fingerprinted): boolean {
  const [a, b] = [first.requestFingerprint, second.requestFingerprint];
  return a === b || a === UNMARKED.requestFingerprint || b === UNMARKED.requestFingerprint;
}
