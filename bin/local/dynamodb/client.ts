import { REGION } from '../account.ts';

export class DynamoDbError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'DynamoDbError';
    this.code = code;
  }
}

/** One DynamoDB operation on a local engine, which checks no signature but wants to see one. */
export type DynamoDb = <Answer>(operation: string, input: unknown) => Promise<Answer>;

export function dynamoDbAt(url: string): DynamoDb {
  return async <Answer>(operation: string, input: unknown): Promise<Answer> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
        'x-amz-date': new Date().toISOString().replace(/[-:]|\.\d+/g, ''),
        authorization: `AWS4-HMAC-SHA256 Credential=local/20260101/${REGION}/dynamodb/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body: JSON.stringify(input),
    });
    const answer = (await response.json()) as { __type?: string; message?: string };
    if (response.ok) return answer as Answer;
    throw new DynamoDbError(answer.__type?.split('#').at(-1) ?? 'Unknown', answer.message ?? '');
  };
}
