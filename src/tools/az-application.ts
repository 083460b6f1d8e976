/** A value inside an OData filter; a quote in it is written twice. */
const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** `--display-name` would also find names that only begin so. */
export const findApplications = (name: string) => ['ad', 'app', 'list', '--filter', `displayName eq ${quoted(name)}`];

/** Of this tenant alone, and without any credential. */
export const createApplication = (name: string) => [
  ...['ad', 'app', 'create', '--display-name', name],
  ...['--sign-in-audience', 'AzureADMyOrg'],
];

/**
 * Adds the public part of a certificate; without --append the others would go, without --cert a password would be made.
 * @param certificate base64 in lines, without the PEM's header: an argument must not begin with a hyphen.
 * @param end as far as az would shorten it to a year.
 */
export const addCertificate = (appId: string, certificate: string, end: Date) => [
  ...['ad', 'app', 'credential', 'reset', '--id', appId, '--append'],
  ...['--cert', certificate, '--end-date', end.toISOString().replace(/\.\d+/, '')],
];

export const deleteApplication = (appId: string) => ['ad', 'app', 'delete', '--id', appId];

export const findPrincipals = (appId: string) => ['ad', 'sp', 'list', '--filter', `appId eq ${quoted(appId)}`];

export const createPrincipal = (appId: string) => ['ad', 'sp', 'create', '--id', appId];

/** A service principal by its object id; its appId is what signs in. */
export const showPrincipal = (objectId: string) => ['ad', 'sp', 'show', '--id', objectId];
