import { useEffect, useState } from 'preact/hooks';
import type { Names } from '../client.ts';
import {
  faultsByPlace,
  type Mapping,
  type MappingDocument,
  type Preview,
  placeOfRule,
  type Suggestion,
  type Verdict,
  withRule,
} from '../mapping.ts';
import { customNameOf, withoutIdleFields, withPair } from '../mapping-edits.ts';
import { Conflicts } from '../parts/conflicts.tsx';
import { Deletions } from '../parts/deletions.tsx';
import { useDesk } from '../parts/desk.ts';
import { Faults } from '../parts/faults.tsx';
import { Freshness } from '../parts/freshness.tsx';
import { MappingPreview } from '../parts/mapping-preview.tsx';
import { NewPairForm } from '../parts/new-pair.tsx';
import { RuleRow } from '../parts/rule-row.tsx';
import { usePolling } from '../polling.ts';
import { sentence } from '../words.ts';

const EVERY_MS = 5_000;

function Run({ run }: { readonly run: Mapping['run'] | undefined }) {
  if (run === undefined) return null;
  const done = `Version ${run.version} has reached all ${run.looked} records; ${run.woken} had something to do.`;
  const going = `Version ${run.version} is on its way: ${run.looked} records so far.`;
  return <p role="status">{run.finishedAt === undefined ? going : done}</p>;
}

/** A connection's mapping: read, suggested, edited, checked, tried on real records, and only then applied. */
export function MappingPage({ id }: { readonly id: string }) {
  const { client, may, names } = useDesk();
  const path = `/v1/connections/${encodeURIComponent(id)}/mapping`;
  const { value, error, freshAtMs, refresh } = usePolling(() => client.get<Mapping>(path), EVERY_MS, path);
  const [known, setKnown] = useState<Names>(new Map());
  const [draft, setDraft] = useState<MappingDocument>();
  const [verdict, setVerdict] = useState<Verdict>();
  const [preview, setPreview] = useState<readonly Preview[]>();
  const [said, setSaid] = useState('');
  const [isBusy, setBusy] = useState(false);
  useEffect(() => void names().then(setKnown), []);

  const shown = draft ?? value?.document;
  // A policy alone changes nothing before two edits meet: there is nothing to preview.
  const isFixed = value?.isFixed === true;
  const edit = (document: MappingDocument | undefined) => {
    setDraft(document);
    setVerdict(undefined);
    setPreview(undefined);
  };
  const during = async (work: () => Promise<string>) => {
    setBusy(true);
    setSaid(await work().catch((cause: Error) => sentence(cause.message)));
    setBusy(false);
  };
  const ask = () => client.send<Suggestion>('POST', `${path}/suggestion`);
  const suggest = async () => {
    edit((await ask()).document);
    return 'Suggested from what the vendor has. Nothing is applied yet.';
  };
  const validate = async () => {
    const found = await client.send<Verdict>('POST', `${path}/validation`, { document: shown });
    setVerdict(found);
    return found.faults.length === 0
      ? 'No fault found.'
      : `${found.faults.length} to mend, each shown where it is.`;
  };
  const look = async () => {
    const { items } = await client.send<{ items: readonly Preview[] }>('POST', `${path}/preview`, {
      document: shown,
    });
    setPreview(items);
    return 'This is what would happen. Nothing is written yet.';
  };
  const apply = async () => {
    await client.send<Mapping>('PUT', path, { document: shown, basedOn: value?.document.version });
    edit(undefined);
    refresh();
    return isFixed ? 'Applied.' : 'Applied. Records take it up one after another, behind live work.';
  };

  const byPlace = faultsByPlace(verdict?.faults ?? []);
  const isReadOnly = !may('connections:write');
  return (
    <>
      <div class="title">
        <h1>Mapping of {known.get(id) ?? 'a connection'}</h1>
        <Freshness freshAtMs={freshAtMs} error={error} />
      </div>
      {shown !== undefined && (
        <>
          <p class="lead">
            {draft !== undefined
              ? 'A draft, not applied.'
              : value?.isDefault === true
                ? 'The integration’s default.'
                : `Version ${value?.document.version}.`}
          </p>
          <Run run={value?.run} />
          {!isReadOnly && (
            <div class="actions mapping-actions">
              {!isFixed && (
                <button type="button" disabled={isBusy} onClick={() => during(suggest)}>
                  Suggest
                </button>
              )}
              <button type="button" disabled={isBusy} onClick={() => during(validate)}>
                Check
              </button>
              {!isFixed && (
                <button type="button" disabled={isBusy} onClick={() => during(look)}>
                  Preview
                </button>
              )}
              <button
                type="button"
                class="primary"
                disabled={isBusy || draft === undefined || (preview === undefined && !isFixed)}
                onClick={() => during(apply)}
              >
                Apply
              </button>
              {draft !== undefined && (
                <button type="button" class="quiet" disabled={isBusy} onClick={() => edit(undefined)}>
                  Discard
                </button>
              )}
              <output>{said}</output>
            </div>
          )}
          {preview !== undefined && <MappingPreview items={preview} names={known} />}
          <Faults faults={byPlace.get('') ?? []} />
          {Object.entries(shown.kinds).map(([kind, { rules }]) => (
            <section key={kind} aria-label={`${sentence(kind)} fields`}>
              <h2>{sentence(kind)}</h2>
              <ul class="stack">
                {rules.map((rule, index) => (
                  <RuleRow
                    key={`${kind}/${rule.field}`}
                    rule={rule}
                    name={`${rule.field} and ${rule.vendorField}`}
                    type={shown.custom?.[customNameOf(rule.field) ?? '']?.type}
                    faults={byPlace.get(placeOfRule(kind, index)) ?? []}
                    isReadOnly={isReadOnly}
                    onChange={(change) => edit(withoutIdleFields(withRule(shown, { kind, index }, change)))}
                  />
                ))}
              </ul>
              {!isReadOnly && (
                <NewPairForm
                  kind={kind}
                  document={shown}
                  ask={ask}
                  onAdd={(pair) => edit(withPair(shown, kind, pair))}
                />
              )}
            </section>
          ))}
          {isFixed && <p class="dim">Which fields are in step is this integration’s own to say.</p>}
          <Conflicts
            document={shown}
            faults={byPlace.get('/conflicts') ?? []}
            isReadOnly={isReadOnly}
            onChange={edit}
          />
          <Deletions
            document={shown}
            kinds={value?.deletable ?? []}
            faults={byPlace.get('/deletions') ?? []}
            isReadOnly={isReadOnly}
            onChange={edit}
          />
          {verdict?.notices.map((notice) => (
            <p class="dim notice" key={notice.pointer}>
              To know: {notice.message}
            </p>
          ))}
        </>
      )}
    </>
  );
}
