import type { MappingState, WantedDocument } from '../../../../shared/connections/index.ts';
import type { Action, Call } from '../call.ts';
import type { DeskDeps } from '../deps.ts';
import { isoTime } from '../views/time.ts';
import { findConnection } from './find-connection.ts';

const asked = (
  { caller: { organization, actor } }: Call,
  { id }: Awaited<ReturnType<typeof findConnection>>,
) => ({
  organization,
  actor,
  connection: id,
});

function presented({ run, ...state }: MappingState) {
  if (run === undefined) return state;
  const { version, startedAtMs, finishedAtMs, looked, woken } = run;
  const finished = finishedAtMs === undefined ? {} : { finishedAt: isoTime(finishedAtMs) };
  return {
    ...state,
    run: { version, startedAt: isoTime(startedAtMs), ...finished, looked, woken },
  };
}

const documentIn = ({ body }: Call): WantedDocument => body.document as WantedDocument;

export const readMapping: Action<DeskDeps> = async (call, deps) => {
  const connection = await findConnection(call, deps);
  return { status: 200, body: presented(await deps.mappings.read(asked(call, connection))) };
};

export const suggestMapping: Action<DeskDeps> = async (call, deps) => {
  const connection = await findConnection(call, deps);
  return { status: 200, body: await deps.mappings.suggest(asked(call, connection)) };
};

export const validateMapping: Action<DeskDeps> = async (call, deps) => {
  const connection = await findConnection(call, deps);
  const body = await deps.mappings.validate({ ...asked(call, connection), document: documentIn(call) });
  return { status: 200, body };
};

export const previewMapping: Action<DeskDeps> = async (call, deps) => {
  const connection = await findConnection(call, deps);
  const limit = Number(call.body.limit);
  const items = await deps.mappings.preview({
    ...asked(call, connection),
    document: documentIn(call),
    limit,
  });
  return { status: 200, body: { items } };
};

export const putMapping: Action<DeskDeps> = async (call, deps) => {
  const connection = await findConnection(call, deps);
  const basedOn = Number(call.body.basedOn);
  const state = await deps.mappings.put({ ...asked(call, connection), document: documentIn(call), basedOn });
  return { status: 200, body: presented(state) };
};
