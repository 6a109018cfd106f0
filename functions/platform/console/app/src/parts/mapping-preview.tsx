import type { Names, Scalar } from '../client.ts';
import type { Preview } from '../mapping.ts';
import { hashOf } from '../route.ts';

const Value = ({ value }: { readonly value: Scalar }) =>
  value === null || value === '' ? <em>empty</em> : <span>{String(value)}</span>;

function Change({ field, from, to }: { readonly field: string; readonly from: Scalar; readonly to: Scalar }) {
  return (
    <li>
      {field}: <Value value={from} /> → <Value value={to} />
    </li>
  );
}

/** What a mapping would do, record by record, before it does. */
export function MappingPreview({
  items,
  names,
}: {
  readonly items: readonly Preview[];
  readonly names: Names;
}) {
  const isQuiet = items.every(({ takes, writes }) => takes.length + writes.length === 0);
  return (
    <section class="preview-list" aria-label="Preview">
      <h2>On the newest {items.length} records</h2>
      {isQuiet && <p class="empty">Nothing would be written, here or there.</p>}
      <ul class="stack">
        {items
          .filter(({ takes, writes }) => takes.length + writes.length > 0)
          .map(({ record, kind, externalId, takes, replaces, writes }) => (
            <li class="card" key={record}>
              <h3>
                {kind === 'ticket' ? (
                  <a href={hashOf({ page: 'conversation', id: record })}>Ticket {externalId}</a>
                ) : (
                  `Contact ${externalId}`
                )}
              </h3>
              <ul>
                {takes.map((each) => (
                  <Change key={each.field} {...each} field={`The hub takes ${each.field}`} />
                ))}
                {writes.flatMap(({ connection, fields }) =>
                  fields.map((each) => (
                    <Change
                      key={connection + each.field}
                      from={each.from}
                      to={each.to}
                      field={`${names.get(connection) ?? connection} gets ${each.vendorField}`}
                    />
                  )),
                )}
                {replaces.map(({ field, lost, kept }) => (
                  <li key={field} class="dim">
                    {field}: <Value value={lost} /> gives way to <Value value={kept} />, and stays in the
                    journal
                  </li>
                ))}
              </ul>
            </li>
          ))}
      </ul>
    </section>
  );
}
