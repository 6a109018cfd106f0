/** Body of an arrival that a poll page made: one `Observation` as JSON, read by the engine and by no mapping. */
export const OBSERVATION_CONTENT_TYPE = 'application/vnd.deskbridge.observation+json';
