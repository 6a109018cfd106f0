import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { Bus, HubEvent, Untaken } from '../../ports/index.ts';
import { clientSettings, lean } from './client-settings.ts';
import { failure, nameOf } from './failure.ts';

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
      made ??= lean(new EventBridgeClient(clientSettings()));
      const untaken: Untaken[] = [];
      for (let at = 0; at < events.length; at += BATCH) {
        untaken.push(...(await put(made, busName, events.slice(at, at + BATCH))));
      }
      return untaken;
    },
  };
}

/**
 * Refused for what the event itself is; anything else is about the bus, and passes.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html
 */
const POISON = new Set(['InvalidArgument', 'MalformedDetail', 'RedactionFailure', 'ValidationException']);

/** The nth result is the nth entry's. A call refused as a whole is made again for each event alone. */
async function put(
  client: EventBridgeClient,
  busName: string,
  events: readonly HubEvent[],
): Promise<readonly Untaken[]> {
  try {
    const Entries = events.map((event) => entry(busName, event));
    const { Entries: results = [] } = await client.send(new PutEventsCommand({ Entries }));
    return events.flatMap((event, at) => untakenOf(event, results[at]?.ErrorCode));
  } catch (error) {
    const code = nameOf(error);
    if (!POISON.has(code)) throw failure('the event bus', error);
    if (events.length === 1) return events.flatMap((event) => untakenOf(event, code));
    const alone = await Promise.all(events.map((event) => put(client, busName, [event])));
    return alone.flat();
  }
}

function untakenOf(event: HubEvent, code: string | undefined): readonly Untaken[] {
  return code === undefined ? [] : [{ event, code, isPassing: !POISON.has(code) }];
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

/**
 * CloudEvents 1.0, JSON format, with our extension attribute `organization` and the documented `correlationid`
 * (https://github.com/cloudevents/spec/blob/main/cloudevents/extensions/correlation.md).
 */
export function cloudEvent(event: HubEvent) {
  return {
    specversion: '1.0',
    id: event.id,
    source: `urn:deskbridge:organization:${event.organization}`,
    type: event.type,
    subject: event.subject,
    time: new Date(event.atMs).toISOString(),
    datacontenttype: 'application/json',
    // GET /v1/events/schemas publishes it under this very name.
    dataschema: `urn:deskbridge:event:${event.type}`,
    organization: event.organization,
    ...(event.correlation === undefined ? {} : { correlationid: event.correlation }),
    data: event.data,
  };
}
