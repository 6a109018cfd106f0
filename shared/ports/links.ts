import type { ConnectionId, RecordId } from '../domain/ids.ts';
import type { Visibility } from '../domain/record.ts';
import type { KindCapability } from './manifest.ts';

/** What a person or the agent platform may see of a link. */
export interface LinkView {
  readonly connection: ConnectionId;
  readonly integration: string;
  readonly facet: KindCapability['facet'];
  /** Absent until the copy exists. */
  readonly externalId?: string | undefined;
  /** `behind`: a write is wanted or under way; `gone`: deleted there; `merged`: there into another ticket's copy. */
  readonly state: 'settled' | 'behind' | 'parked' | 'gone' | 'merged';
}

export interface AttachmentView {
  readonly id: RecordId;
  readonly ticket: RecordId;
  /** The comment it hangs on; absent: the ticket itself. */
  readonly comment?: RecordId;
  readonly visibility: Visibility;
  readonly name: string;
  readonly type: string;
  /** As its vendor says; of the bytes, once they are here. */
  readonly size?: number;
  /** Once its bytes are here. */
  readonly sha256?: string;
  readonly links: readonly LinkView[];
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly isDeleted: boolean;
}
