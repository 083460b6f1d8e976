import { readFileSync } from 'node:fs';
import { BUILT_IN_MODEL } from './built-in-model.ts';
import { parseRiskModel, type RiskModel, RiskModelError } from './model.ts';

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RiskModelError(`${file} is no JSON`, { cause });
  }
}

/**
 * The model in a file, or the one that comes with this version when none is named (OMS_RISK_MODEL).
 * @throws {RiskModelError} when the file holds no model of this version; the file system's error when it cannot be read
 */
export function readRiskModel(file: string | undefined): RiskModel {
  return file === undefined ? BUILT_IN_MODEL : parseRiskModel(parseJson(readFileSync(file, 'utf8'), file));
}
