const words = (text: string) => text.trim().split(/\s+/);

/** Aggregates; each may also stand over a window. */
const AGGREGATES = words('AVG COUNT GROUP_CONCAT MAX MIN STDDEV_POP STDDEV_SAMP SUM VAR_POP VAR_SAMP');

/** Only over a window. */
export const WINDOW_ONLY: ReadonlySet<string> = new Set(
  words('CUME_DIST DENSE_RANK FIRST_VALUE LAG LAST_VALUE LEAD NTH_VALUE NTILE PERCENT_RANK RANK ROW_NUMBER'),
);

/**
 * Functions of one value or a few, the same on MySQL and MariaDB. None reads a file, a variable or the state of the
 * server, waits, takes locks, or makes a long string out of a short one (REPEAT, SPACE, LPAD).
 */
const SCALARS = words(`
  ABS CEIL CEILING EXP FLOOR GREATEST LEAST LN LOG LOG10 LOG2 MOD POW POWER ROUND SIGN SQRT TRUNCATE
  COALESCE IF IFNULL NULLIF ELT FIELD
  ASCII CHAR_LENGTH CHARACTER_LENGTH CONCAT CONCAT_WS FORMAT HEX INSTR LCASE LEFT LENGTH LOCATE LOWER LTRIM MID
  REPLACE REVERSE RIGHT RTRIM STRCMP SUBSTR SUBSTRING SUBSTRING_INDEX TRIM UCASE UPPER
  ADDDATE CURDATE CURRENT_DATE CURRENT_TIMESTAMP DATE DATE_ADD DATE_FORMAT DATE_SUB DATEDIFF DAY DAYNAME DAYOFMONTH
  DAYOFWEEK DAYOFYEAR FROM_DAYS FROM_UNIXTIME HOUR LAST_DAY LOCALTIME LOCALTIMESTAMP MAKEDATE MICROSECOND MINUTE MONTH
  MONTHNAME NOW PERIOD_ADD PERIOD_DIFF QUARTER SEC_TO_TIME SECOND STR_TO_DATE SUBDATE TIME TIME_FORMAT TIME_TO_SEC
  TIMEDIFF TIMESTAMP TIMESTAMPADD TIMESTAMPDIFF TO_DAYS UNIX_TIMESTAMP UTC_DATE UTC_TIMESTAMP WEEK WEEKDAY WEEKOFYEAR
  YEAR YEARWEEK JSON_EXTRACT JSON_UNQUOTE`);

export const FUNCTIONS: ReadonlySet<string> = new Set([...AGGREGATES, ...WINDOW_ONLY, ...SCALARS]);
export const AGGREGATE_FUNCTIONS: ReadonlySet<string> = new Set(AGGREGATES);

/** Their first argument is a unit of time, not a column. */
export const UNIT_FIRST: ReadonlySet<string> = new Set(['TIMESTAMPADD', 'TIMESTAMPDIFF']);
export const UNITS: ReadonlySet<string> = new Set(words('MICROSECOND SECOND MINUTE HOUR DAY WEEK MONTH QUARTER YEAR'));

/**
 * Arguments that are short strings written down. Two long strings in one of these keep a server busy for minutes in a
 * single call, in which it hears no KILL: REPLACE inside REPLACE was measured at more than ten minutes.
 */
export const LITERAL_ARGUMENTS: Readonly<Record<string, readonly number[]>> = {
  CONCAT_WS: [0],
  DATE_FORMAT: [1],
  INSTR: [1],
  LOCATE: [0],
  REPLACE: [1, 2],
  STR_TO_DATE: [1],
  SUBSTRING_INDEX: [1],
  TIME_FORMAT: [1],
};
export const MAX_LITERAL = 100;
