/** The value of a secret, and nothing else of it. */
export const vaultSecret = (vault: string, name: string) => [
  ...['keyvault', 'secret', 'show', '--vault-name', vault, '--name', name],
  ...['--query', '{value: value}'],
];
