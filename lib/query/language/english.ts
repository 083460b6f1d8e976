/**
 * English words that are a slip away from a word of the vocabulary and mean something else. Taken for a misspelling,
 * each would change an answer without a word: "scale" is no "sale".
 */
export const OTHER_WORDS: ReadonlySet<string> = new Set(
  'acceptable acme activate ad address ads age allocate alter ample autumn backed band bands bank batch beast begin beginning bellow best bitter blank blanks block blocks bloom blow bond book boost boot booted booth border boring boss bot bouncy bounded boxer bracelet braid breakfast bream brook brooks browse browser budget bundle bundles bus butter caller camel campaign campaigns canter capital car carried case cases cat cease chaining chair charger chase cheapest chick chuck classifier clause cleaner clerk click clicks clone clothing clover coarse coast cod codec coding collection color colour comets comin commission compete completer consume consumed consumption contract contributor convert converter cooper costa creative creature credit crested curse dad dante dearest debit debt debug debut decent declaration defining deflated deflect degrease deleted deletion describe designation desk destroy detain detect detective developer dings dinner dispatcher diver dividend dog door doting draft drift drive driver drone drones eared electric electron email employee employees end evening event exciting execute executed existing exit exiting expensive exploration exported expression fabric facing faster female fiddle fist fitting flavor flavour float follower fond font food forecast forecasted form forms forth found frail franchisee friction funding furnished game gender generative generator gloss goal goals gown grain grass grave graves greet grounded grouper guest gust halve halves handler handy hard hash hatch haunting heading height home hose hotel hour house importance incoming inefficient interior into intro joint joke kids label labels large larger lasting latex latter layer layers learning led lest libel line lined loader loading loan locating logger lost lot louse lunch machinery mail maine maintenance making male martin massage match matcher matches material math meaning meant meridian mismatch misspend mistake mixed mobilise mobilize modal moist monkey moon moore motivate mover movers movie multiply name names neatly needy negation negative news notation notion opener overtrain owned owner pace packaged packaging page pages paint pallet pallets pants paper parking party password pasta paste patterson pays pearson pen people pets phone phrase picked picker plan plane plans playing pleasure pocket poem pointed populate possibly post precious predict prediction premise premises preparer president pressing price prices pricing pride prince print printer probe proceeding process processing processor produce producer promise provided prune quack qualify quantify quartet questionably quicker quit quite quota rain raising rally rating ratings reactive reasoning receiver recipe redaction redevelop registers registry regulate remand remap rent reservation reserve responder retailer retain retry reuse reused reversal reverse reversed review reviews riding rise room rose rot rout route sable sage salary sand scale scan scanned scare scent scope scrape season seed seize select selection self sender sending sent session sessions setting settings settle settler sex shade shades shaft shame sharp shell shire shirt shoe shore shot shout shred shrink shutting sick sign signed signer sin sing singe singing skipper skipping slave slender slink slipper slower small smells snack snow sock socks solder solid sonar song span spans spare sped speeding spell spelling spice spitting splash splat splice splitter splitting sport spotting spring stack staff staging stale stall stalls stark start statue steak steering stick stiff stocks stoop storm story stranger stray stream string strings stripped stronger subscription subsidy suck suite summer sun supplier suppliers surge swig swill swinging syllable tail talking tame target targets tarry tend tends terminator theme thin think thorn thorough though thread threading thus tide tiger timing tired token trace track tracking traffic train trained training transient translation translations trial trick tried turner unfit unset urn user users usher vacation vague vendor vendors verve visit visitor visits waist wallet weakly weather wedding weekday weep weigh weight whale whatsoever whenever whereas wherever whether wholesaler width willing window winter witch worker world wrapper wring writhing yearn'.split(
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
