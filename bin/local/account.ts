/** What stands for an account on one machine; emulators and ARNs agree on it. */
export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';
