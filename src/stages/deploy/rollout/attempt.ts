import type { RolloutOptions } from '../../../config/deploy-options.ts';
import type { MaintenanceRecord } from '../../maintenance/record.ts';
import type { Phase } from '../phases.ts';
import type { AuditEntry } from '../release.ts';
import type { DeployRecorder } from '../run-report.ts';
import type { ShiftReport } from '../shift/shift.ts';
import type { Ground } from '../survey.ts';

/** A plan that was agreed to, and how it shall be carried out. */
export interface RolloutCall extends Ground {
  command: 'oms deploy' | 'oms rollback';
  action: Extract<AuditEntry['action'], 'deploy' | 'rollback'>;
  options: RolloutOptions & { why?: string | undefined };
}

/** What a deployment has done. */
export interface Rollout {
  release: string;
  from: string | null;
  /** Tasks that changed something on a server; 0 where everything was as it should be. */
  changed: number;
  seconds: number;
  phases: Phase[];
  /** How customers were moved over; null where nothing had to be. */
  shift: ShiftReport | null;
  /** The run's report. */
  report: string;
}

/** Everything one attempt works with. */
export interface Attempt extends RolloutCall {
  recorder: DeployRecorder;
  shift: ShiftReport | null;
  /**
   * How far it has come: before anything of a release was touched there is nothing to take back, and once finish.yml has
   * written down what runs there is no way back any more, only forward.
   */
  stage: 'untouched' | 'begun' | 'concluded';
  /** What stays closed during it. */
  maintenance: MaintenanceRecord | null;
}
