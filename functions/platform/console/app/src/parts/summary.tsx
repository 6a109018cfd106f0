import type { ComponentChildren } from 'preact';
import type { Names, Ticket } from '../client.ts';
import { sentence } from '../words.ts';
import { type Asked, Why } from './why-dialog.tsx';

const LINKS = {
  settled: 'in step',
  behind: 'catching up',
  parked: 'parked',
  gone: 'deleted there',
  merged: 'merged there',
} as const;

interface Props {
  readonly ticket: Ticket;
  readonly names: Names;
  readonly nameOf: (connection: string) => string;
}

interface FactProps extends Pick<Props, 'nameOf'> {
  readonly name: string;
  readonly asked: readonly Asked[];
  readonly children: ComponentChildren;
}

/** A value, and the question beside it. */
function Fact({ name, asked, nameOf, children }: FactProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {children} <Why what={name.toLowerCase()} asked={asked} nameOf={nameOf} />
      </dd>
    </div>
  );
}

function Customer({ ticket: { id, requester }, nameOf }: Pick<Props, 'ticket' | 'nameOf'>) {
  const asks: Asked = { record: id, field: 'requester', name: 'Who asks' };
  const own = (requester === null ? [] : ['name', 'email']).map((field) => ({
    record: requester?.id as string,
    field,
    name: field === 'name' ? 'Name' : 'E-mail address',
  }));
  return (
    <Fact name="Customer" asked={[asks, ...own]} nameOf={nameOf}>
      {requester?.name ?? requester?.email ?? 'unknown'}
    </Fact>
  );
}

function Company({ ticket: { requester }, nameOf }: Pick<Props, 'ticket' | 'nameOf'>) {
  const account = requester?.account;
  if (requester === null || account === undefined) return null;
  const asked = [
    { record: requester.id, field: 'account', name: 'Where the customer belongs' },
    { record: account.id, field: 'name', name: 'Name' },
  ];
  return (
    <Fact name="Company" asked={asked} nameOf={nameOf}>
      {account.name ?? 'unnamed'}
    </Fact>
  );
}

export function Summary({ ticket, names, nameOf }: Props) {
  const { id, status, priority, custom, links } = ticket;
  const of = (field: string) => [{ record: id, field }];
  return (
    <dl class="facts summary">
      <Fact name="Status" asked={of('status')} nameOf={nameOf}>
        <span class={`status ${status ?? 'none'}`}>{status ?? 'none'}</span>
      </Fact>
      <Fact name="Priority" asked={of('priority')} nameOf={nameOf}>
        {priority ?? 'none'}
      </Fact>
      <Customer ticket={ticket} nameOf={nameOf} />
      <Company ticket={ticket} nameOf={nameOf} />
      {Object.entries(custom).map(([name, value]) => (
        <Fact key={name} name={sentence(name)} asked={of(`custom.${name}`)} nameOf={nameOf}>
          {value === null || value === '' ? 'none' : String(value)}
        </Fact>
      ))}
      {links.map(({ connection, integration, state }) => (
        <div key={connection}>
          <dt>{names.get(connection) ?? integration}</dt>
          <dd class={`link ${state}`}>{LINKS[state]}</dd>
        </div>
      ))}
    </dl>
  );
}
