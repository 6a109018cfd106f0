import { describe, expect, it } from 'vitest';
import { manifest as slack } from '../../functions/channels/slack/manifest.ts';
import { manifest as salesforce } from '../../functions/connectors/salesforce/manifest.ts';
import { allFunctions, functionsOf, integrationFolder } from '../../lib/functions.ts';
import type { Manifest } from '../../shared/ports/index.ts';

const without = (manifest: Manifest, ...parts: (keyof Manifest)[]): Manifest => {
  const copy: Partial<Record<keyof Manifest, unknown>> = { ...manifest };
  for (const part of parts) delete copy[part];
  return copy as Manifest;
};

describe('the functions of an integration', () => {
  it('are found by its kind and id', () => {
    expect(integrationFolder(slack)).toBe('functions/channels/slack');
    expect(functionsOf(salesforce).worker).toEqual({
      name: 'salesforce-worker',
      entry: 'functions/connectors/salesforce/worker.ts',
    });
  });

  it('include an inbound one where the manifest declares a webhook or partner events', () => {
    expect(functionsOf(slack).inbound).toBeDefined();
    expect(functionsOf(salesforce).inbound).toBeDefined();
    expect(functionsOf(without(slack, 'webhook')).inbound).toBeUndefined();
  });

  it('include a poll only where the manifest declares one', () => {
    expect(functionsOf(salesforce).poll?.name).toBe('salesforce-poll');
    expect(functionsOf(without(salesforce, 'poll'))).not.toHaveProperty('poll');
  });
});

describe('the functions of the hub', () => {
  it('have names of their own', () => {
    const names = allFunctions().map(({ name }) => name);

    expect(new Set(names).size).toBe(names.length);
  });
});
