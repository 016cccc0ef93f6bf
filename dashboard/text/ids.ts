const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether an order or an alert could have this id: the address may hold anything. */
export function isId(text: string): boolean {
  return UUID.test(text);
}
