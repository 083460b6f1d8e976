/** Words that hold a question together, by the part they play. */
export const ROLES = {
  by: 'by|per|for each|for every|each|every|across|broken down by|break down by|breakdown by|split by|split up by|grouped by|group by|in each|in every|within each|by each|per each|split into|by the|separated by|according to|segmented by|by individual|for all|for the different|breakdown per|split per|split out by|break|break down|broken down|break it down by|break our|split by each|for each of|in each of|in each of the|for each one of|of each|over the|over each|day by day|separately for each|distributed over|distributed across|spread over|spread across|category by category|split|split between|breakdown|breakdown of|split out|split it by|splitted by|broken out by|sliced by|for each and every|one by one|sorted into|divided by|divided into|depending on|according to the',
  best: 'most day|top|best|highest|most|biggest|largest|greatest|leading|strongest|max|maximum|best performing|top performing|main|number 1|best selling|top selling|selling best|sold best|fastest growing|grew the most|grown the most|gained the most|lost the most|biggest increase|largest increase|strongest growth|highest growth|most improved|biggest gain|biggest drop|largest drop|biggest decline|largest decline|dropped the most|fell the most|declined the most|biggest decrease|more than any other|the more|heaviest|champion|winning|most important|most valuable|valuable|highest value|big|strong|largest number|hottest|fullest|richest|healthiest|star|winner|leader|number one|no 1|top the list|lead the field|come out on top|came out on top|tops|most successful|single biggest|single best|most lucrative|brightest|single largest|single most|single highest|finest|toughest|tallest',
  worst:
    'slowest growing|grew the least|least growth|fewest day|worst|lowest|least|bottom|smallest|fewest|weakest|min|minimum|poorest|worst performing|poorly|lowest number|low performing|slowest selling|slow moving|slowest moving|slow seller|worst seller|weak|badly|quietest|coldest|thinnest|loser|laggard|flop|dud|leanest|deadest|single worst|single lowest|meagre|slimmest|lightest',
  versus:
    'vs|versus|compare|compared to|compared with|comparison|in comparison|against|than|relative to|v|difference|differ|difference between|comparing|comparison with|stack up against|stack up|against that of|against those of|next to|side by side|set against|as opposed to|put next to|beat|ahead of|behind|measure up|measure up against|measured against|hold up against|up on|down on|better off than|versus that of|held against|put up against',
  change:
    'slowest growing|grew the least|least growth|more|fewer|less|higher|lower|fastest growing|grew the most|grown the most|gained the most|biggest increase|largest increase|strongest growth|highest growth|most improved|biggest gain|change|changed|growth|grow|grew|grown|growing|increase|increased|up or down|gone up|go up or down|by how much|trend up|move|moved on|swing',
  fell: 'declined|decline|biggest drop|largest drop|biggest decline|largest decline|dropped the most|fell the most|lost the most|declined the most|biggest decrease|fell|fallen|drop|dropped|decline versus|decreased|decrease|shrank|shrunk|down|lost ground|fall|go down|went down|decrease in|losing|worse|declining|gone down|worse than|slump|slumped|slipped|slip|slid|sank|sink|sunk|dip|dipped|shed|tumbled|tumble|slide|sliding|slipping|cooled|cooled off|shrink|shrinking|plunged|lost revenue|lost sale',
  rose: 'grew|grown|growing|increased|rose|risen|went up|go up|up|improved|better|rising|gone up|better than|do better|climb|climbed|jumped|jump|soared|soar|surge|surged|pick up|picked up|picking up|climbing|gained ground|take off|took off|ahead',
  more: 'more than|over|above|greater than|higher than|exceeding|exceed|beyond|older than|longer than|bigger than|larger than|upwards of|in excess of|north of|worth over|worth more than|at more than',
  least: 'at least|minimum of|no less than|or more',
  less: 'less than|under|below|fewer than|smaller than|lower than|not more than|cheaper than',
  most: 'at most|maximum of|no more than|or less|up to',
  not: 'not|never|no|without|zero|none|excluding|except|except for|other than|apart from|not in|not from|outside|outside of|minus|not a single|any yet|non|but not|leaving out|ignoring|exclude|leave out|ignore',
  which:
    'which|what|who|whose|which of|what of|which one|during which|in which|on which|at which|from which|for which|which one of|what kind of',
  list: 'list|show|show me|give me|display|which|see|pull up|find|get me|find me|list all|list of|i want to see|let me see',
  vsand: 'and|or|plus|as well as|along with|together with|&|also',
  share:
    'share of total|percentage of total|percent of total|share of the total|proportion of total|of the total|contribution|contribute|contributed|contributes to|mix|distribution|in percent|percentage wise|percentagewise|in percentage|as a percentage|percentage split|percent split|account for|make up|slice|chunk|piece of the pie|portion of the total|part of the total|how big a slice',
  running:
    'running total|cumulative|cumulated|accumulated|cumulatively|running sum|building up|running|accumulating|adding up|added up day by day|add up over time|so far each day|to date by',
  trend:
    'development|develop|developed|evolve|trend|over time|evolution|time series|development over time|timeline|progression|history|evolved|trending|trended|curve|course|over the week|over the month|month to month trend|go up and down|ups and downs|up and down',
  latest: 'latest|newest|recent|most recent|last',
  oldest: 'oldest|earliest',
  lowstock:
    'run out first|run out next|need to be restocked|be restocked|need to be replenished|be replenished|low stock|low in stock|low on stock|running low|about to run out|about to run out of stock|run out of stock soon|running out|running out of stock|need reordering|need to be reordered|need to reorder|to reorder|should we reorder|should reorder|reorder|restock|need restocking|need to restock|below reorder point|under reorder point|at reorder point|below the reorder point|under the reorder point|almost out of stock|nearly out of stock|nearly sold out|almost sold out|run out soon|run low|low inventory|low on inventory|close to running out|almost gone|getting low|running short|reaching their reorder point|need replenishing|replenish|replenishment|be reordered|at or below reorder point|at or below their reorder point|below their reorder point|short on stock|low|soon out of stock|soon be out of stock|out of stock soon|will soon be out of stock|run out of stock soon|soon sold out|nearly out|running out soon|soon run out|be out of stock soon|close to running out of stock|nearly gone|top up|topping up|refill|refilled|about to sell out|nearly finished|scarce|getting scarce|be topped up|need topping up|order again soon|nearly run out|close to empty|almost empty|about to go|restocking|need to buy again|buy in again|reordering|should be reordered|must be reordered|short supply|in short supply|running out fast',
  nostock:
    'out of stock|sold out|no stock|zero stock|no stock left|not in stock|unavailable|stockout|nothing left|no longer available|have no stock|stock out|not available|ran out|none left|gone|sold through|fresh out|completely sold out|empty|cleaned out|nothing on the shelf',
  unshipped:
    'but not shipped|but not yet shipped|but not sent|not shipped|not yet shipped|unshipped|not shipped yet|have not shipped|not been shipped|awaiting shipment|waiting to ship|waiting to be shipped|still to ship|have not been shipped|not gone out|not yet been shipped|not left the warehouse|not been dispatched|not dispatched|yet to ship|still not shipped|have not shipped yet|not yet dispatched|undispatched|still waiting to ship|has not shipped|are not shipped|have not been sent|to be shipped|still here|still in the warehouse|still in house|not gone out yet|not out the door|not out of the door|not sent|not sent out|not sent yet|have not gone out|has not gone out|have not left|has not left|not left|still to go out|yet to go out|yet to leave|still to be sent|waiting to go out|waiting to be sent',
  neverordered:
    'never ordered|never bought|without an order|without order|no order|never purchased|have not ordered anything|not bought anything|never placed an order|without any order|no purchase|not ordered yet|have not ordered yet|never made a purchase|never buy|without a purchase|not a single order|without a single order|have never ordered|yet to order|yet to buy|yet to place an order|have yet to order|never spent anything|never bought a thing|not bought a thing|never bought anything|never ordered anything|never ordered a thing',
  unsold:
    'never sold|not sold|zero sale|no sale|never been sold|unsold|not selling|have not sold|did not sell|not been sold|nobody bought|no one bought|not sell|without sale|without a sale|without any sale|nobody buy|without a single sale|not a single sale|never bought by anyone|not moved|no one has bought|nobody has bought|never been bought|zero unit sold|no unit sold|not sold a single unit|sold nothing|dead stock|not sold at all|have zero sale|no buyer|not sold anything|not sold even once|not even sold once|nobody ever bought|nobody has ever bought|no one ever bought|no one has ever bought|not sold once|never moved|gathering dust|collecting dust|not a single one sold|without a buyer|not bought by anyone|not found a buyer|found no buyer|no takers|no taker|not shifted|sitting on the shelf',
  expected: 'should|ought to|supposed to|meant to',
  inactive:
    'last order|last purchase|last ordered|last bought|have not ordered|not ordered|have not bought|not bought|no order|inactive|lapsed|dormant|have not purchased|not purchased|has not ordered|has not bought|not placed an order|have not placed an order|without an order|without order|not come back|did not order|not bought anything|not been active|quiet|churned|gone quiet|stopped ordering|not shopped|have not shopped|nothing ordered|bought nothing|ordered nothing|nothing bought|silent|gone silent|asleep|absent|away|missing|sleeping|not seen|not been seen|not heard from|lost|disappeared|vanished|stayed away|stay away|not been back|gone cold|not returned|have not returned|not been in|not shown up|not come in|not spent anything|not spent a penny|stopped buying',
} as const satisfies Record<string, string>;
export type Role = keyof typeof ROLES;

/** Words that carry no meaning of their own in a question about the shop. */
export const FILLERS: readonly string[] = [
  'biggest first|largest first|highest first|best first|contain|containing|contained|including|include|put|set|know|gain|gained|win|won|placed|but|i need|we need|i want|we want|want to know|want to see|need to know',
  'need to see|would like|like to know|like to see|look like|looking like|look at|let me know|see|the|a|an',
  'our|my|we|us|i|you|me|their|its|it|they|them|this|that|these|those|is|are|was|were|be|been|do|does|did',
  'doing|done|have|has|had|having|will|would|can|could|shall|may|might|must|please|thank|thanks|hi',
  'hello|hey|ok|just|only|really|actually|currently|now|so|so far|far|yet|still|then|there|here|of|in|on|at',
  'to|from|for|with|into|out|off|as|if|about|via|through|around|between|among|total|overall|altogether|all',
  'any|some|also|too|very|much|many|such|same|own|get|got|getting|tell|go|went|come|came|coming|come from',
  'came from|coming from|take|took|taken|give|given|gave|let|place|received|receive|collected|collect',
  'handled|recorded|issued|report|overview|figure|data|info|information|detail|table|result|view|list',
  'show|shop|store|company|in total|by far|where|how|when|why|what|which|who|go to|went to|going to|sit in',
  'terms of|term of|in term of|based on|sort|sorted|ordered by|sorted by|ranked by|rank|ranked|ranking',
  'exactly|roughly|approximately|anyone|different|various|individual|particular|basis|one|ones|at all|even',
  'full|whole|entire|both|either|again|what are|what is|who are|calculate|compute|quick|summary|display',
  'fetch|plot|draw|chart|graph|made|make|paid|thing|stuff|people|person|use|used|bring|brought|long|in hour',
  'in day|usd|each|wise|by value|and|across|worth|your|kind of|type of|up|out of|customer id|across all',
  'per se|we have|do we have|on file|on record|end up|ended up|whose|there any|anything|something|created',
  'opened|because|because of|due to|issue|reason why|caused by|marked|like|i like|like to|i wonder|wondering',
  'wonder|i was wondering|tell me|say|find|find out|figure out|work out|check|look|look back|looking',
  'looking back|back over|add up to|adds up to|added up|amount to|come to|came to|gone|goes|going|being',
  'get to|got to|was there|is there|are there|were there|have there been|that of|those of|of those',
  'out of all|of all|all of|as well|well|show please|restrict|restrict to|restricted to|limit to|limited to',
  'narrow|narrow down|narrow down to|filter|filter by|filter to|keep only|it only|high|how high|how big',
  'how large|how great|large|carry|carries|carrying|covering|covered|hold|holding|held|in terms',
  'with regard to|regarding|concerning|when it come to|in each|need|needs|needed|want|wanted|wants|help',
  'help me|in absolute terms|in dollars|in number|by number|in money|themselves|ourselves|itself|while',
  'whether|if any|if you look at|you look at|take a look at|have a look at|over all|please tell me',
  'the whole of|whole of|actual|respective|respectively|separately|separate|apiece|together|in all|per our',
  'count up|counted|sum up|happen|happened|happening|occur|occurred|exist|exists|over which|by which',
  'of which|to which|onto|upon|towards|toward|amongst|us the|whichever|whatever|run|ran|sit',
  'right|just now|hello there|quick question|question|curious|remind|remind me|give me an idea|idea|picture',
  'sense|rundown|summarise|summarize|summary of|rough|approx|about how|something like|kinda|sort of',
  'basically|simply|period of|timeframe|time frame|span|throughout|over the course of|course of|within the',
  'inside|that are|that is|who is|which are|which is|that were|that was|who were|who was',
  'has it',
  'single|included|includes|featuring|feature|featured|involving|involve|belong|belonging|saw|seen|seeing',
  'expect|keep|kept|stay|stayed|started|began|come up|show up|turned up|sits|sitting|sitting in|waiting',
  'waiting in|idle|lie|lies|lay|all told|all in all|a bit|rather|such a|ones that|those that|those who',
  'the ones|in fact|as it is|at our|at the|for us|with us|from us|to us|on us|by us|of ours|ours|per favour',
  'kind|kindly|quickly tell|roughly speaking|more or less|or so|in the end|after all|so to speak|overview of',
  'tally|tally up|headcount|head count of|in business|in our shop|in the shop|in our store|on our site',
  'at our place|over there|out there|around here|know how|any idea|do you know|can you tell|could you tell',
  'would you say|i take it|remember|do you have|have we got|we got|got any|be able|able|able to|manage',
  'managed|managed to|happily|already|meanwhile|anyway|thus|thus far|hence|therefore|normally|usual',
  'eventually|finally|ending up|worth of|involved|affected|concerned|in question|at hand|yours|mine|theirs',
  'fare|fared|faring|certain|given|under consideration',
].flatMap((line) => line.split('|'));
