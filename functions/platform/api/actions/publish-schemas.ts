import type { PublicAction } from '../call.ts';

export const publishDocument: PublicAction = async (_call, { document }) => ({
  status: 200,
  body: await document(),
});

export const publishEventSchemas: PublicAction = async () => {
  const { EVENT_SCHEMAS, EVENT_TYPES, eventName } = await import('../schemas/events.ts');
  return {
    status: 200,
    body: Object.fromEntries(EVENT_TYPES.map((type) => [type, EVENT_SCHEMAS[eventName(type)]])),
  };
};
