/** Who and what there is in the stand-in's directory from the start; none of it exists anywhere else. */
export const TENANT_ID = '11111111-1111-1111-1111-111111111111';
export const SUBSCRIPTION_ID = '22222222-2222-2222-2222-222222222222';

/** A service principal that logs in with a secret. */
export const DEPLOYER = {
  clientId: '44444444-4444-4444-4444-444444444444',
  applicationId: '44444444-0000-4444-4444-444444444444',
  objectId: '33333333-3333-3333-3333-333333333333',
  displayName: 'oms-deployer',
  secret: 'deployer-of-the-stand-in',
} as const;

/** A person who logs in with a name and a password. */
export const ENGINEER = {
  objectId: '55555555-5555-5555-5555-555555555555',
  userPrincipalName: 'engineer@standin.example',
  displayName: 'An Engineer',
  password: 'engineer-of-the-stand-in',
} as const;
