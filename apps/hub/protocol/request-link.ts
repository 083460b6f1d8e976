import { encodeComposite } from '../amqp/composites.ts';
import { AmqpError, Condition } from '../amqp/errors.ts';
import { decodeRequest, type Request, Section } from '../amqp/message.ts';
import type { AttachFrame, FlowFrame, TransferFrame } from '../amqp/performatives.ts';
import { Properties } from '../amqp/properties.ts';
import { type Encode, Writer } from '../amqp/writer.ts';
import { encodeSource, encodeTarget, type Link } from './link.ts';
import type { NodeName, ResponseLink } from './response-link.ts';
import { after } from './serial.ts';
import type { Session } from './session.ts';

/** What a node answers to a request. */
export interface Response {
  /** As in HTTP. */
  status: number;
  description: string;
  /** Error condition of a failure. */
  condition?: Condition;
  body?: Encode;
}

/** Answers requests, such as $cbs and $management do. */
export type Node = (request: Request, session: Session) => Response;

const MAX_REQUEST_BYTES = 65_536;
const CREDIT = 100;

/** A link on which a client sends requests to a node of the hub. */
export class RequestLink implements Link {
  readonly handle: number;
  readonly entity = null;
  readonly #session: Session;
  readonly #nodeName: NodeName;
  readonly #node: Node;
  #deliveryId: number | null = null;
  #parts: Buffer[] = [];
  #bytes = 0;
  #deliveryCount: number;

  constructor(session: Session, attach: AttachFrame, nodeName: NodeName, node: Node) {
    this.handle = attach.handle;
    this.#session = session;
    this.#nodeName = nodeName;
    this.#node = node;
    this.#deliveryCount = attach.initialDeliveryCount ?? 0;
  }

  open(attach: AttachFrame): void {
    this.#session.attached(attach, {
      source: encodeSource(null),
      target: encodeTarget(this.#nodeName),
      maxMessageSize: MAX_REQUEST_BYTES,
    });
    this.#grant();
  }

  #grant(): void {
    this.#session.sendFlow({ handle: this.handle, deliveryCount: this.#deliveryCount, linkCredit: CREDIT });
  }

  onFlow(flow: FlowFrame): void {
    if (flow.echo === true) this.#grant();
  }

  onTransfer(transfer: TransferFrame, payload: Buffer): void {
    if (this.#deliveryId === null) {
      this.#deliveryId = transfer.deliveryId ?? 0;
      this.#session.checkDeliveryId(this.#deliveryId);
    }
    this.#bytes += payload.length;
    if (this.#bytes > MAX_REQUEST_BYTES) {
      this.#session.detach(
        this,
        new AmqpError(Condition.messageSize, `a request of more than ${MAX_REQUEST_BYTES} bytes`),
      );
      return;
    }
    this.#parts.push(payload);
    if (transfer.more !== true) this.#answer(this.#deliveryId, Buffer.concat(this.#parts));
  }

  #answer(deliveryId: number, payload: Buffer): void {
    this.#deliveryId = null;
    this.#parts = [];
    this.#bytes = 0;
    this.#deliveryCount = after(this.#deliveryCount);
    const request = decodeRequest(payload);
    this.#session.settlements.accept(deliveryId);
    this.#grant();
    const response = this.#respond(request);
    const { log } = this.#session.connection;
    const level = response.condition === undefined ? 'debug' : 'warn';
    log[level]({ node: this.#nodeName, status: response.status, why: response.description }, 'request answered');
    this.#replyLink(request)?.reply(encodeResponse(request, response));
  }

  #respond(request: Request): Response {
    try {
      return this.#node(request, this.#session);
    } catch (error) {
      if (!(error instanceof AmqpError)) throw error;
      return { status: statusOf(error), description: error.message, condition: error.condition };
    }
  }

  /** The link the client named, by address or by link name; without a name the one on the same session. */
  #replyLink(request: Request): ResponseLink | undefined {
    const links = this.#session.connection.responseLinks(this.#nodeName);
    return (
      links.find((link) => link.answersTo(request.replyTo)) ?? links.find((link) => link.session === this.#session)
    );
  }

  resume(): void {}

  closed(): void {
    this.#parts = [];
  }
}

const STATUS: Partial<Record<Condition, number>> = {
  [Condition.unauthorized]: 401,
  [Condition.notFound]: 404,
  [Condition.argumentOutOfRange]: 400,
  [Condition.notImplemented]: 501,
};
const statusOf = (error: AmqpError): number => STATUS[error.condition] ?? 400;

function encodeResponse(request: Request, response: Response): Buffer {
  const writer = new Writer();
  const { messageId } = request;
  const { body } = response;
  encodeComposite(Properties, { correlationId: messageId === null ? null : (inner) => inner.raw(messageId) })(writer);
  writer.described(Section.applicationProperties, (inner) =>
    inner.stringMap({
      'status-code': (value) => value.int(response.status),
      'status-description': (value) => value.string(response.description),
      ...(response.condition !== undefined && {
        'error-condition': (value: Writer) => value.symbol(response.condition!),
      }),
    }),
  );
  writer.described(Section.value, (inner) => (body === undefined ? inner.null() : body(inner)));
  return writer.bytes;
}
