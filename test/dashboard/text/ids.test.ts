import { isId } from '../../../dashboard/text/ids';

test.each([
  ['0a8fca11-3a57-5bd6-9c7f-6f2f3f0b7a01', true],
  ['0a8fca11', false],
  ['0A8FCA11-3A57-5BD6-9C7F-6F2F3F0B7A01', false],
  ['../alerts', false],
  ['', false],
])('%j could be an id: %s', (text, expected) => {
  expect(isId(text)).toBe(expected);
});
