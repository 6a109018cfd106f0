import { FILE_SETTINGS } from '../../../shared/domain/index.ts';
import type { CustomerVisibleManifest } from '../../../shared/ports/index.ts';

/** What the app asks a workspace for; README.md says why for each. https://docs.slack.dev/reference/scopes */
export const BOT_SCOPES = [
  'channels:history',
  'channels:read',
  'chat:write',
  'chat:write.customize',
  'files:read',
  'files:write',
  'groups:history',
  'groups:read',
  'im:history',
  'im:read',
  'metadata.message:read',
  'mpim:history',
  'users:read',
  'users:read.email',
] as const;

export const manifest: CustomerVisibleManifest = {
  id: 'slack',
  kind: 'channel',
  name: 'Slack',
  version: '1.0.0',
  webhook: { methods: ['POST'], maxBodyBytes: 256 * 1024, verifier: 'verifySlackSignature' },
  // https://slack.com/help/articles/201330736: a gigabyte.
  files: { maxBytes: 1024 ** 3 },
  kinds: {
    ticket: {
      vendorName: 'thread',
      facet: 'conversation',
      fields: { description: { writable: 'never' } },
      canRead: true,
      canDelete: 'never',
      tellsDeletions: true,
      hasConditionalWrites: false,
      hasAuthorship: true,
      gaps: [
        'Slack tells an edit or a deletion by an event only: one whose four deliveries all fail is lost until the message is read again.',
      ],
    },
    comment: {
      vendorName: 'message',
      facet: 'message',
      creation: { by: 'find', searchLagMs: 2_000 },
      fields: { body: { writable: 'own' } },
      canRead: true,
      canDelete: 'own',
      tellsDeletions: true,
      hasConditionalWrites: false,
      hasAuthorship: true,
      gaps: [
        'A message whose four deliveries all fail is not seen: there is no list of changes to pull.',
        'chat.update takes 4,000 characters, chat.postMessage 40,000: a longer reply can be posted and not edited.',
      ],
    },
    contact: {
      vendorName: 'user',
      facet: 'contact',
      fields: { name: { writable: 'never' }, email: { writable: 'never' }, phone: { writable: 'never' } },
      canRead: true,
      canDelete: 'never',
      hasConditionalWrites: false,
      hasAuthorship: false,
      gaps: [
        'Slack says nothing of the company a person belongs to: a customer gets an account through a connector that knows the address.',
      ],
    },
    attachment: {
      vendorName: 'file',
      facet: 'file',
      // By the id it has before anybody sees it.
      creation: { by: 'unique' },
      fields: { name: { writable: 'never' }, type: { writable: 'never' }, size: { writable: 'never' } },
      canRead: true,
      canDelete: 'own',
      tellsDeletions: true,
      hasConditionalWrites: false,
      hasAuthorship: true,
      gaps: [
        'A file that is shared again with another message is carried with the first one alone.',
        'What lives elsewhere and is only linked (Google Drive, a canvas, a list) is named in the text, not carried.',
      ],
    },
  },
  capabilities: ['messages', 'threads', 'direct-messages', 'edits', 'deletions', 'files'],
  auth: ['oauth2-code', 'token'],
  secrets: ['signingSecret', 'previousSigningSecret', 'clientId', 'clientSecret', 'botToken'],
  settingsSchema: {
    type: 'object',
    properties: {
      announceStatus: {
        type: 'boolean',
        default: true,
        description: 'Tell the customer in the thread when the status changes.',
      },
      showAgentName: {
        type: 'boolean',
        default: true,
        description: 'Post an agent’s reply under the agent’s own name.',
      },
      pkce: {
        type: 'boolean',
        default: true,
        description: 'Use PKCE at the installation; the app must have it switched on.',
      },
      channels: {
        type: 'string',
        default: '',
        description:
          'Ids of the channels to connect, separated by commas; empty means all the app is a member of.',
      },
      ...FILE_SETTINGS,
    },
    additionalProperties: false,
  },
  // https://docs.slack.dev/apis/web-api/rate-limits: posting is special, update, delete and replies are tier 3.
  limits: [
    // A message a second and channel, as Slack sees them arrive: one may be a fifth of a second longer on its way.
    { name: 'chat.postMessage', tokens: 1, windowMs: 1_200, per: 'place', on: ['create'] },
    { name: 'tier-3-writes', tokens: 50, windowMs: 60_000, per: 'connection', on: ['update', 'delete'] },
    { name: 'tier-3-reads', tokens: 50, windowMs: 60_000, per: 'connection', on: ['read', 'find'] },
  ],
  requestLifetimeMs: 30_000,
  redeliveryMs: 3_600_000,
  allowedHosts: ['slack.com', 'files.slack.com'],
  isCustomerVisible: true,
};
