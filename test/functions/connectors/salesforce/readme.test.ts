import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { manifest } from '../../../../functions/connectors/salesforce/manifest.ts';
import { memoryHub, tokenOf } from '../../platform/hub.ts';

const readme = readFileSync(
  new URL('../../../../functions/connectors/salesforce/README.md', import.meta.url),
  'utf8',
);
const blocks = (language: string): string[] =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, text]) => text ?? '',
  );

describe('Salesforce README', () => {
  it('posts to /v1/connections what the API takes', async () => {
    const hub = await memoryHub();
    const bodies = blocks('json').map((text) => JSON.parse(text) as unknown);

    expect(bodies).toHaveLength(1);
    for (const body of bodies) {
      const path = '/v1/connections';
      const answer = await hub.ask({ method: 'POST', path, token: tokenOf('acme'), body });
      expect([answer.status, answer.body.secretName]).toEqual([201, expect.any(String)]);
    }
  });

  it('fills the secret with values the manifest names', () => {
    const filling = blocks('sh').find((text) => text.includes('put-secret-value')) ?? '';
    const named = [...filling.matchAll(/(\w+): ["$]/g)].map(([, name]) => name);

    expect(named).toEqual(['consumerKey', 'username', 'privateKey']);
    expect(manifest.secrets).toEqual(expect.arrayContaining(named));
  });

  it('explains every setting', () => {
    for (const setting of Object.keys(manifest.settingsSchema.properties as object))
      expect(readme, setting).toContain(`\`${setting}\``);
  });
});
