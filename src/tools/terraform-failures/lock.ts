/** Who holds a state's lock, as Terraform prints it under "Lock Info:". */
export interface StateLock {
  id: string;
  who: string | undefined;
  operation: string | undefined;
  created: string | undefined;
}

const OPERATIONS: Record<string, string> = {
  OperationTypeApply: 'apply',
  OperationTypePlan: 'plan',
  OperationTypeRefresh: 'refresh',
  OperationTypeInvalid: 'an operation without a name',
};

const field = (text: string, name: string) =>
  new RegExp(`^\\s*${name}:[ \\t]*(\\S.*?)\\s*$`, 'm').exec(text)?.[1] || undefined;

/** Reads the lock out of an error's detail; undefined when its id is not told. */
export function parseStateLock(detail: string): StateLock | undefined {
  const id = field(detail, 'ID');
  if (!id) return undefined;
  const operation = field(detail, 'Operation');
  return {
    id,
    who: field(detail, 'Who'),
    operation: operation && (OPERATIONS[operation] ?? operation),
    // Nanoseconds and Go's name of the zone say nothing to people.
    created: field(detail, 'Created')?.replace(/(\d\d:\d\d:\d\d)(?:\.\d+)?.*$/, '$1 UTC'),
  };
}
