import middy from '@middy/core';
import type { EventBridgeEvent } from 'aws-lambda';
import { type InboundPorts, inboundPorts } from '../connections/index.ts';
import type { Connection, InboundPlatform, Manifest, Route, Subject } from '../ports/index.ts';
import { accept } from '../sync/index.ts';
import { correlationOf } from '../telemetry/index.ts';
import { unreadable } from './receive.ts';

export type PartnerEvent = EventBridgeEvent<string, unknown>;

/** What an integration knows of its partner bus events; the bus's own policy says they are authentic. */
export interface PartnerEvents {
  /** The vendor's id of the account the event comes from, in its one canonical spelling. */
  account(event: PartnerEvent): string | undefined;
  /** The events in it, one per object where the group differs. */
  routes(event: PartnerEvent): readonly Route[] | 'unreadable';
}

/**
 * The function behind a partner event bus. Throws when keeping fails: Lambda then tries the same event
 * again, and what was kept already is a duplicate.
 */
export function partnerInbound(manifest: Manifest, events: PartnerEvents, platform: InboundPlatform) {
  const ports = inboundPorts(platform);
  const receive = async (event: PartnerEvent): Promise<void> => {
    const account = events.account(event);
    const address = account === undefined ? undefined : partnerAddress(manifest.id, account);
    const connection = address === undefined ? undefined : await ports.connections.byAddress(address);
    if (connection?.integration !== manifest.id) {
      ports.telemetry.metric('NotAuthentic', 1, { integration: manifest.id });
      return;
    }
    await keepAll(manifest, connection, { event, events, ports });
  };
  return middy<PartnerEvent, void>().handler(receive);
}

export function partnerAddress(integration: string, account: string): string {
  return `${integration}:${account}`;
}

async function keepAll(
  manifest: Manifest,
  connection: Connection,
  given: { event: PartnerEvent; events: PartnerEvents; ports: InboundPorts },
): Promise<void> {
  const { event, events, ports } = given;
  const receivedAtMs = ports.clock.now();
  const body = Buffer.from(JSON.stringify(event));
  const routes = events.routes(event);
  const about = {
    organization: connection.organization,
    connection: connection.id,
    integration: manifest.id,
  };
  // Of the last route: figures of one subject share a line, and each line is paid for.
  let subject: Subject = about;
  for (const route of routes === 'unreadable' ? [unreadable(body)] : routes) {
    const outcome = await accept(ports, {
      ...route,
      organization: connection.organization,
      connection: connection.id,
      contentType: 'application/json',
      body,
      lane: 'changes',
      receivedAtMs,
      redeliveryMs: manifest.redeliveryMs,
    });
    subject = { ...about, correlation: correlationOf(connection.id, route.eventId) };
    ports.telemetry.metric(outcome === 'accepted' ? 'Accepted' : 'Duplicates', 1, subject);
  }
  ports.telemetry.metric('AckLatency', ports.clock.now() - receivedAtMs, subject);
}
