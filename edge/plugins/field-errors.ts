/**
 * What does not fit a route's schema, as the field and the rule in words: a caller is told what to
 * send, never a keyword of JSON schema or a regular expression.
 */
import type { FastifyError } from 'fastify';
import { RULE_WORDS } from '../contract/fields';
import { EdgeError } from '../errors';

/** As ajv gives it with `verbose`. */
type Misfit = NonNullable<FastifyError['validation']>[number] & {
  readonly parentSchema?: Readonly<Record<string, unknown>>;
};

export function fieldError(misfit: Misfit, context = 'body'): EdgeError {
  const { keyword, instancePath, params } = misfit;
  const parent = instancePath.split('/').slice(1);
  const path = (name: unknown) => [...parent, String(name)].join('.');
  switch (keyword) {
    case 'required':
      return missing(path(params['missingProperty']));
    case 'additionalProperties': {
      const field = path(params['additionalProperty']);
      const detail = `${quoted(field)} is not known here; leave it out.`;
      return new EdgeError('UNKNOWN_FIELD', { field, detail });
    }
    default: {
      const field = parent.length === 0 ? context : parent.join('.');
      const detail = `${quoted(field)} must be ${ruleOf(misfit)}.`;
      return new EdgeError('INVALID_FIELD', { field, detail });
    }
  }
}

function missing(field: string): EdgeError {
  return new EdgeError('MISSING_FIELD', { field, detail: `${quoted(field)} is missing.` });
}

/** A name that a caller chose may be of any length. */
const FIELD_CHARACTERS_MAX = 100;

function quoted(field: string): string {
  return field.slice(0, FIELD_CHARACTERS_MAX);
}

const TYPES: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
};

function wordsOf(schema: Readonly<Record<string, unknown>>): string {
  const words = schema[RULE_WORDS];
  return typeof words === 'string' ? words : 'of another form';
}

/** Finishes "The field must be …". */
function ruleOf({ keyword, params, parentSchema = {} }: Misfit): string {
  const limit = String(params['limit']);
  switch (keyword) {
    case 'type':
      return [params['type']]
        .flat()
        .map((type) => TYPES[String(type)])
        .join(' or ');
    case 'minimum':
      return `at least ${limit}`;
    case 'maximum':
      return `at most ${limit}`;
    case 'minLength':
      return `at least ${limit} characters long`;
    case 'maxLength':
      return `at most ${limit} characters long`;
    case 'minItems':
      return `a list of at least ${limit}`;
    case 'maxItems':
      return `a list of at most ${limit}`;
    case 'enum':
      return `one of ${(params['allowedValues'] as readonly unknown[]).join(', ')}`;
    case 'pattern':
      return wordsOf(parentSchema);
    default:
      return 'as the description of the API says (/docs)';
  }
}
