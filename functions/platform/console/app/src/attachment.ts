/** A file of a ticket, as `/v1` shows it. */
export interface Attachment {
  readonly id: string;
  readonly visibility: 'public' | 'internal';
  readonly name: string;
  readonly type: string;
  readonly size?: number;
  readonly sha256?: string;
  readonly isDeleted: boolean;
  readonly links: readonly {
    readonly connection: string;
    readonly state: 'settled' | 'behind' | 'parked' | 'gone' | 'merged';
  }[];
}
