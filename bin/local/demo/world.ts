import type { LocalDescription } from './description.ts';
import { type HubApi, hubApi } from './hub-api.ts';
import { agentToken } from './oauth.ts';

export interface Place {
  readonly channel: string;
  readonly ts: string;
}
export interface SlackMessage extends Place {
  readonly user?: string;
  readonly text: string;
  readonly threadTs?: string;
  readonly isDeleted?: boolean;
}
export interface SalesforceRow {
  readonly Id: string;
  readonly [field: string]: unknown;
}
export interface Ticket {
  readonly id: string;
  readonly subject: string | null;
  readonly description: string | null;
  readonly status: string | null;
  readonly links: readonly {
    readonly integration: string;
    readonly externalId?: string;
    readonly state: string;
  }[];
}
export interface TicketComment {
  readonly id: string;
  readonly body: string;
  readonly visibility: 'public' | 'internal';
}

/** What happens in Slack and Salesforce, and what stands there: the vendors' own truth, over their controls. */
export interface World {
  readonly description: LocalDescription;
  readonly api: HubApi;
  readonly slack: {
    say(text: string, threadTs?: string): Promise<Place>;
    edit(place: Place, text: string): Promise<void>;
    /** Live messages of the support channel, oldest first. */
    messages(): Promise<readonly SlackMessage[]>;
    control<Answer>(method: string, path: string, body?: unknown): Promise<Answer>;
  };
  readonly salesforce: {
    comment(caseId: string, body: string, isPublished: boolean): Promise<string>;
    change(id: string, fields: Readonly<Record<string, unknown>>): Promise<void>;
    rows(object: 'Case' | 'CaseComment' | 'Contact'): Promise<readonly SalesforceRow[]>;
    control<Answer>(method: string, path: string, body?: unknown): Promise<Answer>;
  };
  tickets(): Promise<readonly Ticket[]>;
  comments(ticket: string): Promise<readonly TicketComment[]>;
  /** Sync lag of the latest effects at every connection. */
  lagsMs(): Promise<readonly number[]>;
}

/** Drives a running hub by its description alone, so that it works from any process. */
export function worldOf(description: LocalDescription): World {
  const { issuer, sandboxes, url } = description;
  const client = issuer.agents.find(({ organization }) => organization === description.demo.organization);
  if (client === undefined) throw new Error('the description names no agent of the demo organization');
  let token: Promise<string> | undefined;
  const api = hubApi(url, () => {
    token ??= agentToken(issuer.url, issuer.audience, client);
    return token;
  });
  const slack = controlAt(sandboxes.slack.control);
  const salesforce = controlAt(sandboxes.salesforce.control);
  const channel = sandboxes.slack.channel.id;

  return {
    description,
    api,
    slack: {
      control: slack,
      say: (text, threadTs) =>
        slack('POST', 'messages', { channel, text, ...(threadTs === undefined ? {} : { threadTs }) }),
      edit: (place, text) => slack('POST', 'edits', { ...place, text }),
      messages: async () => {
        const state = await slack<{ channels: { id: string; messages: SlackMessage[] }[] }>('GET', 'state');
        const messages = state.channels.find(({ id }) => id === channel)?.messages ?? [];
        return messages.filter((message) => message.isDeleted !== true);
      },
    },
    salesforce: {
      control: salesforce,
      comment: async (caseId, body, isPublished) =>
        (await salesforce<{ id: string }>('POST', 'comments', { caseId, body, isPublished })).id,
      change: (id, fields) => salesforce('PATCH', `records/${id}`, { fields }),
      rows: async (object) => {
        const state = await salesforce<Record<string, SalesforceRow[]>>('GET', 'state');
        return (state[object] ?? []).filter((row) => row.IsDeleted !== true);
      },
    },
    tickets: () => everyPage<Ticket>(api, '/v1/tickets'),
    comments: (ticket) => everyPage<TicketComment>(api, `/v1/tickets/${ticket}/comments`),
    lagsMs: async () => {
      const { items } = await api.get<{ items: { lag: { samples: { ms: number }[] } }[] }>('/v1/connections');
      return items.flatMap(({ lag }) => lag.samples.map(({ ms }) => ms));
    },
  };
}

interface PageOf<Item> {
  readonly items: readonly Item[];
  readonly next?: string;
}

async function everyPage<Item>(api: HubApi, path: string): Promise<readonly Item[]> {
  const items: Item[] = [];
  let next: string | undefined;
  do {
    const query = next === undefined ? 'limit=100' : `limit=100&cursor=${encodeURIComponent(next)}`;
    const page: PageOf<Item> = await api.get(`${path}?${query}`);
    items.push(...page.items);
    next = page.next;
  } while (next !== undefined);
  return items;
}

function controlAt(base: string) {
  return async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${base}/${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${base}/${path} answered ${response.status}: ${text}`);
    return JSON.parse(text === '' ? '{}' : text) as Answer;
  };
}
