import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { ProviderUnavailableError } from '../../errors.ts';
import type { Bus, HubEvent } from '../../ports/index.ts';
import { clientSettings } from './client-settings.ts';
import { failure } from './failure.ts';

/** EventBridge takes ten entries a call. */
const BATCH = 10;

export interface EventBridgeBusOptions {
  readonly busName: string;
  readonly client?: EventBridgeClient;
}

export function eventBridgeBus({ busName, client }: EventBridgeBusOptions): Bus {
  let made = client;
  return {
    async publish(events) {
      made ??= new EventBridgeClient(clientSettings());
      for (let at = 0; at < events.length; at += BATCH) {
        const entries = events.slice(at, at + BATCH).map((event) => entry(busName, event));
        await put(made, entries);
      }
    },
  };
}

async function put(client: EventBridgeClient, Entries: PutEventsRequestEntry[]): Promise<void> {
  let failed: number | undefined;
  try {
    failed = (await client.send(new PutEventsCommand({ Entries }))).FailedEntryCount;
  } catch (error) {
    throw failure('the event bus', error);
  }
  if (failed) {
    throw new ProviderUnavailableError(
      `the event bus took ${Entries.length - failed} of ${Entries.length} events`,
    );
  }
}

function entry(EventBusName: string, event: HubEvent): PutEventsRequestEntry {
  return {
    EventBusName,
    Source: 'deskbridge',
    DetailType: event.type,
    Time: new Date(event.atMs),
    Detail: JSON.stringify(cloudEvent(event)),
  };
}

/** CloudEvents 1.0, JSON format; `organization` is our one extension attribute. */
export function cloudEvent(event: HubEvent) {
  return {
    specversion: '1.0',
    id: event.id,
    source: `urn:deskbridge:organization:${event.organization}`,
    type: event.type,
    subject: event.subject,
    time: new Date(event.atMs).toISOString(),
    datacontenttype: 'application/json',
    organization: event.organization,
    data: event.data,
  };
}
