/**
 * Where accounts keeps what. A userId may hold any character, so it is encoded: no user can pass
 * for another one's hold.
 */
export function accountKey(userId: string): string {
  return encodeURIComponent(userId);
}

/** Apart from the account, so that the hot value stays small. */
export function holdKey(userId: string, orderId: string): string {
  return `${accountKey(userId)}/${orderId}`;
}

export function limitChangeKey(userId: string, eventId: string): string {
  return `${accountKey(userId)}/limit/${eventId}`;
}
