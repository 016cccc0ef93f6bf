import type { SuggestionList } from '../../../edge/contract/api-types';
import type { Answer } from '../../../dashboard/api/answer';
import { Suggestions } from '../../../dashboard/shop/suggestions';

const suggestion = (text: string) => ({ sku: text, text, language: 'en' as const });

describe('the suggestions of the search field', () => {
  let asked: { readonly prefix: string; answer: (answer: Answer<SuggestionList>) => void }[];
  let suggestions: Suggestions;

  beforeEach(() => {
    jest.useFakeTimers();
    asked = [];
    suggestions = new Suggestions({
      suggestProducts: (prefix) =>
        new Promise((resolve) => asked.push({ prefix, answer: resolve })),
    });
  });
  afterEach(() => jest.useRealTimers());

  async function type(text: string): Promise<void> {
    suggestions.typed(text);
    await jest.runAllTimersAsync();
  }

  async function answer(at: number, ...texts: string[]): Promise<void> {
    const value = { suggestions: texts.map(suggestion) };
    asked[at]?.answer({ kind: 'ok', value });
    await jest.runAllTimersAsync();
  }

  test('are asked for once, when the typing pauses', async () => {
    suggestions.typed('m');
    suggestions.typed('ma');
    await type('mat');
    expect(asked.map(({ prefix }) => prefix)).toEqual(['mat']);
  });

  test('go down and up in a circle, through what was typed', async () => {
    await type('mat');
    await answer(0, 'Matcha', 'Matcha bowl');
    const walk = [1, 1, 1, 1, -1, -1] as const;
    const chosen = walk.map((step) => {
      suggestions.move(step);
      return suggestions.chosen()?.text;
    });
    expect(chosen).toEqual([
      'Matcha',
      'Matcha bowl',
      undefined,
      'Matcha',
      undefined,
      'Matcha bowl',
    ]);
  });

  test('to what is no longer in the field are not shown', async () => {
    await type('mat');
    await type('tea');
    await answer(1, 'Tea cup');
    await answer(0, 'Matcha');
    expect(suggestions.state.value).toMatchObject({ suggestions: [suggestion('Tea cup')] });
  });

  test('that come after the field was left or emptied stay closed', async () => {
    await type('mat');
    suggestions.close();
    await answer(0, 'Matcha');
    expect(suggestions.state.value).toEqual({ kind: 'closed' });
    await type('tea');
    await type('  ');
    await answer(1, 'Tea cup');
    expect(suggestions.state.value).toEqual({ kind: 'closed' });
  });

  test('tell nothing found from a server that does not answer', async () => {
    await type('umbrella');
    await answer(0);
    expect(suggestions.state.value).toEqual({ kind: 'none' });
    await type('mat');
    const failure = { kind: 'unreachable', message: 'The server does not answer.' } as const;
    asked[1]?.answer(failure);
    await jest.runAllTimersAsync();
    expect(suggestions.state.value).toEqual({ kind: 'failed', failure });
    suggestions.move(1);
    expect(suggestions.chosen()).toBeUndefined();
  });
});
