export { checked } from './checked.ts';
export { createFeatures, type FeatureStates, type Features } from './features.ts';
export { createRegistry, type Registered, type Registry } from './registry.ts';
export {
  configured,
  FEATURES,
  type Feature,
  type HubSettings,
  type HubSettingsInput,
  hubSettings,
  settingsFrom,
} from './settings.ts';
