/** How we introduce ourselves to the API server, for its audit log: name and version of this package (a test compares). */
export const defaultUserAgent = "metadata-mirror/0.1.0";
