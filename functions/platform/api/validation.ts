import type { Ajv2020, ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { InvalidInputError } from '../../../shared/errors.ts';
import type { Schema } from './call.ts';

type Kind = 'body' | 'parameters';

/**
 * Ajv is loaded and a schema compiled when a request first needs it: a cold start that only lists tickets
 * pays for one small schema, and /openapi.json for none.
 */
const compilers = new Map<Kind, Promise<Ajv2020>>();
const compiled = new Map<Schema, Promise<ValidateFunction>>();

async function makeCompiler(kind: Kind): Promise<Ajv2020> {
  const [{ Ajv2020: Compiler }, formats] = await Promise.all([
    import('ajv/dist/2020.js'),
    import('ajv-formats'),
  ]);
  const compiler = new Compiler({ useDefaults: true, coerceTypes: kind === 'parameters', strict: false });
  formats.default.default(compiler, ['uri', 'date-time']);
  return compiler;
}

function validatorOf(kind: Kind, schema: Schema): Promise<ValidateFunction> {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const compiler = compilers.get(kind) ?? makeCompiler(kind);
  compilers.set(kind, compiler);
  const validator = compiler.then((ajv) => ajv.compile(schema));
  compiled.set(schema, validator);
  return validator;
}

function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The field at fault itself: the missing one, the unexpected one, or the one with the wrong value. */
function pointerOf({ instancePath, params }: ErrorObject): string {
  const name = params.missingProperty ?? params.additionalProperty;
  return typeof name === 'string' ? `${instancePath}/${escapePointer(name)}` : instancePath;
}

function complaint(error: ErrorObject, pointer: string): string {
  if (error.keyword === 'additionalProperties') return `${pointer} is not expected here`;
  if (error.keyword === 'required') return `${pointer} is missing`;
  if (error.keyword === 'pattern') return `${pointer} must not be blank`;
  const allowed = error.keyword === 'enum' ? `: ${(error.params.allowedValues as unknown[]).join(', ')}` : '';
  return `${pointer === '' ? 'the body' : pointer} ${error.message ?? 'is not valid'}${allowed}`;
}

/**
 * Fills in defaults. `at` goes before every pointer: where `value` stands in the request.
 * @throws InvalidInputError naming the first wrong field
 */
export async function validate(kind: Kind, schema: Schema, value: unknown, at = ''): Promise<void> {
  const validator = await validatorOf(kind, schema);
  if (validator(value)) return;
  const error = validator.errors?.[0] as ErrorObject;
  const pointer = at + pointerOf(error);
  throw new InvalidInputError(complaint(error, pointer), { pointer });
}
