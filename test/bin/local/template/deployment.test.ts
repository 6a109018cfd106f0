import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAssembly } from '../../../../bin/local/template/assembly.ts';
import { readDeployment } from '../../../../bin/local/template/deployment.ts';
import { ConfigurationError } from '../../../../shared/errors.ts';

const urls = { awsUrl: 'http://127.0.0.1:4000', publicUrl: 'http://127.0.0.1:3000' };

function assemblyOf(template: object): string {
  const directory = mkdtempSync(join(tmpdir(), 'assembly-'));
  const inner = join(directory, 'assembly-stage');
  mkdirSync(inner);
  const manifest = (artifacts: object): string => JSON.stringify({ version: '1', artifacts });
  const nested = { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-stage' } };
  const stack = {
    type: 'aws:cloudformation:stack',
    properties: { templateFile: 't.json', stackName: 'hub' },
  };
  writeFileSync(join(directory, 'manifest.json'), manifest({ tree: { type: 'cdk:tree' }, nested }));
  writeFileSync(join(inner, 'manifest.json'), manifest({ stack }));
  writeFileSync(join(inner, 't.json'), JSON.stringify(template));
  return directory;
}

describe('reading an assembly', () => {
  it('finds the stacks of nested assemblies', () => {
    const stacks = readAssembly(assemblyOf({ Resources: {} }));

    expect(stacks.map(({ name }) => name)).toEqual(['hub']);
  });

  it('says when there is none', () => {
    expect(() => readAssembly('/nonexistent')).toThrow(ConfigurationError);
  });
});

describe('a deployment', () => {
  const deployment = readDeployment(
    readAssembly(
      assemblyOf({
        Conditions: { Never: { 'Fn::Equals': [1, 2] } },
        Resources: {
          Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'work', DelaySeconds: 1 } },
          Absent: { Type: 'AWS::SQS::Queue', Condition: 'Never' },
          Policy: { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: [{ Ref: 'Nobody' }] } },
          Role: { Type: 'AWS::IAM::Role' },
        },
      }),
    ),
    urls,
  );

  it('holds what has an effect on one machine, and nothing a condition rules out', () => {
    expect(deployment.resources.map(({ logicalId }) => logicalId)).toEqual(['Queue']);
    expect(deployment.ofType<{ DelaySeconds: number }>('AWS::SQS::Queue')[0]?.properties.DelaySeconds).toBe(
      1,
    );
  });

  it('finds a resource by its address or its arn', () => {
    expect(deployment.find('arn:aws:sqs:us-east-1:000000000000:work').logicalId).toBe('Queue');
    expect(deployment.find('http://127.0.0.1:4000/000000000000/work').logicalId).toBe('Queue');
    expect(() => deployment.find('arn:aws:sqs:us-east-1:000000000000:other')).toThrow(ConfigurationError);
  });
});
