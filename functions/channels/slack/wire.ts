import * as z from 'zod/mini';
import { readerOf } from '../../../shared/http/read-as.ts';

/** Seconds and microseconds, a string: as a number it would lose its last digits. */
const ts = z.string().check(z.regex(/^\d{1,12}\.\d{1,9}$/));
const id = z.string().check(z.regex(/^[A-Z0-9]{2,40}$/));

const metadata = z.object({
  event_type: z.string(),
  event_payload: z.optional(z.record(z.string(), z.unknown())),
});

const text = z.optional(z.nullable(z.string()));
const share = z.object({ ts, thread_ts: z.optional(ts) });
const shares = z.optional(z.record(z.string(), z.array(share)));

/** https://docs.slack.dev/reference/objects/file-object; of a deleted one little is left. */
const file = z.object({
  id: z.optional(z.string()),
  name: text,
  title: text,
  mimetype: text,
  size: z.optional(z.nullable(z.number())),
  mode: text,
  is_external: z.optional(z.nullable(z.boolean())),
  file_access: text,
  user: text,
  created: z.optional(z.nullable(z.number())),
  url_private_download: text,
  shares: z.optional(z.nullable(z.object({ public: shares, private: shares }))),
});
/** https://docs.slack.dev/reference/events/file_deleted */
const fileDeletedEvent = z.object({ file_id: z.string(), event_ts: ts });
const upload = z.object({ upload_url: z.string(), file_id: z.string() });

/** https://docs.slack.dev/reference/events/message; only what the hub looks at. */
const message = z.object({
  subtype: z.optional(z.string()),
  ts,
  user: z.optional(z.string()),
  bot_id: z.optional(z.nullable(z.string())),
  app_id: z.optional(z.nullable(z.string())),
  text: z.optional(z.nullable(z.string())),
  thread_ts: z.optional(ts),
  edited: z.optional(z.object({ ts })),
  files: z.optional(z.array(file)),
  metadata: z.optional(z.nullable(metadata)),
});

/** `mpim`: a group direct message, whose id looks like a channel's. */
const channelType = z.optional(z.nullable(z.string()));

const messageEvent = z.extend(message, { channel: id, channel_type: channelType, event_ts: z.optional(ts) });
const changedEvent = z.object({ channel: id, channel_type: channelType, event_ts: ts, message });
const deletedEvent = z.object({
  channel: id,
  channel_type: channelType,
  event_ts: ts,
  deleted_ts: ts,
  previous_message: z.optional(message),
});

const envelope = z.object({
  type: z.string(),
  api_app_id: z.optional(z.string()),
  team_id: z.optional(z.nullable(z.string())),
  context_team_id: z.optional(z.nullable(z.string())),
  authorizations: z.optional(z.nullable(z.array(z.object({ team_id: z.optional(z.nullable(z.string())) })))),
  event: z.optional(z.looseObject({ type: z.string(), subtype: z.optional(z.string()) })),
});

/** https://docs.slack.dev/reference/objects/user-object */
const user = z.object({
  id,
  name: z.optional(z.string()),
  real_name: z.optional(z.nullable(z.string())),
  profile: z.optional(
    z.object({
      real_name: z.optional(z.nullable(z.string())),
      display_name: z.optional(z.nullable(z.string())),
      email: z.optional(z.nullable(z.string())),
      phone: z.optional(z.nullable(z.string())),
    }),
  ),
});

const grant = z.object({
  access_token: z.string(),
  token_type: z.optional(z.string()),
  scope: z.optional(z.string()),
  bot_user_id: z.optional(z.string()),
  team: z.optional(z.nullable(z.object({ id: z.string() }))),
  expires_in: z.optional(z.number()),
  refresh_token: z.optional(z.string()),
});

export type SlackMessage = z.infer<typeof message>;
export type SlackMessageEvent = z.infer<typeof messageEvent>;
export type SlackChangedEvent = z.infer<typeof changedEvent>;
export type SlackDeletedEvent = z.infer<typeof deletedEvent>;
export type SlackEnvelope = z.infer<typeof envelope>;
export type SlackFile = z.infer<typeof file>;
export type SlackUser = z.infer<typeof user>;
export type SlackGrant = z.infer<typeof grant>;

export const slackWire = {
  envelope,
  message,
  messages: z.array(message),
  messageEvent,
  changedEvent,
  deletedEvent,
  file,
  fileDeletedEvent,
  upload,
  user,
  grant,
};

export const readAs = readerOf('slack');
