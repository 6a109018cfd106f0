import { describe, expect, it } from 'vitest';
import type { ConnectionId, ExternalId, RecordId } from '../../../shared/domain/index.ts';
import { ProviderUnavailableError } from '../../../shared/errors.ts';
import type { Observation, RemoteChange, WriteOutcome } from '../../../shared/ports/index.ts';
import { identify } from '../../../shared/sync/identify.ts';
import { creatingPk, rootKey } from '../../../shared/sync/keys.ts';
import { standardRules } from '../../../shared/sync/rules.ts';
import { newLane } from '../../../shared/sync/scene.ts';
import { Session } from '../../../shared/sync/session.ts';
import type { Root } from '../../../shared/sync/state.ts';
import { SALESFORCE_LIKE } from '../../simulation/vendor/profile.ts';
import { ACME, CASE, hubOver, LEFT, RIGHT } from './hub.ts';
import { mapped, SUBJECT, severity } from './mapped-scene.ts';
import { deskPlace, knowing, seenTicket, ticketScene } from './scenes.ts';

const UNMARKED = { ...SALESFORCE_LIKE, creation: 'none' } as const;
const unanswered: WriteOutcome = {
  outcome: 'uncertain',
  error: new ProviderUnavailableError('no answer'),
};

describe('creations at a place that keeps no mark of ours', () => {
  it('are under way no more once an event has shown what they made', async () => {
    const asked: RemoteChange[] = [];
    const write = async (change: RemoteChange) => {
      asked.push(change);
      return unanswered;
    };
    const hub = hubOver({
      [LEFT]: { profile: SALESFORCE_LIKE, port: {} },
      [RIGHT]: { profile: UNMARKED, port: { write } },
    });
    const underWay = () => hub.deps.store.list(creatingPk(ACME, RIGHT, 'ticket'));
    await hub.hear(CASE);
    await hub.work();
    expect(await underWay()).toHaveLength(1);

    const made = { ...CASE, externalId: 'made-1' as ExternalId, fields: asked[0]!.fields };
    await hub.hear({ ...made, authorship: 'hub' }, RIGHT);

    expect(await underWay()).toEqual([]);
  });

  it('may each have made what nobody knows, but for those that have their copy by now', async () => {
    const place = deskPlace({ creation: { by: 'none' }, hasAuthorship: false });
    const connection = 'desk' as ConnectionId;
    const { deps } = hubOver({});
    const under = (id: string, externalId?: string): Root => ({
      ...ticketScene({ place }).tree.root,
      id: id as RecordId,
      lanes: {
        [connection]: {
          ...newLane('ours'),
          link: { ...newLane('ours').link, ...(externalId && { externalId: externalId as ExternalId }) },
        },
      },
    });
    const roots = [under('ticket-1', 'case-1'), under('ticket-2')];
    const fields = { subject: 'printer', priority: 'low' };
    await deps.store.commit(
      roots.flatMap((data) => [
        { put: { ...rootKey(ACME, data.id), data }, expect: 0 },
        {
          put: {
            pk: creatingPk(ACME, connection, 'ticket'),
            sk: data.id,
            data: { root: data.id, fields },
          },
          expect: 0,
        },
      ]),
    );
    const whose = async (seen: Partial<Observation>) => {
      const o = seenTicket({ externalId: 'case-2' as ExternalId, authorship: 'unknown', ...seen });
      return identify({ deps, rules: standardRules }, new Session(deps.store), place, o);
    };

    expect(await whose({ fields: {}, needsRead: true })).toMatchObject({
      isKnown: false,
      root: { id: 'ticket-2' },
    });
    expect(await whose({ fields })).toMatchObject({ isKnown: true, root: { id: 'ticket-2' } });
  });

  it('are known by what both mappings have, where theirs is another by now', async () => {
    const asked = { root: 'ticket-1' as RecordId, fields: { subject: 'printer', priority: 'P3' } };
    const whose = async (document: Parameters<typeof mapped>, fields: Observation['fields']) => {
      const place = mapped(...document);
      const { deps } = hubOver({});
      const { connection, manifest } = place;
      const ticket = { ...manifest.kinds.ticket!, creation: { by: 'none' } as const };
      const root = { ...ticketScene({ place }).tree.root, lanes: { [connection.id]: newLane('ours') } };
      const pk = creatingPk(ACME, connection.id, 'ticket');
      await deps.store.commit([
        { put: { ...rootKey(ACME, root.id), data: root }, expect: 0 },
        { put: { pk, sk: root.id, data: asked }, expect: 0 },
      ]);
      const [mapping] = document;
      const o = seenTicket({ externalId: 'case-2' as ExternalId, authorship: 'hub', mapping, fields });
      const unmarked = knowing(place, { ticket });
      return identify({ deps, rules: standardRules }, new Session(deps.store), unmarked, o);
    };
    const ours = { isKnown: true, root: { id: 'ticket-1' } };

    expect(await whose([1, [SUBJECT]], { subject: 'printer' })).toMatchObject(ours);
    expect(await whose([1, [SUBJECT]], { subject: 'scanner' })).toMatchObject({ isKnown: false });
    const anew = [SUBJECT, severity({ field: 'priority' })];
    expect(await whose([1, anew], { subject: 'printer', priority: 'S1' })).toMatchObject(ours);
    expect(await whose([1, [severity()]], { 'custom.severity': 'S1' })).toMatchObject({ isKnown: false });
    const renamed = { ...SUBJECT, since: 1 };
    const priority = { ...severity({ field: 'priority' }), since: 0 };
    const others = { subject: 'scanner', priority: 'P3' };
    expect(await whose([1, [renamed, priority]], others)).toMatchObject({ isKnown: false });
  });
});
