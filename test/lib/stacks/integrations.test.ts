import { describe, expect, it } from 'vitest';
import { catalog } from '../../../functions/catalog.ts';
import { manifest as slack } from '../../../functions/channels/slack/manifest.ts';
import { manifest as salesforce } from '../../../functions/connectors/salesforce/manifest.ts';
import { synthesize } from '../synthesize.ts';

const { templates } = synthesize({ stage: 'local' });
const routes = templates.all('AWS::ApiGatewayV2::Route', 'integrations');

describe('webhook routes', () => {
  it('are literal, one for each method of each manifest with a webhook', () => {
    const declared = catalog.flatMap(({ id, webhook }) =>
      (webhook?.methods ?? []).map((method) => `${method} /webhooks/${id}/{connection}`),
    );

    expect(routes.map(({ Properties }) => Properties.RouteKey).sort()).toEqual(declared.sort());
  });

  it('lead to the inbound function, with the payload of format 2.0', () => {
    const integration = templates.one(
      'AWS::ApiGatewayV2::Integration',
      ({ stack }) => stack === 'integrations',
    );

    expect(integration.Properties.PayloadFormatVersion).toBe('2.0');
    expect(templates.referents('integrations', integration.Properties.IntegrationUri)).toEqual([
      templates.fn('slack-inbound').name,
    ]);
  });

  it('do not exist without a verifier: the app does not build', () => {
    const unproven = { ...slack, webhook: { ...slack.webhook!, verifier: '' } };

    expect(() => synthesize({ stage: 'local', catalog: [unproven] })).toThrow(
      /names no verifier, expected one/,
    );
  });
});

describe('an integration', () => {
  it('gets what its manifest declares and nothing else', () => {
    const { webhook: _, files: __, ...silent } = slack;
    const { templates: some } = synthesize({ stage: 'local', catalog: [silent] });
    const names = some
      .all('AWS::Lambda::Function', 'integrations')
      .map(({ Properties }) => Properties.FunctionName);

    expect(names).toEqual(['slack-worker']);
    expect(some.all('AWS::ApiGatewayV2::Route', 'integrations')).toEqual([]);
    expect(some.all('AWS::Scheduler::Schedule', 'integrations')).toEqual([]);
  });

  it('that carries files has a function and a queue of their own, and the bytes to itself', () => {
    const { files: _, ...silent } = slack;
    const { templates: some } = synthesize({ stage: 'local', catalog: [silent, salesforce] });
    const fn = some.fn('salesforce-files');
    const [mapping] = some
      .all('AWS::Lambda::EventSourceMapping')
      .filter(({ stack, Properties }) => some.referents(stack, Properties.FunctionName).includes(fn.name));
    const holders = some
      .grants()
      .filter(({ resources }) => resources.some((text) => text.endsWith(':s3:::deskbridge-content/*')));

    expect(fn.Properties).toMatchObject({ Timeout: 900, MemorySize: 512 });
    expect(some.text('integrations', mapping?.Properties.EventSourceArn)).toBe(
      `{${some.one('AWS::SQS::Queue', ({ Properties }) => Properties.QueueName === 'files-salesforce').name}}`,
    );
    expect(holders.flatMap(({ actions }) => actions)).toEqual(
      expect.arrayContaining(['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload']),
    );
    expect(some.all('AWS::Lambda::Function').map(({ Properties }) => Properties.FunctionName)).not.toContain(
      'slack-files',
    );
  });

  it('that carries files, as does the API, tells a content that is missing from one it may not read', () => {
    const files = ['slack-files', 'salesforce-files', 'platform-api'];
    const lists = ({ actions }: { readonly actions: readonly string[] }) => actions.includes('s3:ListBucket');

    for (const name of files) {
      const [may] = templates.grantsOf(name).filter(lists);
      expect(may?.resources).toEqual([expect.stringMatching(/:s3:::deskbridge-content$/)]);
    }
    expect(templates.grants().filter(lists)).toHaveLength(files.length);
  });

  it('that is taken out of the catalog takes its functions, routes and queues with it', () => {
    const { templates: less } = synthesize({ stage: 'local', catalog: [slack] });

    expect(JSON.stringify(less.stacks)).not.toMatch(/salesforce/i);
  });
});

describe('partner events', () => {
  const rules = templates.all('AWS::Events::Rule');

  it('come on a bus of the source’s own name, to the inbound function', () => {
    const [rule] = rules;
    const source = 'aws.partner/salesforce.com/00D000000000001EAA/deskbridge';

    expect(rules).toHaveLength(1);
    expect(rule?.Properties.EventPattern).toEqual({ source: [source] });
    expect(templates.referents('integrations', rule?.Properties.Targets[0].Arn)).toEqual([
      templates.fn('salesforce-inbound').name,
    ]);
    expect(
      templates.one('AWS::Events::EventBus', ({ Properties }) => Properties.EventSourceName === source)
        .Properties.Name,
    ).toBe(source);
  });

  it('are off until a stage names a source', () => {
    const { templates: production } = synthesize({ stage: 'prod' });

    expect(production.all('AWS::Events::Rule')).toEqual([]);
    expect(production.all('AWS::Events::EventBus')).toHaveLength(1);
  });

  it('of another vendor’s source are not taken', () => {
    const context = { partnerEventSources: 'aws.partner/example.com/hub' };

    expect(synthesize({ stage: 'prod', context }).templates.all('AWS::Events::Rule')).toEqual([]);
  });
});
