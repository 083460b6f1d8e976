/** What looks like a person's own data in a question: an e-mail address, a telephone, card or account number. */
const PERSONAL = [
  /[\w.+-]+@[\w-]+\.[\w.-]+/,
  /(?:\+|\b00|\b)\d(?:[ ().-]?\d){8,}/,
  /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,}/,
];
/** Dates and times are long rows of digits too. */
const DATES = /\b\d{4}-\d{2}(-\d{2})?([T ]\d{2}:\d{2}(:\d{2})?)?\b/g;

/** Whether a question holds a value that must not leave the machine. */
export function holdsPersonalValue(question: string): boolean {
  const rest = question.replaceAll(DATES, ' ');
  return PERSONAL.some((pattern) => pattern.test(rest));
}
