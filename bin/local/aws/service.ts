/** One operation of an emulated service: the request's JSON in, the answer's JSON out. */
export type Operation = (input: Readonly<Record<string, unknown>>) => unknown;

/** Operations by the `X-Amz-Target` that names them: `AWSEvents.PutEvents`. */
export type Service = Readonly<Record<string, Operation>>;

/** A refusal as AWS spells it; `code` is the exception's name in that service. */
export class ServiceError extends Error {
  readonly code: string;
  readonly status: number;
  /** Where the form-encoded protocol spells it otherwise. */
  readonly queryCode: string | undefined;

  constructor(code: string, message: string, status = 400, queryCode?: string) {
    super(message);
    this.name = 'ServiceError';
    this.code = code;
    this.status = status;
    this.queryCode = queryCode;
  }
}

export function textOf(input: Readonly<Record<string, unknown>>, name: string): string {
  const value = input[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new ServiceError('ValidationException', `${name} is ${JSON.stringify(value)}, expected text`);
}
