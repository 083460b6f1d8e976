/** Application properties of events that are sent again by hand: their dead letter, or where they are parked. */
export const RETRY_PROPERTY = 'oms-retry';
export const RELEASE_PROPERTY = 'oms-release';
