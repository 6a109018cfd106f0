import { describe, expect, it } from 'vitest';
import type { ConnectionId, ExternalId, RecordId } from '../../../shared/domain/index.ts';
import {
  ProviderRejectedError,
  ProviderUnavailableError,
  ReauthorizationRequiredError,
} from '../../../shared/errors.ts';
import type { CopyRef, Integration } from '../../../shared/ports/index.ts';
import { search } from '../../../shared/sync/search.ts';
import type { Shift } from '../../../shared/sync/shift.ts';
import type { Lane, Link } from '../../../shared/sync/state.ts';
import { contactDesk, ticketScene } from './scenes.ts';

const CUSTOMER = { record: 'contact-1' as RecordId, externalId: 'customer-1' as ExternalId };
const customer = { kind: 'contact', externalId: CUSTOMER.externalId };
const other = (nth: number) => ({ kind: 'ticket', externalId: `other-${nth}` });
type Read = NonNullable<Integration['read']>;
type Known = CopyRef & Pick<Link, 'dead'>;

/** A ticket that no search shows, beside others that have copies: who is looked at, and what is believed. */
async function searched(others: readonly Known[], read: Read, lane: Partial<Lane> = {}) {
  const place = contactDesk();
  const kinds = place.manifest.kinds;
  const creation = { by: 'find', searchLagMs: 0 } as const;
  const manifest = { ...place.manifest, kinds: { ...kinds, ticket: { ...kinds.ticket!, creation } } };
  const { tree, record } = ticketScene({ place, lane });
  const looks: CopyRef[] = [];
  let pageOf = 0;
  const integration = {
    find: async () => undefined,
    read: async (copy: CopyRef) => {
      looks.push(copy);
      return read(copy);
    },
  };
  const page = async (_list: string, { limit }: { limit: number }) => {
    pageOf = limit;
    return {
      items: others.map(({ externalId, dead }) => ({
        data: { lanes: { desk: { link: { externalId, dead } } } },
      })),
    };
  };
  const shift = {
    tree,
    place: { ...place, manifest },
    integration,
    message: { connection: 'desk' as ConnectionId, organization: 'acme' },
    desk: { deps: { store: { page } } },
  } as unknown as Shift;
  return { ...(await search(shift, record, undefined)), looks, pageOf };
}
const gone = { state: 'deleted' } as const;
const absent = { state: 'absent' } as const;
const shows =
  (seen: string): Read =>
  async ({ externalId }) =>
    externalId === seen ? gone : absent;
const hides = shows('nobody');
const others = (count: number) => Array.from({ length: count }, (_, at) => other(at) as CopyRef);

describe('who is looked at before a search that shows nothing is believed', () => {
  it('is whom it names, too, where few others have a copy: one of those may have died unheard', async () => {
    const { isUnseen, looks } = await searched(others(1), shows('customer-1'), { referred: CUSTOMER });

    expect(isUnseen).toBe(false);
    expect(looks).toEqual([other(0), customer]);
  });

  it('is nobody of another kind where three of its own are out of sight: what hides those may show customers', async () => {
    const { isUnseen, looks } = await searched(others(4), shows('customer-1'), { referred: CUSTOMER });

    expect(isUnseen).toBe(true);
    expect(looks).toEqual([other(0), other(1), other(2)]);
  });

  it('is whom it names alone where no other has a copy, and nobody where that has none either', async () => {
    const named = await searched([], hides, { referred: CUSTOMER });
    const alone = await searched([], hides);

    expect(named).toMatchObject({ isUnseen: true, looks: [customer] });
    expect(alone).toMatchObject({ isUnseen: false, looks: [] });
  });

  it('is nobody who is known to be dead', async () => {
    const [dead, living] = others(2);

    const { looks } = await searched([{ ...dead!, dead: { atMs: 1 } }, living!], hides);

    expect(looks).toEqual([living]);
  });

  it('is found among the twenty that changed last: each is a whole record to read', async () => {
    expect((await searched(others(1), hides)).pageOf).toBe(20);
  });
});

describe('somebody known to be there whom the vendor refuses to show', () => {
  const refusing =
    (error: Error): Read =>
    async ({ externalId }) => {
      if (externalId === 'other-0') throw error;
      return externalId === 'other-1' ? gone : absent;
    };

  it('is out of sight, and the next is looked at', async () => {
    const read = refusing(new ProviderRejectedError('not for you', { vendorCode: 'ACL' }));

    expect(await searched(others(1), read)).toMatchObject({ isUnseen: true });
    expect(await searched(others(2), read)).toMatchObject({ isUnseen: false, looks: [other(0), other(1)] });
  });

  it.each([
    new ReauthorizationRequiredError('the grant is dead'),
    new ProviderUnavailableError('the vendor is away'),
  ])('is asked for again where nothing could be shown to us now: $code', async (error) => {
    await expect(searched(others(2), refusing(error))).rejects.toBe(error);
  });
});
