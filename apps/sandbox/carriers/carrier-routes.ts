import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Pool, RowDataPacket } from '../../../lib/database/connect.ts';
import * as sql from '../../../lib/database/sql-text.ts';
import { LabelRequest, ParcelFollowUp, ReturnLabelRequest } from '../../../lib/process/external-op.ts';
import type { Desk } from '../book/desk.ts';
import { type Answering, answerer } from '../http/answering.ts';
import { type CarrierDesk, type CarrierRequest, toConsignment } from './carrier-book.ts';
import { labelPdf } from './label-pdf.ts';

interface Target {
  carrier: string;
  trackingNo: string;
}

const targetOf = (request: FastifyRequest): Target => request.params as Target;
const serviceOf = ({ carrier }: Target) => ({ carrier });

/** A carrier's name as events carry it. */
const CARRIER = ':carrier(^[a-z0-9_-]{1,24}$)';

/** POST /carriers/:carrier/{labels,returns,parcels/:trackingNo/pickup,parcels/:trackingNo/void}, GET the label. */
export function addCarrierRoutes(
  app: FastifyInstance,
  desk: Desk<CarrierRequest, CarrierDesk>,
  pool: Pool,
  answering: Answering,
): void {
  const shared = { target: targetOf, service: serviceOf };
  const label = answerer(
    {
      ...shared,
      kind: 'label',
      body: LabelRequest,
      answer: (keyed, body, { carrier }) => desk.answer({ ...keyed, kind: 'label', carrier, body }),
    },
    answering,
  );
  const returnLabel = answerer(
    {
      ...shared,
      kind: 'return',
      body: ReturnLabelRequest,
      answer: (keyed, body, { carrier }) => desk.answer({ ...keyed, kind: 'return', carrier, body }),
    },
    answering,
  );
  app.post(`/carriers/${CARRIER}/labels`, label);
  app.post(`/carriers/${CARRIER}/returns`, returnLabel);
  for (const kind of ['pickup', 'void'] as const) {
    const followUp = answerer(
      {
        ...shared,
        kind,
        body: ParcelFollowUp,
        answer: (keyed, body, target) => desk.answer({ ...keyed, kind, ...target, body }),
      },
      answering,
    );
    app.post(`/carriers/${CARRIER}/parcels/:trackingNo/${kind}`, followUp);
  }
  app.get(`/carriers/${CARRIER}/labels/:trackingNo`, async (request, reply) => {
    const { carrier, trackingNo } = targetOf(request);
    const [rows] = await pool.query<RowDataPacket[]>(
      `SELECT * FROM carrier_consignments WHERE tracking_no = ${sql.text(trackingNo)} AND carrier = ${sql.text(carrier)}`,
    );
    if (!rows[0]) return reply.code(404).send({ code: 'unknown_label', detail: 'this carrier has made no such label' });
    return reply.type('application/pdf').send(await labelPdf(toConsignment(rows[0])));
  });
}
