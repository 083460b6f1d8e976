import { plan, settle } from './planning.ts';
import type { Provider } from './provider.ts';
import type { AttributeSchema, BlockSchema } from './schema-types.ts';

const given = (type: AttributeSchema['type']): AttributeSchema => ({ type, optional: true });

/** hashicorp/time 0.13: time_sleep's documentation. */
const TIME_SLEEP: BlockSchema = {
  attributes: {
    create_duration: given('string'),
    destroy_duration: given('string'),
    triggers: { ...given(['map', 'string']), forceNew: true },
    id: { type: 'string', computed: true },
  },
  blocks: {},
};

/** hashicorp/time's stand-in: `time_sleep` is there at once, it does not sleep. */
export function createTime(): Provider {
  return {
    schema: { provider: { attributes: {}, blocks: {} }, resources: { time_sleep: TIME_SLEEP }, data: {} },
    configure: () => [{ severity: 'warning', summary: 'schema stand-in for time: time_sleep does not sleep' }],
    read: async (_type, state) => state,
    customisePlan: () => [],
    apply: async (_type, _prior, planned) => settle(TIME_SLEEP, planned, () => new Date().toISOString()),
    destroy: async () => undefined,
    readData: async (_type, config) => plan(TIME_SLEEP, config, null),
  };
}
