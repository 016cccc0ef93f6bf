import { crc32c } from '../../../../../streams/runtime/kafka/protocol/crc32c';

describe('crc32c', () => {
  it('gives the check value of the standard', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
  });

  it('takes a part of a buffer, of any length', () => {
    const bytes = Buffer.from('....The quick brown fox....');
    for (let end = 4; end < bytes.length; end++) {
      expect(crc32c(bytes, 4, end)).toBe(crc32c(Buffer.from(bytes.subarray(4, end))));
    }
  });

  it('gives the vectors of RFC 3720 for 32 bytes', () => {
    expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa);
    expect(crc32c(Buffer.alloc(32, 0xff))).toBe(0x62a8ab43);
    expect(crc32c(Buffer.from(Array.from({ length: 32 }, (_, index) => index)))).toBe(0x46dd794e);
  });
});
