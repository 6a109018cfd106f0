import type { PublicAction } from '../call.ts';

/** The document is built when first asked for; no other request pays for it. */
export const publishDocument: PublicAction = async (_call, { publicUrl, issuer }) => {
  const { openApiDocument } = await import('../document.ts');
  return { status: 200, body: openApiDocument({ publicUrl, issuer }) };
};

export const publishEventSchemas: PublicAction = async () => {
  const { EVENT_SCHEMAS, EVENT_TYPES, eventName } = await import('../schemas/events.ts');
  return {
    status: 200,
    body: Object.fromEntries(EVENT_TYPES.map((type) => [type, EVENT_SCHEMAS[eventName(type)]])),
  };
};
