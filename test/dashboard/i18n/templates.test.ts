import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { NodeTypes, parse, type TemplateChildNode } from '@vue/compiler-dom';

const folder = path.join(__dirname, '../../../dashboard');

/** Attributes that a person reads or hears. */
const SPOKEN = new Set(['alt', 'aria-label', 'label', 'placeholder', 'title', 'verb', 'what']);
/** Letters of keys, which are the same in every language. */
const UNSPOKEN_ELEMENTS = new Set(['kbd', 'style', 'script']);

const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.vue'),
);

/** Words that stand in a template themselves: in text, in a spoken attribute, or quoted in `{{ }}`. */
function wordsIn(nodes: readonly TemplateChildNode[], found: string[] = []): readonly string[] {
  for (const node of nodes) {
    if (node.type === NodeTypes.TEXT && /\p{L}{2,}/u.test(node.content))
      found.push(node.content.trim());
    if (
      node.type === NodeTypes.INTERPOLATION &&
      'content' in node.content &&
      typeof node.content.content === 'string'
    ) {
      const quoted = /'[^'`]*\p{L}+ \p{L}+[^'`]*'/u.exec(node.content.content);
      if (quoted !== null) found.push(quoted[0]);
    }
    if (node.type !== NodeTypes.ELEMENT || UNSPOKEN_ELEMENTS.has(node.tag)) continue;
    for (const prop of node.props) {
      if (
        prop.type === NodeTypes.ATTRIBUTE &&
        SPOKEN.has(prop.name) &&
        (prop.value?.content ?? '') !== ''
      ) {
        found.push(`${prop.name}=${prop.value?.content ?? ''}`);
      }
    }
    wordsIn(node.children, found);
  }
  return found;
}

test.each(files)('no words stand in the template of %s', (file) => {
  const source = readFileSync(path.join(folder, file), 'utf8');
  expect(wordsIn(parse(source).children)).toEqual([]);
});

test('words in a template would be found', () => {
  const source = `<template><p title="Say it">Say {{ late ? 'so late' : '' }}</p></template>`;
  expect(wordsIn(parse(source).children)).toEqual(['title=Say it', 'Say', "'so late'"]);
});
