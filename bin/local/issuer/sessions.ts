import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';

interface Row {
  payload: AdapterPayload;
  expiresAtMs: number;
}

const NEVER = Number.POSITIVE_INFINITY;

/** Codes, sessions and grants, until the process ends: a restart signs everybody out and harms no token. */
export function sessionsInMemory(): AdapterFactory {
  const rows = new Map<string, Row>();
  const alive = (row: Row | undefined) => (row && row.expiresAtMs > Date.now() ? row.payload : undefined);
  const search = async (matches: (payload: AdapterPayload) => boolean) =>
    [...rows.values()].map(alive).find((payload) => payload !== undefined && matches(payload));
  return (model: string): Adapter => {
    const key = (id: string) => `${model}:${id}`;
    return {
      async upsert(id, payload, expiresIn) {
        const expiresAtMs = expiresIn ? Date.now() + expiresIn * 1_000 : NEVER;
        rows.set(key(id), { payload, expiresAtMs });
      },
      find: async (id) => alive(rows.get(key(id))),
      findByUid: (uid) => search((payload) => payload.uid === uid),
      findByUserCode: (userCode) => search((payload) => payload.userCode === userCode),
      async consume(id) {
        const row = rows.get(key(id));
        if (row) row.payload = { ...row.payload, consumed: Math.floor(Date.now() / 1_000) };
      },
      async destroy(id) {
        rows.delete(key(id));
      },
      async revokeByGrantId(grantId) {
        for (const [id, { payload }] of rows) if (payload.grantId === grantId) rows.delete(id);
      },
    };
  };
}
