import { App, AwsLambdaReceiver } from '@slack/bolt';

/** The baseline: Slack's own framework for Lambda, doing what its documentation shows and nothing more. */
const receiver = new AwsLambdaReceiver({ signingSecret: process.env.BENCH_SIGNING_SECRET ?? 'unset' });
const app = new App({
  receiver,
  authorize: async () => ({ botToken: 'xoxb-bench', botId: 'B0BENCH', botUserId: 'U0BOT' }),
});
app.event('message', async () => {});

export const handler = receiver.toHandler();
