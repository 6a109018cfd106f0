import { markdownToMrkdwn } from './mrkdwn.ts';

/**
 * Slack's mrkdwn and the hub's Markdown.
 * https://docs.slack.dev/messaging/formatting-message-text
 */

// Unicode noncharacters: no text may carry them, so they can stand for a character while Markdown is parsed.
const HIDDEN = { '&': '\uFDD0', '<': '\uFDD1', '>': '\uFDD2' } as const;
const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;' } as const;
type Special = keyof typeof ENTITIES;

const LOOKS_LIKE_MARKDOWN = /[*_~`\\]|\]\(|^ {0,3}(?:#{1,6}\s|>|[-+]\s|\d{1,9}[.)]\s|={2,}|-{2,})/mu;
/**
 * The converter's work grows with the square of the marks it meets, and with the depth of what they nest: 32,000
 * characters can cost it a minute. No person writes as many; such a text goes out as plain as it is.
 */
const MAX_MARKS = 1_000;
const MARK = /[*_~`[\]>#]|[-+](?=\s)|\d[.)](?=\s)|\n(?=\n)/gu;
const TOO_DEEP = /^(?:[ \t]*(?:[-+*>]|\d{1,9}[.)])){20}/mu;
const LINK = /https?:\/\/[^\s<>|]+/gu;
const CODE = /```[\s\S]*?```|`[^`\n]+`/gu;
const ZERO_WIDTH = /\u200B/gu;
// Slack formats only at the edges of words. The bounds keep hostile text from costing more than its length.
const BOLD = /(^|[\s([{"';])\*(?![\s*])([^*\n]*[^\s*])\*(?=$|[\s)\]}"'.,;:!?&])/gmu;
const STRUCK = /(^|[\s([{"';])~(?![\s~])([^~\n]*[^\s~])~(?=$|[\s)\]}"'.,;:!?&])/gmu;
const MARKED = /(^|[\s(;])([*_~`])(\S(?:[^\n]{0,200}?\S)?)\2(?=$|[\s).,;:!?&])/gu;
/** What our own converter makes of emphasis: marks within zero-width spaces. */
const CONVERTED = /\u200B([*_~])(\S(?:[^\n\u200B]{0,1000}?\S)?)\1\u200B/gu;

/** Canonical Markdown to what a Slack message should hold. Nothing in it can mention, notify or link anybody unseen. */
export function toMrkdwn(markdown: string): string {
  const text = markdown.replaceAll('\r\n', '\n').replace(/[\uFDD0-\uFDD2]/gu, '');
  const converted = LOOKS_LIKE_MARKDOWN.test(text) && isBearable(text) ? viaConverter(text) : undefined;
  return (converted ?? escaped(text)).trimEnd();
}

function isBearable(text: string): boolean {
  return !TOO_DEEP.test(text) && (text.match(MARK)?.length ?? 0) <= MAX_MARKS;
}

/** Undefined when the converter cannot take the text; plain text is then sent as it is. */
function viaConverter(text: string): string | undefined {
  try {
    const slack = markdownToMrkdwn(hideSpecials(text)).replace(/\n+$/u, '');
    return showSpecials(withoutForeignControls(slack));
  } catch {
    return undefined;
  }
}

/** Takes `&`, `<` and `>` out of the parser's sight, except in links and where a line begins with a quote. */
function hideSpecials(text: string): string {
  const plain = text.replace(/<(https?:\/\/[^\s<>|]+)>/gu, '$1');
  return betweenMatches(plain, LINK, (part, atLineStart) =>
    part.replace(/[&<>]/gu, (special, at: number) =>
      special === '>' && isQuoteMark(part, at, atLineStart) ? special : HIDDEN[special as Special],
    ),
  );
}

function isQuoteMark(part: string, at: number, partStartsLine: boolean): boolean {
  const lineStart = part.lastIndexOf('\n', at - 1) + 1;
  const before = part.slice(lineStart, at);
  return /^[> ]*$/u.test(before) && (lineStart > 0 || partStartsLine);
}

/** Only links the converter made itself may stand in angle brackets; their `&` become entities. */
function withoutForeignControls(slack: string): string {
  const links = /<((?:https?|mailto|ftp):[^<>|\n]*)(?:\|([^<>\n]*))?>/gu;
  return betweenMatches(
    slack,
    links,
    (part) => part.replaceAll('<', ENTITIES['<']).replace(/(^|\n)((?:> ?)+)|>/gu, keepQuotes),
    (link) =>
      link.replace(links, (_, url: string, label?: string) => {
        const address = url.replaceAll('&amp;', '&').replaceAll('&', '&amp;');
        const isBare = label === undefined || label.replaceAll('&amp;', '&') === url.replaceAll('&amp;', '&');
        return isBare ? `<${address}>` : `<${address}|${label.replaceAll('|', '¦')}>`;
      }),
  );
}

/** A quote's mark is the one `>` Slack wants bare. */
function keepQuotes(match: string, start: string | undefined, marks: string | undefined): string {
  return marks === undefined ? ENTITIES['>'] : `${start ?? ''}${marks}` || match;
}

function showSpecials(text: string): string {
  return (Object.keys(HIDDEN) as Special[]).reduce(
    (shown, special) => shown.replaceAll(HIDDEN[special], ENTITIES[special]),
    text,
  );
}

function escaped(text: string): string {
  return text.replace(/[&<>]/gu, (special) => ENTITIES[special as Special]);
}

/** What a Slack message holds, as canonical Markdown. Mentions lose their power and keep their name. */
export function toMarkdown(mrkdwn: string): string {
  return betweenMatches(
    mrkdwn.replaceAll('\r\n', '\n'),
    CODE,
    (part) => unescaped(emphasis(controls(part, markdownLink))),
    (code) => unescaped(controls(code, (_, url) => url)),
  );
}

/** The same without any markup, for one-line places. */
export function toPlain(mrkdwn: string): string {
  const plain = controls(mrkdwn.replace(ZERO_WIDTH, ''), (label, url) => label ?? url);
  return unescaped(plain.replace(MARKED, '$1$3'));
}

/** The form under which Slack takes two texts to be the same. */
export function canonicalText(mrkdwn: string): string {
  const bare = mrkdwn
    .replaceAll('\r\n', '\n')
    .replace(/<((?:https?|mailto):[^<>|\n]+)(?:\|([^<>\n]*))?>/gu, (whole, url: string, label?: string) =>
      label === undefined || url.endsWith(label) ? (label ?? url) : whole,
    );
  const lines = bare.split('\n').map((line) => line.trimEnd());
  return lines.join('\n').trim();
}

function controls(text: string, link: (label: string | undefined, url: string) => string): string {
  return text.replace(/<([^<>\n|]+)(?:\|([^<>\n]*))?>/gu, (whole, target: string, label?: string) => {
    const name = label === undefined || label === '' ? undefined : label;
    if (target.startsWith('@')) return name === undefined ? target : `@${name.replace(/^@/u, '')}`;
    if (target.startsWith('#')) return name === undefined ? target : `#${name}`;
    if (target.startsWith('!')) return special(target, name);
    return /^(?:https?|mailto|ftp|tel):/u.test(target) ? link(name, target) : whole;
  });
}

/** `<!here>`, `<!subteam^S1|@name>`, `<!date^…|fallback>` */
function special(target: string, name: string | undefined): string {
  if (name !== undefined) return name;
  return `@${target.slice(1).split('^', 1)[0]}`;
}

function markdownLink(label: string | undefined, url: string): string {
  const bare = url.replace(/^mailto:/u, '');
  return label === undefined || label === url || label === bare ? (label ?? bare) : `[${label}](${url})`;
}

/** `*bold*` and `~struck~` as Markdown writes them; `_italic_` is the same in both. */
function emphasis(text: string): string {
  return text
    .replace(CONVERTED, '$1$2$1')
    .replace(ZERO_WIDTH, '')
    .replace(BOLD, '$1**$2**')
    .replace(STRUCK, '$1~~$2~~');
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function betweenMatches(
  text: string,
  pattern: RegExp,
  outside: (part: string, atLineStart: boolean) => string,
  inside: (match: string) => string = (match) => match,
): string {
  let result = '';
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    result +=
      outside(text.slice(from, match.index), from === 0 || text[from - 1] === '\n') + inside(match[0]);
    from = match.index + match[0].length;
  }
  return result + outside(text.slice(from), from === 0 || text[from - 1] === '\n');
}
