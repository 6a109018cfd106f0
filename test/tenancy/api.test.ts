import { beforeEach, describe, expect, it } from 'vitest';
import {
  type AnyRoute,
  type GuardedRoute,
  isGuarded,
  SCOPES,
  scopesOf,
} from '../../functions/platform/api/call.ts';
import { routes } from '../../functions/platform/api/routes.ts';
import { type Answered, tokenOf } from '../functions/platform/hub.ts';
import { ATTACKER, CANARY, type Tenant, type TwoTenants, twoTenants, VICTIM } from './two-tenants.ts';

let tenants: TwoTenants;

beforeEach(async () => {
  tenants = await twoTenants();
});

/** Where in a request an id of somebody else can stand, by the name of the parameter. */
const IDS: Readonly<Record<string, (tenant: Tenant) => string>> = {
  ticket: ({ ticket }) => ticket,
  record: ({ ticket }) => ticket,
  conversation: ({ ticket }) => ticket,
  account: ({ account }) => account,
  attachment: ({ attachment }) => attachment,
  upload: ({ upload }) => upload,
  connection: ({ slack }) => slack.id,
  parked: ({ parked }) => parked,
  conflict: ({ conflict }) => conflict,
  field: () => 'subject',
  backfill: ({ backfill }) => backfill,
  replay: ({ replay }) => replay,
};

const MAPPED = { kinds: { ticket: { rules: [] } } };

/** A body each route that takes one accepts: without it a refusal would prove nothing. */
const BODIES: Readonly<Record<string, (tenant: Tenant) => unknown>> = {
  NewComment: () => ({ body: 'attack', visibility: 'public' }),
  NewUpload: () => ({ name: 'attack.txt', type: 'text/plain', size: 1, sha256: '0'.repeat(64) }),
  NewBackfill: () => ({ kinds: ['ticket'] }),
  TicketChange: () => ({ status: 'closed' }),
  FeatureChange: () => ({ 'api-writes': false }),
  MappingValidation: () => ({ document: MAPPED }),
  MappingTrial: () => ({ document: MAPPED }),
  MappingChange: () => ({ document: MAPPED, basedOn: 0 }),
  ScheduleChoice: () => ({ expression: 'rate(2 hours)' }),
  SecretValues: () => ({ signingSecret: 'attack' }),
  ReplayFilter: ({ slack }) => ({ connection: slack.id }),
  NewConnection: ({ slack }) => ({ integration: 'slack', name: slack.name }),
};

const NEVER_WAS = 'never-was';
const nameOf = ({ method, path }: AnyRoute) => `${method} ${path}`;
const parametersOf = ({ path }: AnyRoute) =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
const guarded = routes.filter(isGuarded);
const named = guarded
  .filter((route) => parametersOf(route).length > 0)
  .map((route) => [nameOf(route), route] as const);
const unnamed = guarded
  .filter((route) => parametersOf(route).length === 0)
  .map((route) => [nameOf(route), route] as const);
const open = routes.filter((route) => !isGuarded(route));

function pathWith(route: AnyRoute, idOf: (parameter: string) => string): string {
  return route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(idOf(name)));
}

function ask(
  route: GuardedRoute<never>,
  path: string,
  token: string | undefined,
  of: Tenant,
): Promise<Answered> {
  const body = route.body === undefined ? {} : { body: BODIES[route.body]?.(of) };
  const headers = route.isIdempotent
    ? { 'idempotency-key': `${nameOf(route)} ${path}`.replace(/\W/g, '-') }
    : {};
  return tenants.ask({ method: route.method, path, token, headers, ...body });
}

const idOf = (tenant: Tenant) => (parameter: string) =>
  (IDS[parameter] as (tenant: Tenant) => string)(tenant);

describe('every route has its attack', () => {
  it('by an id for each of its path parameters', () => {
    const parameters = new Set(guarded.flatMap(parametersOf));

    expect(Object.keys(IDS).sort()).toEqual([...parameters].sort());
  });

  it('by a body for each that takes one', () => {
    const bodies = new Set(guarded.flatMap(({ body }) => body ?? []));

    expect(Object.keys(BODIES).sort()).toEqual([...bodies].sort());
  });

  it('by name for each that asks for no token', () => {
    expect(Object.keys(PUBLIC_ATTACKS).sort()).toEqual(open.map(nameOf).sort());
  });

  it('by query for each parameter that names something', () => {
    const parameters = new Set(guarded.flatMap(({ query }) => Object.keys(query ?? {})));

    expect([...parameters].sort()).toEqual([
      'cause',
      'connection',
      'cursor',
      'fault',
      'kind',
      'limit',
      'order',
      'record',
      'since',
      'status',
      'text',
      'until',
    ]);
  });
});

describe.each(named)('%s with the id of another organization', (_, route) => {
  it('answers exactly like an id that never was', async () => {
    const token = tokenOf(ATTACKER);
    const foreign = await ask(route, pathWith(route, idOf(tenants.victim)), token, tenants.victim);
    const never = await ask(
      route,
      pathWith(route, () => NEVER_WAS),
      token,
      tenants.victim,
    );

    expect(foreign.status).toBe(404);
    expect(foreign).toEqual(never);
  });

  it('changes nothing of theirs', async () => {
    const before = tenants.victimState();

    await ask(route, pathWith(route, idOf(tenants.victim)), tokenOf(ATTACKER), tenants.victim);

    expect(tenants.victimState()).toBe(before);
  });

  it('works for its owner, so that the refusal proves something', async () => {
    const answered = await ask(route, pathWith(route, idOf(tenants.victim)), tokenOf(VICTIM), tenants.victim);

    expect(answered.status).not.toBe(404);
    expect(answered.status).toBeLessThan(500);
  });
});

describe.each(unnamed)('%s for another organization', (_, route) => {
  it('tells nothing of theirs and changes nothing of theirs', async () => {
    const before = tenants.victimState();

    const { text, status } = await ask(route, route.path, tokenOf(ATTACKER), tenants.attacker);

    expect(status).toBeLessThan(300);
    for (const mark of tenants.marks) expect(text).not.toContain(mark);
    expect(tenants.victimState()).toBe(before);
  });

  it('finds nothing by an id of theirs in its query', async () => {
    if (!('connection' in (route.query ?? {})))
      return expect(route.query ?? {}).not.toHaveProperty('connection');
    const query = (id: string) =>
      ask(route, `${route.path}?connection=${id}`, tokenOf(ATTACKER), tenants.attacker);

    expect(await query(tenants.victim.salesforce.id)).toEqual(await query(NEVER_WAS));
    return undefined;
  });
});

describe.each(
  guarded.filter(({ query }) => query?.record !== undefined).map((route) => [nameOf(route), route] as const),
)('%s with a record of another organization in its query', (_, route) => {
  it('answers exactly like a record that never was', async () => {
    const path = pathWith(route, idOf(tenants.attacker));
    const query = (id: string) =>
      ask(route, `${path}?record=${encodeURIComponent(id)}`, tokenOf(ATTACKER), tenants.attacker);

    expect((await query(tenants.attacker.ticket)).status).toBe(200);
    expect(await query(tenants.victim.ticket)).toEqual(await query(NEVER_WAS));
  });
});

describe.each(
  guarded.filter(({ query }) => query?.cursor !== undefined).map((route) => [nameOf(route), route] as const),
)('%s with a cursor of another organization', (_, route) => {
  it('refuses it, or shows only its own', async () => {
    const path = (tenant: Tenant) => pathWith(route, idOf(tenant));
    const theirs = await ask(route, `${path(tenants.victim)}?limit=1`, tokenOf(VICTIM), tenants.victim);
    const cursor =
      theirs.body.next ?? Buffer.from(JSON.stringify([`${VICTIM}#tickets`, 'x'])).toString('base64url');

    const own = path(tenants.attacker);
    const { text, status } = await ask(route, `${own}?cursor=${cursor}`, tokenOf(ATTACKER), tenants.attacker);

    expect([200, 400]).toContain(status);
    for (const mark of tenants.marks) expect(text).not.toContain(mark);
  });
});

describe.each(guarded.map((route) => [nameOf(route), route] as const))(
  '%s without the right token',
  (_, route) => {
    it('asks for one', async () => {
      const answered = await ask(route, pathWith(route, idOf(tenants.victim)), undefined, tenants.victim);

      expect(answered.status).toBe(401);
    });

    it('takes no other scope for its own', async () => {
      const before = tenants.victimState();
      for (const needed of scopesOf(route)) {
        const others = Object.keys(SCOPES).filter((scope) => scope !== needed);

        const token = tokenOf(VICTIM, others.join(' '));
        const answered = await ask(route, pathWith(route, idOf(tenants.victim)), token, tenants.victim);

        expect(answered.status).toBe(403);
        expect(answered.headers['www-authenticate']).toContain(`scope="${needed}"`);
      }
      expect(tenants.victimState()).toBe(before);
    });
  },
);

it('shows what a mapping would write to nobody who may not read tickets', () => {
  const showing = guarded.filter(({ answer }) => answer.schema === 'MappingPreview');

  expect(showing.map(scopesOf)).toEqual([expect.arrayContaining(['tickets:read'])]);
});

/** Whoever asks here has shown no token at all. */
const PUBLIC_ATTACKS: Readonly<Record<string, () => Promise<void>>> = {
  'GET /v1/events/schemas': () => tellsNothing('/v1/events/schemas'),
  'GET /openapi.json': () => tellsNothing('/openapi.json'),
  'GET /oauth/callback': stealsAnAuthorization,
};

async function tellsNothing(path: string): Promise<void> {
  const { text, status } = await tenants.ask({ path, token: tokenOf(ATTACKER) });

  expect(status).toBe(200);
  for (const mark of tenants.marks) expect(text).not.toContain(mark);
}

/** The victim's person is sent to the attacker's link, and the attacker redeems the victim's state. */
async function stealsAnAuthorization(): Promise<void> {
  const begin = (organization: string, { slack }: Tenant) =>
    tenants.ask({
      method: 'POST',
      path: `/v1/connections/${slack.id}/authorize`,
      token: tokenOf(organization),
    });
  const stateOf = ({ body }: Answered) => new URL(body.authorizeUrl).searchParams.get('state') as string;
  const cookieOf = ({ cookies }: Answered) => cookies[0]?.split(';')[0] as string;
  const victims = await begin(VICTIM, tenants.victim);
  const attackers = await begin(ATTACKER, tenants.attacker);
  const before = tenants.victimState();
  const redeem = (state: string, cookie: string) =>
    tenants.ask({ path: `/oauth/callback?state=${state}&code=c`, cookies: [cookie] });

  const crossed = [
    await redeem(stateOf(attackers), cookieOf(victims)),
    await redeem(stateOf(victims), cookieOf(attackers)),
  ];

  for (const { headers } of crossed)
    expect(headers.location).toBe('/console#/connections?refused=invalid_input');
  expect(tenants.victimState()).toBe(before);
}

describe.each(Object.entries(PUBLIC_ATTACKS))('%s, open to everybody', (_, attack) => {
  it('gives nobody what is not theirs', () => attack());
});

describe('the canary', () => {
  it('is seen by its owner, so that its absence proves something', async () => {
    const { text } = await tenants.ask({ path: '/v1/tickets', token: tokenOf(VICTIM) });

    expect(text).toContain(CANARY);
  });
});
