import { createHmac } from 'node:crypto';

/** A signed Slack event in API Gateway's payload v2, as the public API hands it to a function. */
export function slackGatewayEvent(body: string, signingSecret: string, connection: string): unknown {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
  return {
    version: '2.0',
    routeKey: 'POST /webhooks/slack/{connection}',
    rawPath: `/webhooks/slack/${connection}`,
    rawQueryString: '',
    headers: {
      'content-type': 'application/json',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${signature}`,
    },
    pathParameters: { connection },
    requestContext: {
      http: {
        method: 'POST',
        path: `/webhooks/slack/${connection}`,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
      },
      requestId: 'bench',
      routeKey: 'POST /webhooks/slack/{connection}',
      stage: '$default',
      timeEpoch: Date.now(),
    },
    body,
    isBase64Encoded: false,
  };
}

export function slackMessage(n: number): string {
  const ts = `${1_790_000_000 + Math.floor(n / 1000)}.${String(n % 1000).padStart(6, '0')}`;
  return JSON.stringify({
    token: 'legacy',
    team_id: 'T0BENCH',
    api_app_id: 'A0BENCH',
    type: 'event_callback',
    event_id: `EvBench${n}`,
    event_time: 1_790_000_000,
    authorizations: [{ enterprise_id: null, team_id: 'T0BENCH', user_id: 'U0BOT', is_bot: true }],
    event: {
      type: 'message',
      channel: `C0BENCH${n % 50}`,
      channel_type: 'channel',
      user: 'U0CUSTOMER',
      text: `My order ${n} has not arrived; could somebody look into it, please? It was due on Monday.`,
      ts,
      event_ts: ts,
    },
  });
}
