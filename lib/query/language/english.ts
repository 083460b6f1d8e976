/**
 * English words that are a slip away from a word of the vocabulary and mean something else. Taken for a misspelling,
 * each would change an answer without a word: "scale" is no "sale".
 */
export const OTHER_WORDS: ReadonlySet<string> = new Set(
  'acceptable acme booted facing heading mixed owned packaged staging coding evening fitting funding grounded incoming lasting meaning packaging pointed reasoning timing trained wedding willing ad address ads age alter ample backed band bands bank beast bellow best bitter blank blanks block blocks blow bond book boost border boring boss bounded boxer braid bream brook brooks browse browser budget bus butter camel campaign campaigns canter capital car carried case cases cat charger cheapest chick chuck clause click clicks clone clothing clover coast cod color colour comets comin compete contributor cooper costa credit crested dante debit debt debut dearest decent defining deflated degrease describe destroy detain detective developer dings diver dog doting drive driver drone drones eared email employee employees exciting existing exiting expensive exported faster female fiddle food forecast form forms forth found frail friction game gender generative generator gloss gown grain grass grave graves greet grouper halve halves handy hash haunting height home hotel hour house importance inefficient into intro joint joke kids large larger latter layer layers learning led lest libel line lined loading loan locating lost mail maine making male martin match matches meant meridian mismatch misspend moist monkey mover movers moon moore movie name names neatly needy negation negative news notation notion pace page pages paint pants party password pasta patterson pays pearson people pets phone picked plane poem populate post precious predict prediction premise premises president pressing price prices pricing pride prince print proceeding processing produce producer promise provided quack quantify quartet quicker quit quite rain raising rating ratings reactive recipe redaction redevelop registers registry remand rent retain review reviews riding rise room rose sable sage salary scale scare scent scope seed seize sender sending sent session sessions setting settings settle sex shade shades shame sharp shell shire shirt shoe shore shot shrink shutting sin sing singe singing skipping slender slower smells snack snow sock socks solder solid song span spans spare sped speeding spitting splat splitting sport spotting stack staff stale stall stalls statue stick stocks storm story string strings stripped stronger suck sun supplier suppliers surge swinging syllable tail talking tame tarry tend tends thin think thorough though thus tide tiger tired token tracking traffic train training transient translation translations trial tried unfit user users usher vacation vague vendor vendors visit visitor visits wallet weakly weather weep weight whatsoever whenever wherever whether width witch world wring writhing yearn'.split(
    ' ',
  ),
);

/** Forms of verbs that no rule of endings gives. */
const IRREGULAR: Readonly<Record<string, string>> = Object.fromEntries(
  'beat:beaten become:became begin:began,begun bite:bit,bitten blow:blew,blown break:broke,broken bring:brought build:built buy:bought catch:caught choose:chose,chosen cling:clung come:came cut:cut do:did,done draw:drew,drawn drive:drove,driven eat:ate,eaten fall:fell,fallen fetch:fetched find:found flee:fled fly:flew,flown forget:forgot,forgotten get:got,gotten give:gave,given go:went,gone grow:grew,grown hang:hung have:had hear:heard hold:held keep:kept know:knew,known lay:laid lead:led leave:left lie:lay,lain lose:lost make:made meet:met overspend:overspent pay:paid repay:repaid ring:rang,rung rise:rose,risen run:ran say:said see:saw,seen sell:sold outsell:outsold send:sent resend:resent shake:shook,shaken show:showed,shown shrink:shrank,shrunk sink:sank,sunk sit:sat slide:slid sneak:snuck speak:spoke,spoken spend:spent stand:stood stick:stuck swing:swung take:took,taken tell:told think:thought throw:threw,thrown undo:undid,undone wake:woke,woken wear:wore,worn withdraw:withdrew,withdrawn write:wrote,written'
    .split(' ')
    .flatMap((entry) => {
      const [base, forms] = entry.split(':') as [string, string];
      return forms.split(',').map((form) => [form, base]);
    }),
);

/** "shop", "plan": a short vowel before the last letter, which is doubled before an ending. */
const DOUBLES = /^[^aeiou]*[aeiou][^aeiouwxy]$/;

function regularBases(word: string): string[] {
  const stem = /^(.{3,}?)(?:ing|ed)$/.exec(word)?.[1];
  if (!stem) return [];
  const doubled = stem.at(-1) === stem.at(-2);
  const plain = DOUBLES.test(stem) ? [] : [stem];
  return [
    ...plain,
    `${stem}e`,
    ...(doubled ? [stem.slice(0, -1)] : []),
    ...(word.endsWith('ied') ? [`${stem.slice(0, -1)}y`] : []),
  ];
}

/** What a word may be a form of, the likeliest first: "ordering" of "order", "shipped" of "ship", "brought" of "bring". */
export function baseForms(word: string): readonly string[] {
  if (OTHER_WORDS.has(word)) return [];
  return Object.hasOwn(IRREGULAR, word) ? [IRREGULAR[word]!] : regularBases(word);
}
