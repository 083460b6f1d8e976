const FROM_ENVIRONMENT = [
  'TEST_MODE',
  'EVENTHUB_FQDN',
  'EVENTHUB_NAME',
  'EVENTHUB_CONSUMER_GROUP_NAME',
  'EVENTHUB_CONNECTION_STRING',
  'AZURE_LOG_LEVEL',
];

/** Tells the suite where the hub is, in the place of its own set-up that asks Azure's key vault. */
export default function setup({ provide }: { provide(name: string, value: string | undefined): void }): void {
  for (const name of FROM_ENVIRONMENT) provide(name, process.env[name]);
}
