import { describe, expect, it } from 'vitest';
import { synthesize } from './synthesize.ts';

const { templates } = synthesize({ stage: 'prod' });

describe('the stacks together', () => {
  it('pass the AwsSolutions rules, but for findings acknowledged one by one', { timeout: 120_000 }, () => {
    expect(() => synthesize({ stage: 'prod', isChecked: true })).not.toThrow();
    expect(() => synthesize({ stage: 'local', isChecked: true })).not.toThrow();
  });

  it('lock no value: nothing is exported, so any resource can be replaced or removed', () => {
    const text = JSON.stringify(templates.stacks);

    expect(text).not.toContain('Fn::ImportValue');
    expect(templates.stacks.flatMap(({ outputs }) => Object.values(outputs).filter((o) => o.Export))).toEqual(
      [],
    );
  });

  it('depend one way: data on nothing, functions on data, monitoring on both', () => {
    const readers = templates.stacks.map(({ id, resources }) => {
      const names = [...JSON.stringify(resources).matchAll(/"StackName":"deskbridge-prod-(\w+)"/g)];
      return [id, [...new Set(names.map(([, name]) => name))].sort()];
    });

    expect(Object.fromEntries(readers)).toEqual({
      data: [],
      integrations: ['data'],
      platform: ['data'],
      monitoring: ['data', 'integrations', 'platform'],
    });
  });

  it('need no account, region or credentials to be synthesized', () => {
    expect(JSON.stringify(templates.stacks)).not.toMatch(/\d{12}(?!\d)/);
  });

  it('warn where no issuer is configured, since /v1 and the console would not start', () => {
    const warnings = (context: Record<string, unknown>) =>
      synthesize({ stage: 'prod', context }).assembly.stacks.flatMap(({ messages }) =>
        messages.filter(({ level }) => level === 'warning').map(({ entry }) => String(entry.data)),
      );

    expect(warnings({})).toEqual([expect.stringContaining('no issuer is configured')]);
    expect(warnings({ issuer: 'https://issuer.test' })).toEqual([]);
  });
});
