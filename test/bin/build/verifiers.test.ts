import { describe, expect, it } from 'vitest';
import { checkVerifiers } from '../../../bin/build/verifiers.ts';
import { manifest as slack } from '../../../functions/channels/slack/manifest.ts';
import { manifest as salesforce } from '../../../functions/connectors/salesforce/manifest.ts';
import { projectOf } from './place.ts';

const file = 'functions/channels/slack/authenticity.ts';
const named = (verifier: string) => ({ ...slack, webhook: { ...slack.webhook!, verifier } });
const exporting = (text: string) => projectOf({ [file]: text }).root;

describe('the verifier of a webhook', () => {
  it('is exported by the authenticity file under the name the manifest gives it', async () => {
    const root = exporting('export const verifyIt = (): boolean => true;');

    await expect(checkVerifiers(root, [named('verifyIt')])).resolves.toEqual([file]);
  });

  it.each([
    ['of another name', 'export const verifyOther = 1;', 'verifyIt', /exports verifyOther/],
    ['that is not exported', 'const verifyIt = 1; console.log(verifyIt);', 'verifyIt', /exports nothing/],
    ['that is only a type', 'export type verifyIt = string;', 'verifyIt', /exports nothing/],
    ['without a name', 'export const verifyIt = 1;', '', /names the verifier ""/],
  ])('stops the build when it is one %s', async (_, text, verifier, message) => {
    await expect(checkVerifiers(exporting(text), [named(verifier)])).rejects.toMatchObject({
      code: 'configuration',
      message: expect.stringMatching(message),
    });
  });

  it('stops the build when there is no authenticity file', async () => {
    await expect(checkVerifiers(projectOf({}).root, [slack])).rejects.toMatchObject({
      code: 'configuration',
    });
  });

  it('is not asked of an integration without a webhook', async () => {
    await expect(checkVerifiers(projectOf({}).root, [salesforce])).resolves.toEqual([]);
  });
});
