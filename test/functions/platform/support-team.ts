import type { ExternalId } from '../../../shared/domain/index.ts';
import type { Connection } from '../../../shared/ports/index.ts';
import { type MemoryHub, memoryHub } from './hub.ts';
import { type PlainVendor, plainVendor, settle } from './vendor.ts';

const MAYA = { kind: 'contact', externalId: 'U0MAYA' as ExternalId } as const;

/** An organization that is written to in Slack, by a customer it knows, and works in Salesforce. */
export interface SupportTeam {
  readonly hub: MemoryHub;
  readonly slack: Connection;
  readonly salesforce: Connection;
  readonly chat: PlainVendor;
  readonly desk: PlainVendor;
  /** Until neither has anything left to do. */
  readonly settleAll: () => Promise<void>;
}

export async function supportTeam(): Promise<SupportTeam> {
  const hub = await memoryHub();
  const slack = await hub.connect('acme', 'slack');
  const salesforce = await hub.connect('acme', 'salesforce');
  const chat = plainVendor('chat', hub.clock);
  const desk = plainVendor('desk', hub.clock);
  chat.has(MAYA, { name: 'Maya Chen', email: 'maya@example.com' });
  const settleAll = () => settle(hub, { slack: chat, salesforce: desk });
  return { hub, slack, salesforce, chat, desk, settleAll };
}
