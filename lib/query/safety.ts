import { nearest } from './language/spelling.ts';

/** Questions that are answered with a sentence and never with SQL. */
export type Refusal = 'refuse_write' | 'refuse_pii' | 'refuse_unsafe' | 'out_of_scope';

export interface Screened {
  class: Refusal;
  message: string;
  /** What can be asked instead. */
  choices: readonly string[];
}

const anyOf = (...patterns: string[]) => new RegExp(patterns.map((pattern) => `(?:${pattern})`).join('|'), 'i');

/** SQL, server internals and attempts to talk the program out of its rules. */
const UNSAFE = anyOf(
  '\\bunion\\s+(all\\s+)?select\\b',
  '\\bselect\\b[\\s\\S]*\\bfrom\\b',
  '\\bselect\\s+(\\*|@@|version\\(|user\\(|sleep\\(|benchmark\\(|load_file)',
  '\\b(drop|alter|create|truncate)\\s+(table|database|schema|user|index|view|procedure|trigger)\\b',
  '\\b(drop|alter|truncate)\\b[^?]*\\b(table|database|schema)s?\\b',
  '\\binsert\\s+into\\b',
  '\\bdelete\\s+from\\b',
  '\\bupdate\\s+\\w+\\s+set\\b',
  '\\bgrant\\s+(all|select|insert|update|delete|usage)\\b',
  '\\b(revoke|privileges?|superuser|root user|root access|admin rights)\\b',
  '\\binto\\s+(out|dump)file\\b',
  '\\bload_file\\b',
  '\\bload\\s+data\\b',
  '\\b(information_schema|performance_schema|mysql\\.user|sys\\.|pg_catalog|sqlite_master)\\b',
  '\\b(sleep|benchmark|get_lock|extractvalue|updatexml)\\s*\\(',
  '\\bshow\\s+(me\\s+)?(all\\s+|the\\s+)*(database\\s+)?(tables|databases|schemas|grants|processlist|variables|users of the database|columns|table names|column names)\\b',
  '\\b(tables?|columns?)\\s+(names?\\s+)?(are\\s+)?(in|of|exist in)\\s+(the\\s+|your\\s+|this\\s+)?(database|schema|db)\\b',
  '\\b(list|which|what)\\b[^?]*\\b(tables|databases|schemas|db users|database users|mysql users)\\b',
  '\\b(database|db|mysql|server)\\s+(version|users?|password|credentials|config\\w*|variables|schema|host\\w*|connection string)\\b',
  '\\b(schema|version|structure|dump)\\s+of\\s+(the\\s+|your\\s+)?(database|db|server|tables?)\\b',
  '/etc/passwd|\\brm\\s+-|\\bsudo\\b|\\b(curl|wget|chmod|bash|powershell)\\s',
  '\\b(describe|desc)\\s+(the\\s+)?\\w+(\\s+table)?\\s*[?;]?$',
  '\\bselect\\s+(\\d|\\*|@|[a-z_]+\\()|\\bexplain\\s+select\\b|\\bdump\\b',
  '\\b(list|show|what|which|all)\\b[^?]*\\b(columns?|table fields|indexes)\\s+(of|in|from|are)\\b',
  '\\b(read|open|cat|download|print)\\b[^?]*\\b(file|/[a-z]+/)',
  '\\b(ignore|disregard|forget|override|bypass|skip)\\b[^?]*\\b(instructions?|rules?|prompt|guard\\w*|restrictions?|safety|filters?|previous|above)\\b',
  '\\b(system|initial|hidden)\\s+(prompt|message|instructions?)\\b',
  '\\byour\\s+(instructions|prompt|rules|api key|source code)\\b',
  '\\bapi[\\s_-]?keys?\\b',
  '\\b(jailbreak|dan mode|developer mode|act as|pretend (to be|you)|you are now|roleplay)\\b',
  '\\b(run|execute|exec|eval)\\b[^?]*\\b(sql|query|queries|command|shell|code|script|statement)\\b',
  "--\\s|--$|/\\*|\\*/|;\\s*\\S|\\bor\\s+1\\s*=\\s*1\\b|'\\s*or\\s*'|\\b1\\s*=\\s*1\\b|@@\\w|\\b0x[0-9a-f]{4,}",
  '<script|\\$\\{|\\{\\{|\\bxp_cmdshell\\b|\\bshutdown\\b|\\bkill\\s+(query|connection|process)\\b',
  '\\b(environment variables?|env vars?|secrets?|credentials?)\\b',
);

/** How mails to customers did, which is neither anybody's address nor an order to send one. */
const MAIL_FIGURES =
  'e-?mails?\\s+((newsletters?|campaigns?|marketing)\\s+)?(open rates?|clicks?|click-through|ctr|bounce rates?|conversions?|traffic)\\b';

/** Personal and secret data: never read, never filtered by. */
const PERSONAL = anyOf(
  '\\S@\\S+\\.\\w',
  `\\b(?!${MAIL_FIGURES})e-?mails?\\b`,
  '\\bmail\\s+address',
  '\\b(phone|telephone|mobile|cell|fax)\\s*(number|no|nr|#)s?\\b',
  "\\bphones?\\s+(of|for)\\b|\\b(customers?|clients?|buyers?|their|his|her)('s)?\\s+phones?\\b|^\\W*phones?\\W*$",
  '\\b(home|street|shipping|billing|delivery|postal|mailing|ip|physical|exact|customers?)\\s+address(es)?\\b',
  '\\baddress(es)?\\b',
  '\\b(card|credit card|debit card|account|iban|passport|social security|id card|license)\\s*(number|no|nr|data|detail|info\\w*|token|#|holder)s?\\b',
  '\\b(pan|cvv|cvc|iban|ssn)s?\\b',
  '\\bexpir(y|ation)\\s+dates?\\b',
  '\\bpasswords?\\b|\\bpasscodes?\\b|\\bpass\\s?words?\\b|\\bhash(es)?\\b|\\btokens?\\b|\\bpin\\s+(codes?|numbers?)\\b',
  '\\b(full|first|last|real|sur|given|family|maiden)\\s?names?\\b',
  "\\b(customers?|clients?|buyers?|shoppers?|people|persons?|users?|cardholders?|their|recipients?)('s|s')?\\s+(and\\s+)?names?\\b",
  '\\bnames?\\s+(and\\s+\\w+\\s+)?(of|for)\\s+(\\w+\\s+){0,4}(customers?|clients?|buyers?|shoppers?|people|persons?|users?|everyone|anybody|recipients?)\\b',
  '\\bby\\s+name\\b.*\\bcustomers?\\b|\\bcustomers?\\b.*\\bby\\s+name\\b',
  '\\b(customer|client|buyer)s?\\s+(named|called)\\b',
  '\\b(order|orders|purchases?|purchased|bought)\\s+(\\w+\\s+){0,2}(by|from|of|for)\\s+(mr|mrs|ms|dr|john|jane|mary)\\b',
  '\\b(mailing|contact|address)\\s+(lists?|books?)\\b',
  '\\bcontact\\s+(details?|data|info\\w*|list)\\b|\\bhow\\s+(can|do)\\s+(i|we)\\s+(contact|reach|call)\\b',
  '\\b(date of birth|birth\\s?(day|date)s?|dob|ages?|gender|nationality|ethnicity|religion)\\b(?!\\s+of\\s+(stock|the\\s+order|orders?))',
  '\\bwhere\\s+(do|does)\\s+(\\w+\\s+){0,3}(customers?|clients?|buyers?|they)\\s+live\\b.*\\b(exactly|street)\\b',
  '\\b(personal|private|sensitive|confidential)\\s+(data|information|info|details?)\\b',
  '\\b(post\\s?codes?|zip\\s?codes?|postal\\s?codes?)\\b',
  '\\bwho\\s+(is|exactly is)\\s+customer\\b',
);

/** Verbs that change data wherever they stand. */
const ALWAYS_WRITES = anyOf(
  '\\b(delete|erase|purge|wipe|overwrite|truncate|deactivate|anonymi[sz]e|rename|unsubscribe|blacklist|reassign)\\b',
  '\\bget rid of\\b',
  '\\bshould\\s+(now\\s+)?(cost|be|become|say|read)\\b[^?]*\\b(\\d|free|cancelled|shipped|active|inactive)|\\bfrom now on\\b',
  '\\b(give|grant|offer|send)\\b[^?]*\\b(a|an|them|free)\\b[^?]*\\b(discount|refund|coupon|credit|voucher|gift|e-?mail|message)\\b',
  '^\\W*(please\\s+)?(give|grant|offer)\\s+(?!me\\b|us\\b)[^?]*\\d\\s?(%|percent)\\s*(off|discount|reduction)\\b',
  '\\b(re)?order\\s+\\d+\\s+(more\\s+)?(units?|pieces?|of)\\b',
  '\\b(set|change|update|adjust|edit|modify|correct|fix|raise|lower|increase|decrease|reduce|bump|cut|double|halve)\\b[^?]*\\b(price|prices|cost|costs|stock level|stock|inventory|status|address|segment|quantity|reorder point|coupon|discount|name|currency|carrier|warehouse|category|brand|channel|score|flag|amount)s?\\b[^?]*\\b(to|by|as|from|of (the )?(order|product|customer))\\b',
  '\\b(mark|flag|tag)\\s+(\\w+\\s+){0,6}(as|with)\\b',
  '\\b(remove|insert|add)\\b[^?]*\\b(from|to|into|in)\\s+(the\\s+|our\\s+)?(database|table|catalogu?e|system|stock|inventory|shop|store|orders?|products?|customers?|list|category|account)\\b',
);

/** Verbs that change data when the sentence begins with them. */
const COMMANDS =
  'add|adjust|apply|approve|archive|assign|ban|block|bump|capture|clear|clean up|close|correct|create|deduct|disable|edit|email|enable|fix|fulfil|fulfill|grant|halve|hide|import|insert|issue|mark|merge|modify|notify|pack|pause|promote|publish|put|reactivate|reimburse|reject|release|remove|replace|replenish|reprice|reschedule|reserve|reset|resend|restock|restore|reverse|revert|save|schedule|send|set|swap|switch|transfer|undo|unblock|update|upgrade|void|withdraw|write';
/** Verbs that are nouns of the trade too: "refund rate" asks, "refund order 5" commands. */
const AMBIGUOUS =
  'book|cancel|change|charge|credit|cut|decrease|discount|dispatch|double|drop|hold|increase|lower|make|move|order|place|raise|reduce|refund|register|reorder|return|ship';
const OBJECT =
  '(?:orders?|all|every|each|any|the|this|that|these|those|it|them|him|her|products?|customers?|items?|units?|my|our|an?|prices?|stock|inventory|coupons?|parcels?|shipments?|payments?|#?\\d+)';
const LEAD =
  "(?:please|pls|kindly|now|just|then|and|also|ok|okay|hey|hi|can you|could you|would you|will you|can we|could we|i want (?:you )?to|i'd like (?:you )?to|i would like (?:you )?to|i need (?:you )?to|we need to|we should|you should|let's|lets|let us|go ahead and|make sure to|help me|try to|to)";
const COMMAND = new RegExp(`^(?:${LEAD}[ ,]+)*(?:${COMMANDS})\\s+(\\S+)`, 'i');
const ORDERING = new RegExp(`^(?:${LEAD}[ ,]+)*(?:${AMBIGUOUS})\\s+${OBJECT}\\b`, 'i');
const THEN_COMMAND = new RegExp(
  `(?:\\b(?:and|then|also)|,)\\s+(?:${COMMANDS}|${AMBIGUOUS})\\s+(?:it|them|all|those|these|every|each|their|the (?:customers?|orders?|products?|payments?|prices?|stock))\\b`,
  'i',
);
/** Sorting is no writing: "order the categories by revenue", "return the top 5". */
const HARMLESS =
  /\b(?:put|set|place|hold)\b.*\b(?:against|next to|beside|alongside|side by side)\b|^(?:\w+ ){0,3}?(?:order\b.*\bby\b|return (?:the |me )?(?:top|best|list|number|all\b.*\bby)|place of|change in)/i;

/** "update on sales", "set of", "issue rate": the verb is a noun here. */
const NOUN_AFTER = /^(on|in|of|by|per|rates?|counts?|numbers?|for|from|with|vs|versus|and)$/i;

/** "email list of", "I want to write to ...: their email addresses": the address is what is asked for. */
const ASKS_FOR_MAIL = /\b(?:e-?mail|mailing)\s+(?:list|address\w*)\b/i;

const OF_MAILS = new RegExp(`^${MAIL_FIGURES}`, 'i');

function isCommand(question: string): boolean {
  const text = question.trim();
  if (HARMLESS.test(text)) return false;
  const match = COMMAND.exec(text);
  if (match && (ASKS_FOR_MAIL.test(text) || OF_MAILS.test(text))) return false;
  if (match) return !NOUN_AFTER.test(match[1]!.replace(/[?.,!]+$/, ''));
  return ORDERING.test(text);
}

/** What the shop's database does not hold. */
const ELSEWHERE = anyOf(
  '\\b(weather|temperature|rain|snow|climate)\\b',
  '\\b(visitors?|visits?|visited|browsed|browsing|sessions?|page\\s?views?|traffic|clicks?|click-through|ctr|impressions?|bounce rate|conversion( rate)?s?|funnel|abandon\\w*|search(es)? terms?|seo|add to cart)\\b',
  '\\b(employees?|staff|salar(y|ies)|payroll|wages?|headcount|hr|hiring|payslips?|vacation|manager|ceo|boss)\\b',
  '\\b(competitors?|market share|industry|share price|stock (price|market)s?|shares? of (apple|google|amazon|tesla)|bitcoin|crypto\\w*|exchange rates?|inflation|interest rates?)\\b',
  '\\b(ad|ads|advert\\w*|ad ?spend|marketing|campaigns?|newsletters?|google ads|facebook|instagram|tiktok|social media|influencers?|followers?|roas|cac|open rate)\\b',
  '\\b(reviews?|ratings?|stars|nps|promoters?|satisfaction|sentiment|complaints?|feedback|support tickets?|tickets? (opened|closed)|call cent(er|re)|chat)\\b',
  '\\b(suppliers?|vendors?|purchase orders? to|procurement|rent|electricity|utilities|office|bank balance|cash ?flow|balance sheet|ebitda|debts?|loans?|taxes owed|opex|overheads?)\\b',
  '\\b(joke|poem|story|song|haiku|recipe|translate|translation|meaning of life|capital of|president|prime minister|world cup|football|soccer|movie|game|news|horoscope|lottery|homework|essay|email draft|what time is it|who are you|how old are you|your name|are you (human|real|a robot|an ai))\\b',
  '\\b(euro|pound|yen|dollar|franc)s?\\b[^?]*\\b(against|versus|vs|rate)\\b',
  '\\b(forecast|predict\\w*|projection|projected|will (we|be|there|it|our|the|sell|happen|grow)\\b(?!.*\\b(last|enough|suffice|run out|out of stock|sold out)\\b)|going to (be|sell)|next (week|month|quarter|year|weekend|christmas|season)|tomorrow|in the future|expected (sales|revenue|orders))\\b',
  '\\b(say|says|said|think|thinks|feel|felt|talk\\w*|comment\\w*|wrote|write|complain\\w*)\\s+(about|on|of)\\b',
  '\\b(why is the sky|how do i (cook|make|build|code|write)|python|javascript code|write (a|me|some))\\b',
  '\\b(website|server|page) (uptime|speed|load|performance|crash\\w*)\\b|\\buptime\\b|\\blatency\\b',
  '\\b(co2|carbon|emissions?|footprint|weights? of|dimensions of|colou?rs?|sizes? sold|materials?)\\b',
  '\\b(subscriptions?|subscribers?|mrr|arr|gift cards?|loyalty points?|wish ?lists?|store (visits|footfall)|footfall|foot traffic)\\b',
);

const MESSAGES: Record<Refusal, { message: string; choices: readonly string[] }> = {
  refuse_write: {
    message: 'I only read: nothing can be changed through a question.',
    choices: ['how many cancelled orders last year', 'revenue by product last month'],
  },
  refuse_pii: {
    message: 'Personal and secret data is not answered; customers are shown by their id only.',
    choices: ['top 20 customers by revenue', 'payment failures by failure code today'],
  },
  refuse_unsafe: {
    message: 'That is no question about the shop, and nothing was sent to the database.',
    choices: ['top products last week', 'how many orders yesterday'],
  },
  out_of_scope: {
    message:
      'The database holds orders, payments, refunds, parcels, products, stock and customers up to now, and nothing about that.',
    choices: ['how many orders last week', 'how many customers ordered last week'],
  },
};

/** What is said to a question of that class. */
export const refuse = (reason: Refusal): Screened => ({ class: reason, ...MESSAGES[reason] });

/** What misspelt words are tried as: a slip of the finger must not talk the screen out of anything. */
const SCREENED: ReadonlySet<string> = new Set(
  'email emails address addresses password passwords phone phones card number numbers token tokens delete update remove insert erase drop table select visitor visitors weather tomorrow forecast salary'.split(
    ' ',
  ),
);

/** The nearest of the words that the screen looks for, to a word that nothing else knows. */
export const screenedWord = (word: string): string | undefined => nearest(word, SCREENED, SCREENED);

/** "Rain Jacket": in the middle of a sentence a capital letter may begin a name of the catalogue. */
function mayBeName(text: string, match: RegExpExecArray): boolean {
  return match.index > 0 && /^\p{Lu}\p{Ll}/u.test(match[0]) && /\p{Ll}/u.test(text.slice(0, match.index));
}

/**
 * The first reason not to answer, or undefined for a question that may be planned. With the names of the catalogue they
 * are read as names ("units sold of Rain Jacket"); without them what may be one is left to be decided with them.
 */
export function screen(question: string, names?: readonly string[]): Screened | undefined {
  const text = question.normalize('NFKC').replaceAll('’', "'");
  if (UNSAFE.test(text)) return refuse('refuse_unsafe');
  if (ALWAYS_WRITES.test(text) || isCommand(text) || THEN_COMMAND.test(text)) {
    return refuse('refuse_write');
  }
  if (PERSONAL.test(text)) return refuse('refuse_pii');
  const elsewhere = ELSEWHERE.exec(text);
  if (!elsewhere) return undefined;
  if (!names) return mayBeName(text, elsewhere) ? undefined : refuse('out_of_scope');
  const rest = names.reduce((left, name) => left.replaceAll(name, 'it'), text);
  return ELSEWHERE.test(rest) ? refuse('out_of_scope') : undefined;
}
