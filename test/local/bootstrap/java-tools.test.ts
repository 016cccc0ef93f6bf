import { javaMajor } from '../../../local/bootstrap/java-tools.cjs';

test.each([
  ['openjdk version "17.0.15" 2025-04-15', 17],
  ['java version "1.8.0_391"', 8],
  ['openjdk version "21" 2023-09-19', 21],
  ['openjdk version "25-ea" 2025-09-16', 25],
])('%s is Java %i', (output, major) => {
  expect(javaMajor(output)).toBe(major);
});

test('words that name no version are not taken for one', () => {
  expect(javaMajor('The operation could not be completed. Unable to locate a Java Runtime.')).toBe(
    undefined,
  );
});
