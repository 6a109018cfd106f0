import type { SandboxBody } from '../model.ts';
import { keptFromProgram } from '../text.ts';
import { type Args, type Json, SlackMethodError, text } from './context.ts';

/** docs.slack.dev/reference/methods/chat.postMessage (markdown_text) */
const MARKDOWN_LIMIT = 12_000;
/** docs.slack.dev/reference/block-kit/blocks */
const MOST_BLOCKS = 50;

/** What a message shall say: text, or blocks or attachments with text as their fallback, or Markdown alone. */
export function bodyOf(args: Args, cut: (text: string) => string): SandboxBody {
  const said = text(args, 'text');
  const blocks = listOf(args, 'blocks', 'invalid_blocks');
  const attachments = listOf(args, 'attachments', 'invalid_attachments');
  const markdown = text(args, 'markdown_text');
  if (blocks !== undefined && blocks.length > MOST_BLOCKS) throw new SlackMethodError('invalid_blocks');
  if (markdown !== undefined) {
    if (said !== undefined || blocks !== undefined) throw new SlackMethodError('markdown_text_conflict');
    if (markdown.length > MARKDOWN_LIMIT) throw new SlackMethodError('msg_too_long');
    return { text: keptFromProgram(markdown) };
  }
  const hasMore = (blocks?.length ?? 0) > 0 || (attachments?.length ?? 0) > 0;
  if ((said ?? '').trim() === '' && !hasMore) throw new SlackMethodError('no_text');
  return {
    ...(said === undefined ? {} : { text: keptFromProgram(cut(said)) }),
    ...(blocks === undefined ? {} : { blocks }),
    ...(attachments === undefined ? {} : { attachments }),
  };
}

/** JSON in a form, an array in a JSON request. */
function listOf(args: Args, name: string, error: string): readonly Json[] | undefined {
  const value = args[name];
  if (value === undefined || value === null || value === '') return undefined;
  const list = typeof value === 'string' ? parsed(value) : value;
  if (!Array.isArray(list)) throw new SlackMethodError(error);
  return list as Json[];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
