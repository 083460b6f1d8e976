import builtIn from './model.json' with { type: 'json' };
import { parseRiskModel, type RiskModel } from './model.ts';

/** The model that comes with this version; `oms fraud train` makes it. */
export const BUILT_IN_MODEL: RiskModel = parseRiskModel(builtIn);
