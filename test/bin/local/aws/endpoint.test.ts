import { LambdaClient, ListLayersCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventBridgeService } from '../../../../bin/local/aws/event-bridge.ts';
import { credentials, type Emulator, newDirectory, startEmulator } from '../sqs/fixture.ts';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator(
    newDirectory(),
    eventBridgeService(['hub'], [], () => undefined),
  );
});
afterAll(() => emulator.close());

describe('the endpoint', () => {
  it.each([
    ['an operation nobody performs', 'AWSEvents.CreateArchive', '{}', 400, 'UnknownOperationException'],
    ['a body that is not JSON', 'AWSEvents.PutEvents', '{', 400, 'SerializationException'],
    ['a database that is not there', 'DynamoDB_20120810.ListTables', '{}', 500, 'InternalFailure'],
  ])('refuses %s', async (_which, target, body, status, code) => {
    const answer = await fetch(emulator.endpoint.url, {
      method: 'POST',
      body,
      headers: { 'x-amz-target': target },
    });

    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ __type: code });
  });

  it('takes no path of another service for a bucket', async () => {
    const lambda = new LambdaClient({
      endpoint: emulator.endpoint.url,
      region: 'us-east-1',
      credentials,
    });

    const answer = lambda.send(new ListLayersCommand({}));

    await expect(answer).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: expect.stringMatching(/^lambda: GET .+ is not part of the local hub$/),
    });
  });

  it('gives an object the headers it is asked for with, as S3 does', async () => {
    const s3 = new S3Client({
      endpoint: emulator.endpoint.url,
      region: 'us-east-1',
      credentials,
      forcePathStyle: true,
    });
    const object = { Bucket: 'films', Key: 'flicker' };
    await s3.send(new CreateBucketCommand({ Bucket: 'films' }));
    await s3.send(new PutObjectCommand({ ...object, Body: 'frames', ContentType: 'text/plain' }));

    const plain = await s3.send(new GetObjectCommand(object));
    const asked = await s3.send(
      new GetObjectCommand({
        ...object,
        ResponseContentType: 'video/mp4',
        ResponseContentDisposition: 'attachment; filename="flicker.mp4"',
      }),
    );

    expect(plain).toMatchObject({ ContentType: 'text/plain' });
    expect(plain.ContentDisposition).toBeUndefined();
    expect(asked).toMatchObject({
      ContentType: 'video/mp4',
      ContentDisposition: 'attachment; filename="flicker.mp4"',
      ContentLength: 6,
    });
    expect(await asked.Body?.transformToString()).toBe('frames');
  });
});
