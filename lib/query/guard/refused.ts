/** Why a statement was not taken. */
export type RefusalClass =
  /** Its letters: comments, quotes of other kinds, bytes that two readers could take apart differently. */
  | 'text'
  /** It is not SQL that the parser knows. */
  | 'syntax'
  /** Something other than reading rows. */
  | 'statement'
  /** A table that questions may not read, or that does not exist. */
  | 'table'
  /** A column that questions may not read, that does not exist, or `*`. */
  | 'column'
  | 'function'
  /** A form of SELECT outside the subset that MySQL and MariaDB share, or one with side effects. */
  | 'construct'
  /** Tables multiplied with each other, or a recursion without an end. */
  | 'cost';

/** Free SQL that is not run. Nothing of it has reached a server. */
export class RefusedSql extends Error {
  override readonly name = 'RefusedSql';
  readonly class: RefusalClass;

  constructor(refusal: RefusalClass, message: string) {
    super(message);
    this.class = refusal;
  }
}
