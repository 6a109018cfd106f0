/** `.deskbridge/local.json`: all that a person or another program needs to drive the hub and its sandboxes. */
export interface LocalDescription {
  readonly url: string;
  readonly api: { readonly url: string; readonly openapi: string };
  readonly console: string;
  readonly processId: number;
  readonly dataDir: string;
  readonly issuer: {
    readonly url: string;
    readonly audience: string;
    readonly consoleClientId: string;
    readonly scopes: readonly string[];
    readonly agents: readonly {
      readonly organization: string;
      readonly clientId: string;
      readonly clientSecret: string;
    }[];
    readonly people: readonly unknown[];
  };
  readonly aws: {
    readonly endpoint: string;
    readonly dynamoDb: string;
    /** For awscli, an SDK or any other client. */
    readonly environment: Readonly<Record<string, string>>;
    readonly queues: Readonly<Record<string, string>>;
    readonly tables: readonly string[];
    readonly buckets: readonly string[];
    readonly eventBuses: readonly string[];
    readonly functions: readonly string[];
    readonly control: Readonly<Record<string, string>>;
  };
  readonly demo: {
    readonly organization: string;
    readonly connections: { readonly slack: string; readonly salesforce: string };
    /** Names in Secrets Manager. */
    readonly secrets: { readonly slack: string; readonly salesforce: string };
    readonly webhooks: { readonly slack: string };
  };
  readonly sandboxes: { readonly slack: SlackDescription; readonly salesforce: SalesforceDescription };
}

export interface SlackDescription {
  readonly url: string;
  readonly apiUrl: string;
  readonly control: string;
  readonly signingSecret: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly botToken: string;
  readonly botUserId: string;
  readonly teamId: string;
  readonly customer: { readonly userId: string; readonly name: string; readonly email: string };
  readonly channel: { readonly id: string; readonly name: string };
  readonly people: readonly { readonly userId: string; readonly name: string }[];
  readonly channels: readonly { readonly id: string; readonly name: string }[];
}

export interface SalesforceDescription {
  readonly url: string;
  readonly control: string;
  readonly orgId: string;
  readonly consumerKey: string;
  readonly clientSecret: string;
  readonly username: string;
  readonly privateKey: string;
  readonly hubUserId: string;
  readonly agent: { readonly userId: string; readonly name: string };
  readonly eventSource: string;
}
