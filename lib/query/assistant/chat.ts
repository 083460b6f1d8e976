/** A JSON Schema as it goes over the wire. */
export type JsonSchema = { [key: string]: unknown };

/** One thing a model may do instead of talking. */
export interface Tool {
  name: string;
  description: string;
  parameters: JsonSchema;
}

/** What a model wants done; the arguments are its own text, not yet looked at. */
export interface ToolCall {
  id: string;
  name: string;
  arguments: string;
}

/** One turn that did not end the dialog: what the model said, and what it was told about it. */
export interface Exchange {
  call?: ToolCall | undefined;
  text: string;
  feedback: string;
}

export interface ChatRequest {
  system: string;
  question: string;
  exchanges: readonly Exchange[];
  tools: readonly Tool[];
  signal: AbortSignal;
}

export interface ChatReply {
  call?: ToolCall | undefined;
  /** Everything it said besides. */
  text: string;
}

/** A language model, however it is reached. */
export interface ChatModel {
  /** For people: provider and model. */
  readonly label: string;
  /** @throws {ModelUnavailable} */
  choose(request: ChatRequest): Promise<ChatReply>;
  /** Plain text, for a sentence about rows that may be shared. @throws {ModelUnavailable} */
  write(request: { system: string; text: string; signal: AbortSignal }): Promise<string>;
}

/** The model gave no answer; the message says why in a few words and holds nothing that was sent. */
export class ModelUnavailable extends Error {
  override readonly name = 'ModelUnavailable';
}
