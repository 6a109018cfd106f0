import { SalesforceFailure } from '../failure.ts';
import type { ObjectSpec } from '../schema.ts';
import { datetime } from '../values.ts';
import type { Call, Reply } from './context.ts';

const DAY_MS = 86_400_000;

interface Window {
  readonly startMs: number;
  readonly endMs: number;
}

/** Seconds are cut off, and the end must be more than a minute after the start. */
function window(call: Call, maxDaysBack: number): Window {
  const startMs = Date.parse(call.query.get('start') ?? '');
  const endMs = Date.parse(call.query.get('end') ?? '');
  if (Number.isNaN(startMs) || Number.isNaN(endMs)) {
    throw new SalesforceFailure(400, 'INVALID_REPLICATION_DATE', 'start and end must be ISO 8601 datetimes');
  }
  const minute = (ms: number) => Math.floor(ms / 60_000) * 60_000;
  if (minute(endMs) <= minute(startMs)) {
    throw new SalesforceFailure(
      400,
      'INVALID_REPLICATION_DATE',
      'endDate must be at least one minute after startDate',
    );
  }
  if (startMs < call.org.now() - maxDaysBack * DAY_MS) {
    throw new SalesforceFailure(
      400,
      'INVALID_REPLICATION_DATE',
      `startDate before org replication enabled date or over ${maxDaysBack} days back`,
    );
  }
  return { startMs: minute(startMs), endMs: minute(endMs) };
}

/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_getupdated.htm */
export function updated(call: Call, object: ObjectSpec): Reply {
  const { startMs, endMs } = window(call, 30);
  const ids = call.org
    .all(object)
    .filter((row) => row.IsDeleted !== true)
    .filter((row) => Number(row.SystemModstamp) >= startMs && Number(row.SystemModstamp) < endMs)
    .map((row) => row.Id);
  return { status: 200, body: { ids, latestDateCovered: datetime(Math.min(endMs, call.org.now())) } };
}

/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_getdeleted.htm */
export function deleted(call: Call, object: ObjectSpec): Reply {
  const { startMs, endMs } = window(call, 15);
  const deletedRecords = call.org
    .all(object)
    .filter((row) => row.IsDeleted === true)
    .filter((row) => Number(row.SystemModstamp) >= startMs && Number(row.SystemModstamp) < endMs)
    .map((row) => ({ id: row.Id, deletedDate: datetime(Number(row.SystemModstamp)) }));
  return {
    status: 200,
    body: {
      deletedRecords,
      earliestDateAvailable: datetime(call.org.now() - 15 * DAY_MS),
      latestDateCovered: datetime(Math.min(endMs, call.org.now())),
    },
  };
}
