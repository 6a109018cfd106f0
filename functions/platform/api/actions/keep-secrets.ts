import { InvalidInputError } from '../../../../shared/errors.ts';
import type { Manifest } from '../../../../shared/ports/index.ts';
import type { Action } from '../call.ts';
import type { DeskDeps } from '../deps.ts';
import { findConnection } from './find-connection.ts';

export type SecretValues = Readonly<Record<string, string>>;

/** The hub's own key is made by the hub: whoever sets it could no longer read what is sealed. */
const OWN = ['bodyKey'];

/** What an owner may fill in. */
export function secretNames({ secrets }: Manifest): readonly string[] {
  return secrets.filter((name) => !OWN.includes(name));
}

/** @throws InvalidInputError naming the first that this integration has no use for; never a value */
export function checkSecrets(manifest: Manifest, secrets: SecretValues, at: string): void {
  const known = secretNames(manifest);
  const wrong = Object.keys(secrets).find((name) => !known.includes(name));
  if (wrong === undefined) return;
  const pointer = `${at}/${wrong.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  throw new InvalidInputError(`${pointer} is no secret of ${manifest.id}, expected ${known.join(', ')}`, {
    pointer,
  });
}

/** Write only: no answer of the API, no log and no event ever holds one. */
export const keepSecrets: Action<DeskDeps> = async (call, deps) => {
  const { id: connection, organization, integration } = await findConnection(call, deps);
  const secrets = call.body as SecretValues;
  const manifest = deps.catalog.find(({ id }) => id === integration);
  if (manifest !== undefined) checkSecrets(manifest, secrets, '');
  await deps.desk.keepSecrets({ organization, connection, actor: call.caller.actor, secrets });
  return { status: 204 };
};
