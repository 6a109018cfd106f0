import type { Action } from '../call.ts';
import { secretNames } from './keep-secrets.ts';

export const listIntegrations: Action = async (_call, { catalog }) => ({
  status: 200,
  body: {
    items: catalog.map((manifest) => {
      const { id, kind, name, version, capabilities, auth, isCustomerVisible, settingsSchema } = manifest;
      const secrets = secretNames(manifest);
      return { id, kind, name, version, capabilities, auth, isCustomerVisible, secrets, settingsSchema };
    }),
  },
});
