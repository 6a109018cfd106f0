import { FILE_SETTINGS } from '../../../shared/domain/index.ts';
import type { InternalManifest } from '../../../shared/ports/index.ts';
import { standard } from './mapping/standard.ts';

const SAME_SECOND =
  'If-Unmodified-Since counts whole seconds: an edit made within the second of the version a write is based on is overwritten.';

export const manifest: InternalManifest = {
  id: 'salesforce',
  kind: 'connector',
  name: 'Salesforce Service Cloud',
  version: '1.0.0',
  partnerEvents: { sourcePrefix: 'aws.partner/salesforce.com' },
  poll: { schedule: 'rate(1 minute)', overlapMs: 120_000 },
  // A page is one call; its rows are enqueued well within one invocation.
  backfill: {
    kinds: ['account', 'contact', 'ticket', 'comment', 'attachment'],
    pageRows: 500,
    // Rows of one collection, which a call may hold five of: comments take two, for the rows that have their keys.
    outward: { account: 200, contact: 200, ticket: 200, comment: 200 },
  },
  // https://developer.salesforce.com/docs/platform/api-rest/guide/dome-sobject-insert-update-blob.html
  files: { maxBytes: 2 * 1024 ** 3 },
  kinds: {
    ticket: {
      vendorName: 'Case',
      facet: 'ticket',
      creation: { by: 'unique' },
      fields: {
        subject: { writable: 'always' },
        description: { writable: 'always' },
        status: { writable: 'always' },
        priority: { writable: 'always' },
        requester: { writable: 'always' },
      },
      canRead: true,
      canMerge: true,
      canDelete: 'never',
      tellsDeletions: true,
      hasConditionalWrites: true,
      hasAuthorship: true,
      gaps: [
        SAME_SECOND,
        'Two edits of one field between two reads leave one change, or none if the second puts the first back: Case keeps no history of Subject and Description.',
      ],
    },
    comment: {
      vendorName: 'CaseComment',
      facet: 'comment',
      creation: { by: 'unique' },
      fields: { body: { writable: 'always' } },
      canRead: true,
      canDelete: 'own',
      tellsDeletions: true,
      hasConditionalWrites: true,
      hasAuthorship: true,
      gaps: [
        SAME_SECOND,
        'A comment taken out of the bin makes no event: no trigger fires for it. The next pull, a minute later, finds it.',
        'Whether the hub’s user may edit and delete its own comments is for the org to say: where it may not, they park.',
      ],
    },
    contact: {
      vendorName: 'Contact',
      facet: 'contact',
      creation: { by: 'unique' },
      fields: {
        name: { writable: 'own' },
        email: { writable: 'own' },
        phone: { writable: 'own' },
        account: { writable: 'own' },
      },
      canRead: true,
      canMerge: true,
      canDelete: 'never',
      tellsDeletions: true,
      hasConditionalWrites: true,
      hasAuthorship: true,
      gaps: [SAME_SECOND],
    },
    account: {
      vendorName: 'Account',
      facet: 'account',
      creation: { by: 'unique' },
      fields: { name: { writable: 'own' }, website: { writable: 'own' }, phone: { writable: 'own' } },
      canRead: true,
      canMerge: true,
      canDelete: 'never',
      tellsDeletions: true,
      hasConditionalWrites: true,
      hasAuthorship: true,
      gaps: [
        SAME_SECOND,
        'A person account is a contact without a company, where the setting hasPersonAccounts says that the org has such; else it comes in as a contact and a company of the same name.',
        'A change of a person account whose event does not say that it is one makes a company to which nobody belongs.',
      ],
    },
    attachment: {
      vendorName: 'ContentDocument',
      facet: 'file',
      creation: { by: 'unique' },
      fields: { name: { writable: 'never' }, type: { writable: 'never' }, size: { writable: 'never' } },
      canRead: true,
      canDelete: 'own',
      tellsDeletions: true,
      hasConditionalWrites: false,
      hasAuthorship: true,
      gaps: [
        'The first version of a file is carried; a later one stays in Salesforce.',
        'A file shared with several cases is carried with the one it was shared with first.',
        'A file taken off its case, or whose visibility is changed once it was carried, stays as it is elsewhere: the event names no file.',
        'A file that is shared with a case later than it was made is told by its event alone, and lost with it.',
        'Without Query All Files the pull lists the hub’s own files alone: others’ are told by their events, and brought by a backfill.',
      ],
    },
  },
  mapping: standard,
  capabilities: [
    'cases',
    'comments',
    'contacts',
    'accounts',
    'files',
    'custom-fields',
    'change-events',
    'delta-sync',
    'backfill',
  ],
  auth: ['jwt-bearer', 'oauth2-code'],
  secrets: ['consumerKey', 'privateKey', 'username', 'clientSecret', 'bodyKey'],
  settingsSchema: {
    type: 'object',
    properties: {
      loginUrl: {
        type: 'string',
        format: 'uri',
        description: 'Where tokens are issued; by default the base URL, the org’s My Domain address.',
      },
      organizationId: { type: 'string', description: 'The org’s 18-character id, as Event Relay names it.' },
      audience: {
        type: 'string',
        description:
          'Audience of the JWT grant, where it is not the login host of production or of sandboxes.',
      },
      pullFrom: {
        type: 'string',
        description:
          'ISO 8601 date: what has not changed since stays out of the hub. By default everything comes in.',
      },
      hasPersonAccounts: {
        type: 'boolean',
        default: false,
        description: 'The org has person accounts turned on: those are contacts without a company.',
      },
      showAuthor: {
        type: 'boolean',
        default: false,
        description: 'Begin each comment the hub makes with a line that names who wrote it.',
      },
      ...FILE_SETTINGS,
    },
    additionalProperties: false,
  },
  // There is no limit per second. The daily one slides over 24 hours and is the org's own: every answer tells it;
  // until the first has, the smallest there is.
  // https://developer.salesforce.com/docs/atlas.en-us.salesforce_app_limits_cheatsheet.meta/salesforce_app_limits_cheatsheet/salesforce_app_limits_platform_api.htm
  limits: [{ name: 'api', tokens: 15_000, windowMs: 86_400_000, per: 'connection' }],
  requestLifetimeMs: 120_000,
  redeliveryMs: 259_200_000,
  allowedHosts: ['*.my.salesforce.com', 'login.salesforce.com', 'test.salesforce.com'],
  isCustomerVisible: false,
};
