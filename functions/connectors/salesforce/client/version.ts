/** Pinned, so that a vendor's release changes nothing by itself: Summer '26. */
export const API_VERSION = '67.0';
export const BASE = `/services/data/v${API_VERSION}`;
