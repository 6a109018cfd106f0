import type { Action } from '../call.ts';

export const listIntegrations: Action = async (_call, { catalog }) => ({
  status: 200,
  body: {
    items: catalog.map(
      ({ id, kind, name, version, capabilities, auth, isCustomerVisible, secrets, settingsSchema }) => ({
        id,
        kind,
        name,
        version,
        capabilities,
        auth,
        isCustomerVisible,
        secrets,
        settingsSchema,
      }),
    ),
  },
});
