import { useState } from 'preact/hooks';
import type { Connection } from '../client.ts';
import { useNow } from '../polling.ts';
import { hashOf } from '../route.ts';
import { ago, FAULT_NAMES, plural, sentence } from '../words.ts';
import { BackfillPanel } from './backfill-panel.tsx';
import { useDesk } from './desk.ts';
import { HealthBadge } from './health-badge.tsx';
import { Ledger } from './ledger.tsx';
import { ScheduleForm } from './schedule.tsx';
import { Sparkline } from './sparkline.tsx';

interface Props {
  readonly connection: Connection;
  readonly onChanged: () => void;
}

interface AuthorizationStart {
  readonly authorizeUrl?: string;
}
interface CheckResult {
  readonly state: 'healthy' | 'unhealthy';
  readonly reason?: string;
}

const BREAKERS = { closed: 'Closed', 'half-open': 'Trying again', open: 'Open' } as const;

function Facts({ connection }: Pick<Props, 'connection'>) {
  const now = useNow();
  const { lastProofAt, breaker, oldestOpenAt, account } = connection;
  return (
    <dl class="facts">
      <div>
        <dt>Last proof</dt>
        <dd>{lastProofAt === undefined ? 'never' : ago(lastProofAt, now)}</dd>
      </div>
      <div>
        <dt>Breaker</dt>
        <dd>{BREAKERS[breaker.state]}</dd>
      </div>
      <div>
        <dt>Oldest open</dt>
        <dd>{oldestOpenAt === undefined ? 'none' : ago(oldestOpenAt, now)}</dd>
      </div>
      <div>
        <dt>Account</dt>
        <dd>{account ?? '–'}</dd>
      </div>
    </dl>
  );
}

function Actions({ connection, onChanged }: Props) {
  const { client, may } = useDesk();
  const [isBusy, setBusy] = useState(false);
  const [said, setSaid] = useState('');
  const path = `/v1/connections/${encodeURIComponent(connection.id)}`;
  const during = async (work: () => Promise<string>) => {
    setBusy(true);
    setSaid(await work().catch((error: Error) => sentence(error.message)));
    setBusy(false);
    onChanged();
  };
  const check = async () => {
    const { state, reason } = await client.post<CheckResult>(`${path}/check`);
    return state === 'healthy' ? 'The vendor answers.' : `The vendor refuses: ${reason}`;
  };
  const authorize = async () => {
    const { authorizeUrl } = await client.post<AuthorizationStart>(`${path}/authorize`);
    if (authorizeUrl === undefined) return 'Authorized.';
    location.assign(authorizeUrl);
    return 'Taking you to the vendor…';
  };
  const needsPerson = connection.health.state === 'parked' || connection.health.state === 'pending';
  return (
    <div class="actions">
      {may('connections:write') && (
        <>
          {needsPerson && (
            <button type="button" class="primary" disabled={isBusy} onClick={() => during(authorize)}>
              Authorize<span class="hidden"> {connection.name}</span>
            </button>
          )}
          <button type="button" disabled={isBusy} onClick={() => during(check)}>
            Check now<span class="hidden">: {connection.name}</span>
          </button>
        </>
      )}
      <a href={hashOf({ page: 'mapping', id: connection.id })}>
        Mapping<span class="hidden"> of {connection.name}</span>
      </a>
      {connection.parkedWork > 0 && <a href="#/parked">{plural(connection.parkedWork, 'piece')} parked</a>}
      <output>{said}</output>
    </div>
  );
}

export function ConnectionCard({ connection, onChanged }: Props) {
  const { health, name, integration, baseUrl } = connection;
  const [isOpened, setOpened] = useState(false);
  return (
    <article class={`card connection ${health.state}`} aria-label={name}>
      <header>
        <h2>{name}</h2>
        <HealthBadge health={health} />
        <p class="line">
          {sentence(integration)} · {new URL(baseUrl).host}
        </p>
        <p class="line reason">
          {sentence(health.reason)}
          {health.fault !== undefined && (
            <span class={`fault ${health.fault}`}>{FAULT_NAMES[health.fault]}</span>
          )}
        </p>
      </header>
      <Facts connection={connection} />
      <Sparkline lag={connection.lag} />
      <Ledger accounting={connection.accounting} />
      <BackfillPanel connection={connection} />
      <details onToggle={(event) => setOpened(event.currentTarget.open)}>
        <summary>Schedule</summary>
        {isOpened && <ScheduleForm connection={connection} />}
      </details>
      <Actions connection={connection} onChanged={onChanged} />
    </article>
  );
}
