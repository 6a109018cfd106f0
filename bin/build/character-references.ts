/**
 * Stands in, at bundling only, for the 2,125 names HTML has for characters (35 KB). The Markdown converter meets an
 * ampersand in links alone (`functions/channels/slack/mapping/text.ts` hides all others from it), and there `&copy` is
 * part of an address.
 */
export const decodeNamedCharacterReference = (): false => false;
