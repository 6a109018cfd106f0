/**
 * A refusal as the REST API words it: an array of these is the body.
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm
 */
export class SalesforceFailure extends Error {
  readonly status: number;
  readonly errorCode: string;
  readonly fields: readonly string[] | undefined;

  constructor(status: number, errorCode: string, message: string, fields?: readonly string[]) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
    this.fields = fields;
  }

  /** The array form of single resources. */
  body(): unknown {
    return [this.entry('errorCode')];
  }

  /** Collections name the code `statusCode` and always carry `fields`. */
  result(): unknown {
    return { success: false, errors: [{ ...this.entry('statusCode'), fields: this.fields ?? [] }] };
  }

  private entry(codeName: 'errorCode' | 'statusCode'): Record<string, unknown> {
    return {
      message: this.message,
      [codeName]: this.errorCode,
      ...(this.fields ? { fields: this.fields } : {}),
    };
  }
}

export const notFound = () =>
  new SalesforceFailure(404, 'NOT_FOUND', 'The requested resource does not exist');

export const insufficientAccess = () =>
  new SalesforceFailure(400, 'INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id');
