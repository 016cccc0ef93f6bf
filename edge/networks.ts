/** Addresses and networks as settings write them: 10.1.2.3, 10.0.0.0/8, ::1. */
import { BlockList, isIPv6 } from 'node:net';

/** Throws on what is neither an address nor a network. */
export function networksOf(texts: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of texts) {
    const [address = '', bits] = text.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}
