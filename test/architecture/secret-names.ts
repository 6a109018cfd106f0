import type { Reporter, TestModule } from 'vitest/node';

/** What a secret looks like, whoever issued it; a test's title is printed, kept and mailed around (invariant 9). */
const SECRETS = [
  /eyJ[\w-]{10,}\.eyJ[\w-]{10,}\./,
  /xox[abeprs](?:\.xox[bp])?-[\w-]{10,}/,
  /00D\w{12,15}![\w.-]{20,}/,
  /5Aep861[\w.-]{20,}/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\b(?=\w*[a-z])(?=\w*\d)[0-9a-f]{32,}\b/,
  /\bcanary[0-9a-f]{10,}/,
];

export function telltale(names: readonly string[]): readonly string[] {
  return names.filter((name) => SECRETS.some((secret) => secret.test(name)));
}

/** Fails a run in which a test's title holds something that looks like a secret. It prints no such title again. */
export class SecretNames implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const telling = modules.flatMap((module) => {
      const names = [...module.children.allTests()].map(({ fullName }) => fullName);
      return telltale(names).map(() => module.moduleId);
    });
    if (telling.length === 0) return;
    console.error(`titles of tests hold what looks like a secret, in ${[...new Set(telling)].join(', ')}`);
    process.exitCode = 1;
  }
}
