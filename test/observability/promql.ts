/** What a PromQL expression names: read off its syntax tree, so that no word is taken for another. */
import type { SyntaxNodeRef } from '@lezer/common';
import type { LRParser } from '@lezer/lr';

// Its types are those of the ES module alone; what jest loads is its CommonJS.
const { parser } = jest.requireActual<{ parser: LRParser }>('@prometheus-io/lezer-promql');

export interface NamedInExpression {
  readonly metrics: readonly string[];
  /** Labels that are matched or grouped by. */
  readonly labels: readonly string[];
}

/** Throws where the expression is no PromQL. */
export function namedIn(expression: string): NamedInExpression {
  const metrics = new Set<string>();
  const labels = new Set<string>();
  const textOf = ({ from, to }: SyntaxNodeRef) => expression.slice(from, to);
  parser.parse(expression).iterate({
    enter: (node) => {
      if (node.type.isError) throw new Error(`no PromQL at ${String(node.from)}: ${expression}`);
      if (node.name === 'Identifier') metrics.add(textOf(node));
      if (node.name === 'LabelName') labels.add(textOf(node));
    },
  });
  return { metrics: [...metrics], labels: [...labels] };
}
