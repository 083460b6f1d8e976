import { type Static, Type } from 'typebox';
import { OmsError } from '../../errors.ts';
import { onHost } from '../deploy/host-command.ts';
import { writeHostFile } from '../deploy/host-file.ts';
import { HOST_LAYOUT } from '../deploy/host-layout.ts';
import { onAll } from '../deploy/on-all.ts';
import { readRecord } from '../deploy/read-record.ts';
import { type RouteContext, webTargets } from '../deploy/shift/write-routes.ts';
import type { Site } from '../deploy/site.ts';

/** `maintenance.json` on every server with a proxy. */
export const MaintenanceRecord = Type.Object({
  version: Type.Literal(1),
  since: Type.String(),
  /** user@machine */
  by: Type.String(),
  /** One sentence visitors read; null has the page's own. */
  message: Type.Union([Type.String(), Type.Null()]),
});
export type MaintenanceRecord = Static<typeof MaintenanceRecord>;

const READ = `[ -f "$1" ] && cat -- "$1"; exit 0`;
const REMOVE = `rm -f -- "$1"`;

const fileOf = ({ home }: Pick<Site, 'home'>): string => `${home}/${HOST_LAYOUT.maintenance}`;

/**
 * Whether a site is closed; it is when one of its servers says so. A deployment hands the answer to traefikRoutes and
 * shiftTraffic, so that it stays as it is.
 * @throws {OmsError} host_unreachable; deploy_failed for a file that is not understood: it is not taken for an open shop.
 */
export async function readMaintenance(site: Site, context: RouteContext): Promise<MaintenanceRecord | null> {
  const found = await Promise.all(
    webTargets(site, context).map(async ({ name, target }) => {
      const call = { target, script: READ, args: [fileOf(site)], purpose: 'whether it is closed could not be read' };
      const { stdout } = await onHost(call, context);
      if (stdout.trim() === '') return null;
      const record = readRecord(stdout, MaintenanceRecord);
      if (record) return record;
      throw new OmsError('deploy_failed', `${name}: ${fileOf(site)} is not one of this version of oms`, {
        why: 'it was written by a newer version, or was damaged',
        next: [`oms maintenance off --env ${site.name}   (removes it)`],
      });
    }),
  );
  return found.find((record) => record !== null) ?? null;
}

/** Kept before the proxy is told, and removed after: what was cut off leaves the shop closed, and says so. */
export async function writeMaintenance(
  site: Site,
  record: MaintenanceRecord | null,
  context: RouteContext,
): Promise<void> {
  const file = fileOf(site);
  const purpose = 'whether it is closed could not be kept';
  await onAll(webTargets(site, context), async ({ target }) => {
    if (!record) await onHost({ target, script: REMOVE, args: [file], purpose }, context);
    else await writeHostFile({ target, file, text: `${JSON.stringify(record, null, 2)}\n`, purpose }, context);
  });
}
