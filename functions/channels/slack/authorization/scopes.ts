import { ProviderRejectedError } from '../../../../shared/errors.ts';
import type { Connection } from '../../../../shared/ports/index.ts';
import { BOT_SCOPES } from '../manifest.ts';

/** Without it Slack leaves the mark out of the hub's own messages: nobody could tell whether a reply was posted. */
export const MARK_SCOPE = 'metadata.message:read';

/** Every scope the connection needs, as it is set up. */
function neededBy({ settings }: Pick<Connection, 'settings'>): readonly string[] {
  if (settings.showAgentName !== false) return BOT_SCOPES;
  return BOT_SCOPES.filter((scope) => scope !== 'chat:write.customize');
}

/** What the token lacks, in words for the person who can add it; undefined where nothing is, or nobody can tell. */
export function lackOf(
  granted: readonly string[] | undefined,
  connection: Pick<Connection, 'settings'>,
): ProviderRejectedError | undefined {
  if (granted === undefined) return undefined;
  const missing = neededBy(connection).filter((scope) => !granted.includes(scope));
  return missing.length === 0 ? undefined : missingScope(missing);
}

export function missingScope(missing: readonly string[]): ProviderRejectedError {
  return new ProviderRejectedError(
    `slack has not granted ${missing.join(', ')}: add it to the app’s bot scopes, install the app and authorize again`,
    { vendorCode: 'missing_scope' },
  );
}
