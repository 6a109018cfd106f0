import type { Definition, Nodes, Parents, RootContent } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmAutolinkLiteralFromMarkdown } from 'mdast-util-gfm-autolink-literal';
import { gfmStrikethroughFromMarkdown } from 'mdast-util-gfm-strikethrough';
import { gfmAutolinkLiteral } from 'micromark-extension-gfm-autolink-literal';
import { gfmStrikethrough } from 'micromark-extension-gfm-strikethrough';

/**
 * Markdown's tree in Slack's words. Of GitHub's additions only what Slack has words for: a table stays the text it is.
 * https://docs.slack.dev/messaging/formatting-message-text
 */
export function markdownToMrkdwn(markdown: string): string {
  const tree = fromMarkdown(markdown, {
    extensions: [gfmStrikethrough(), gfmAutolinkLiteral()],
    mdastExtensions: [gfmStrikethroughFromMarkdown(), gfmAutolinkLiteralFromMarkdown()],
  });
  const targets = new Map<string, string>();
  for (const node of tree.children) if (isTarget(node)) targets.set(node.identifier, node.url);
  return blocks(tree, targets);
}

type Targets = ReadonlyMap<string, string>;

/** Slack formats only at the edges of words; within these it does so anywhere. */
const EDGE = '\u200B';
const RULE = '———';
const LINKED = /^(?:https?|ftp|mailto):/iu;

/** What looks like a definition and leads nowhere is somebody's footnote, and no text gets lost. */
const isTarget = (node: Nodes): node is Definition => node.type === 'definition' && LINKED.test(node.url);
const marked = (text: string, mark: string): string => `${EDGE}${mark}${text}${mark}${EDGE}`;
const inlines = (node: Parents, targets: Targets): string =>
  node.children.map((child) => written(child, targets)).join('');

function blocks(node: Parents, targets: Targets, between = '\n\n'): string {
  const shown = node.children.filter((child: RootContent) => !isTarget(child));
  return shown.map((child) => written(child, targets)).join(between);
}

function written(node: Nodes, targets: Targets): string {
  switch (node.type) {
    case 'heading':
      return `*${inlines(node, targets)}*`;
    case 'blockquote':
      return blocks(node, targets).replace(/^/gmu, '> ');
    case 'list':
      return listed(node, targets);
    case 'code':
      return `\`\`\`\n${node.value}\n\`\`\``;
    case 'inlineCode':
      return `\`${node.value}\``;
    case 'strong':
      return marked(inlines(node, targets), '*');
    case 'emphasis':
      return marked(inlines(node, targets), '_');
    case 'delete':
      return marked(inlines(node, targets), '~');
    case 'link':
      return linked(node.url, inlines(node, targets) || node.title);
    case 'image':
      return linked(node.url, node.alt || node.title);
    case 'definition':
      return `[${node.label ?? node.identifier}]: ${[node.url, node.title].filter(Boolean).join(' ')}`;
    case 'linkReference':
      return referred(targets.get(node.identifier), inlines(node, targets));
    case 'imageReference':
      return referred(targets.get(node.identifier), node.alt ?? '');
    case 'break':
      return '\n';
    case 'thematicBreak':
      return RULE;
    case 'text':
    case 'html':
      return node.value;
    default:
      return 'children' in node ? inlines(node, targets) : '';
  }
}

function listed(node: Extract<Nodes, { type: 'list' }>, targets: Targets): string {
  const items = node.children.map((item, at) => {
    const mark = node.ordered ? `${(node.start ?? 1) + at}.` : '•';
    const [first = '', ...more] = blocks(item, targets, item.spread ? '\n\n' : '\n').split('\n');
    const rest = more.map((line) => (line === '' ? '' : `    ${line}`));
    return [`${mark.padEnd(4)}${first}`, ...rest].join('\n');
  });
  return items.join(node.spread ? '\n\n' : '\n');
}

const referred = (url: string | undefined, text: string): string =>
  url === undefined ? `[${text}]` : linked(url, text);

/** @throws URIError for an address that cannot be written in one */
function linked(url: string, text: string | null | undefined): string {
  if (!LINKED.test(url)) return text || url;
  const address = decodeURIComponent(url) === url ? encodeURI(url) : url;
  return text ? `<${address}|${text}>` : `<${address}>`;
}
