/**
 * The rules that judge the facts of an order. Rule F is not among them: it judges what came of an
 * operator's actions (rule-f.ts).
 */
import { ruleA } from './rule-a';
import { ruleB } from './rule-b';
import { ruleC } from './rule-c';
import { ruleD } from './rule-d';
import { ruleE } from './rule-e';
import type { Rule } from './signal';

/** C and E before A: what takes its place is written before A is resolved. */
export const RULES: readonly Rule[] = [ruleC, ruleD, ruleE, ruleB, ruleA];
