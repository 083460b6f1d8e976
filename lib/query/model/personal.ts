/** Where personal and secret data is kept: tables that no question may read, whatever words it uses. */
export const PERSONAL: Readonly<Record<string, string>> = {
  payment_tokens: 'tokens and last digits of payment methods',
  payment_choices: 'the token a customer has chosen for an order',
  risk_assessments: 'hashes of network and postal addresses and of devices',
  notifications: 'addresses that messages were sent to',
  documents: 'where invoices with names and addresses are kept',
  dead_letters: 'whole messages, with names and addresses',
  parked_events: 'whole messages, with names and addresses',
  external_ops: 'requests to payment providers and carriers, with names and addresses',
};
