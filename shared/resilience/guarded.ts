import type { ExternalId } from '../domain/ids.ts';
import { HubError, InvariantError, ProviderUnavailableError, RateLimitedError } from '../errors.ts';
import type {
  CopyRef,
  Exports,
  Integration,
  Page,
  PublicChange,
  PublicUpload,
  RemoteChange,
  Upload,
  WriteOutcome,
} from '../ports/index.ts';
import type { CallKind, Gate } from './gate.ts';

/**
 * The same port behind its gate. What the gate holds back is never sent: a write is `refused: throttled`, a
 * read throws RateLimitedError, both with the time to come back.
 */
export function guarded(integration: Integration, gate: Gate): Integration {
  const { read, find, match, describe, pull, write, exports, together, download, upload } = integration;
  const call = <Answer>(kind: CallKind, at: ExternalId | undefined, ask: () => Promise<Answer>) =>
    throughGate(gate, { kind, at }, ask);
  return {
    check: () => checked(integration, gate),
    ...(read && { read: (copy) => call('read', placed(copy), () => read.call(integration, copy)) }),
    ...(find && {
      find: (...asked) => call('find', asked[2], () => find.apply(integration, asked)),
    }),
    ...(match && {
      match: (kind, fields) => call('match', undefined, () => match.call(integration, kind, fields)),
    }),
    ...(describe && {
      describe: (kind) => call('read', undefined, () => describe.call(integration, kind)),
    }),
    ...(pull && { pull: (kind, after) => pages(gate, pull.call(integration, kind, after)) }),
    ...(exports && {
      exports: throughEach((ask) => call('pull', undefined, () => ask(exports))),
    }),
    ...(together && {
      together: {
        create: (changes) => writtenTogether(gate, changes, () => together.create(changes)),
        match: (kind, all) => call('match', undefined, () => together.match(kind, all)),
      },
    }),
    ...(write && { write: (change) => written(gate, change, () => write.call(integration, change)) }),
    ...(download && {
      download: (copy) => call('read', placed(copy), () => download.call(integration, copy)),
    }),
    ...(upload && {
      upload: (file, content) => call('create', placed(file.parent), () => upload(file, content)),
    }),
  };
}

/** Each call of an export by itself, through the way out that is given. */
export function throughEach(
  call: <Answer>(ask: (to: Exports) => Promise<Answer>) => Promise<Answer>,
): Exports {
  return {
    begin: (kind, sinceMs) => call((to) => to.begin(kind, sinceMs)),
    state: (name) => call((to) => to.state(name)),
    page: (name, kind, options) => call((to) => to.page(name, kind, options)),
    discard: (name) => call((to) => to.discard(name)),
  };
}

interface Call {
  readonly kind: CallKind;
  readonly at: ExternalId | undefined;
}

async function throughGate<Answer>(
  gate: Gate,
  { kind, at }: Call,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  await gate.pass(kind, at);
  let answer: Answer;
  try {
    answer = await ask();
  } catch (error) {
    await gate.learn(error, kind, at);
    throw error;
  }
  await gate.learn(undefined, kind, at);
  return answer;
}

/** A proof of life is asked for whatever the breaker says; its answer may close it. */
async function checked(integration: Integration, gate: Gate) {
  const health = await integration.check();
  await gate.learn(health.state === 'healthy' ? undefined : health.error, 'check', undefined);
  return health;
}

async function* pages(gate: Gate, source: AsyncIterable<Page>): AsyncIterable<Page> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    while (true) {
      const { done, value } = await throughGate(gate, { kind: 'pull', at: undefined }, () => iterator.next());
      if (done) return;
      yield value;
    }
  } finally {
    await iterator.return?.();
  }
}

async function written(
  gate: Gate,
  change: RemoteChange,
  send: () => Promise<WriteOutcome>,
): Promise<WriteOutcome> {
  const at = change.operation === 'create' ? rootOf(change) : placed(change);
  try {
    await gate.pass(change.operation, at);
  } catch (error) {
    return notSent(error);
  }
  const outcome = await send();
  // What became of the write is worth more than what it says about the next: nothing here may lose it.
  await gate.learn(failureIn(outcome), change.operation, at).catch((error) => gate.notLearned(error));
  return outcome;
}

/** One call, whatever it carries; the vendor has answered if it did any of it. */
async function writtenTogether(
  gate: Gate,
  changes: readonly RemoteChange[],
  send: () => Promise<readonly WriteOutcome[]>,
): Promise<readonly WriteOutcome[]> {
  try {
    await gate.pass('create', undefined);
  } catch (error) {
    const refusal = notSent(error);
    return changes.map(() => refusal);
  }
  const outcomes = await send();
  const [first] = outcomes;
  const isAnswered = first === undefined || outcomes.some(({ outcome }) => outcome === 'settled');
  const failure = isAnswered ? undefined : failureIn(first);
  await gate.learn(failure, 'create', undefined).catch((error) => gate.notLearned(error));
  return outcomes;
}

/** Whatever kept it back, the request was never sent: nobody is to be in doubt about it. */
function notSent(error: unknown): WriteOutcome {
  if (error instanceof RateLimitedError) return { outcome: 'refused', why: 'throttled', error };
  const isClear = error instanceof HubError && error.reaction !== 'reject';
  const refusal = isClear ? error : new ProviderUnavailableError('the call was kept back', { cause: error });
  return { outcome: 'refused', why: 'unavailable', error: refusal };
}

/** An uncertain call is one the vendor did not answer, whatever became of it. */
function failureIn(outcome: WriteOutcome): HubError | undefined {
  if (outcome.outcome === 'settled') return undefined;
  if (outcome.outcome === 'refused') return outcome.error;
  const { error } = outcome;
  return error instanceof ProviderUnavailableError
    ? error
    : new ProviderUnavailableError('no answer', { cause: error });
}

function rootOf(change: RemoteChange): ExternalId | undefined {
  return 'rootExternalId' in change ? change.rootExternalId : undefined;
}

function placed(copy: { externalId: ExternalId; rootExternalId?: ExternalId } | CopyRef): ExternalId {
  return copy.rootExternalId ?? copy.externalId;
}

/**
 * The one door from every change to a customer-visible integration. The mapping has left internal notes out
 * long before; should one still come, it stops here (invariant 7).
 */
export function customerVisible(integration: Integration<PublicChange>): Integration {
  const { write, upload } = integration;
  return {
    ...bound(integration),
    ...(write && { write: async (change) => write.call(integration, inPublic(change)) }),
    ...(upload && {
      upload: async (file, content) => {
        if (!isPublicFile(file)) throw aboutToShow('file');
        return upload(file, content);
      },
    }),
  };
}

const isPublicFile = (file: Upload): file is PublicUpload => file.attachment.visibility === 'public';

const aboutToShow = (what: 'note' | 'file') =>
  new InvariantError(`an internal ${what} was about to reach a customer-visible place`);

/** @throws InvariantError for what customers may not see. */
function inPublic(change: RemoteChange): PublicChange {
  if (change.operation === 'delete') return change;
  if (change.kind === 'comment') {
    const { fields: _words, comment, ...rest } = change;
    if (comment.visibility !== 'public') throw aboutToShow('note');
    return { ...rest, comment };
  }
  if (change.kind !== 'attachment' || change.operation === 'update') return change;
  if (!isPublicFile(change)) throw aboutToShow('file');
  return change;
}

function bound(integration: Integration<PublicChange>): Omit<Integration, 'write' | 'upload'> {
  const { read, find, match, describe, pull, exports, download } = integration;
  return {
    check: () => integration.check(),
    ...(read && { read: read.bind(integration) }),
    ...(find && { find: find.bind(integration) }),
    ...(match && { match: match.bind(integration) }),
    ...(describe && { describe: describe.bind(integration) }),
    ...(pull && { pull: pull.bind(integration) }),
    ...(exports && { exports }),
    ...(download && { download: download.bind(integration) }),
  };
}
