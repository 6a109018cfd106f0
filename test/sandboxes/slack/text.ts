/**
 * How Slack keeps a text: `&`, `<` and `>` outside its own control sequences as entities, bare links as
 * `<link>`. https://docs.slack.dev/messaging/formatting-message-text (Escaping text, Automatic parsing)
 */
const CONTROL =
  /<(?:@[UW][A-Z0-9]+(?:\|[^<>]*)?|#C[A-Z0-9]+(?:\|[^<>]*)?|![a-z][^<>]*|(?:https?|mailto):[^<>\s]+(?:\|[^<>]*)?|(?:https?|mailto):[^<>|\s]+\|[^<>]*)>/gu;
const LINK = /https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)\]}'"*_~`]/gu;

/** What a program sent through the Web API: control sequences count, entities are taken as such. */
export function keptFromProgram(text: string): string {
  return betweenControls(text, (plain) =>
    plain
      .replace(/&(?!amp;|lt;|gt;)/gu, '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replace(LINK, '<$&>'),
  );
}

/** What a person typed: nothing they type is a control sequence, except links. */
export function keptFromPerson(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replace(LINK, '<$&>');
}

function betweenControls(text: string, change: (plain: string) => string): string {
  let result = '';
  let from = 0;
  for (const match of text.matchAll(CONTROL)) {
    result += change(text.slice(from, match.index)) + match[0];
    from = match.index + match[0].length;
  }
  return result + change(text.slice(from));
}
