/** Link properties and message annotations of idempotent publishing. */
export const ProducerKey = {
  id: 'com.microsoft:producer-id',
  epoch: 'com.microsoft:producer-epoch',
  sequence: 'com.microsoft:producer-sequence-number',
} as const;
