const REASONS: Readonly<Record<string, string>> = {
  replace_because_tainted: 'an earlier run left it half made',
  replace_because_cannot_update: 'it cannot be changed in place',
  replace_by_request: 'it was asked for',
  replace_by_triggers: 'something it depends on is replaced',
  delete_because_no_resource_config: 'the template has it no more',
  delete_because_no_module: 'the template has its module no more',
  delete_because_no_move_target: 'the template has the place it was moved to no more',
  delete_because_wrong_repetition: 'the template repeats it in another way',
  delete_because_count_index: 'the template has fewer of it',
  delete_because_each_key: 'the template has none of this name any more',
  read_because_config_unknown: 'what it asks for is known after apply',
  read_because_dependency_pending: 'it depends on what is changed',
  read_because_check_nested: 'it is checked after apply',
};

const LIST = new Intl.ListFormat('en', { type: 'conjunction' });

/**
 * Why Terraform acts so, in plain words.
 * @param forced the attributes that force a replacement.
 */
export function reasonText(reason: string | undefined, deposed: boolean, forced: readonly string[]): string | null {
  if (deposed) return 'an interrupted replacement left it behind';
  if (reason === 'replace_because_cannot_update' && forced.length > 0) {
    return `${LIST.format(forced)} cannot be changed in place`;
  }
  return reason ? (REASONS[reason] ?? reason.replaceAll('_', ' ')) : null;
}
