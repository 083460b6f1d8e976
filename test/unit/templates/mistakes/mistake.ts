/** A change of the real template that has to be found, and what is then said of it. */
export interface Mistake {
  what: string;
  /** File of the template. */
  file: string;
  from: string;
  to: string;
  finding: string;
}
