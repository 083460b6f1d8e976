/** A question and its exact meaning, in the form of the given set. */
export interface Question {
  id: string;
  question: string;
  class: string;
  metric: string | string[] | null;
  dimensions: string[];
  filters: { field: string; op: string; value: string | number | boolean | (string | number)[] }[];
  window: { start: string | null; end: string; rule?: string } | null;
  compare?: { start: string | null; end: string };
  transform?: string;
  /** Best members of each member of this dimension. */
  per?: string;
  order: { by: string; dir: string } | null;
  limit: number | null;
  unit?: string | string[];
  /** Other readings that count too, as differences from this one. */
  alt?: Partial<Question>[];
  /** Questions that were asked before it. */
  context?: string[];
  tags?: string[];
}

export type Cell = string | number | null;

/** The first rows a question must get. */
export interface Expected {
  question?: string;
  columns: string[];
  rows: Cell[][];
  total: number;
}
