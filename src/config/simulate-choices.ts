/** How orders are spread over time: evenly, or as independent customers come. */
export const ARRIVALS = ['uniform', 'poisson'] as const;
export type Arrivals = (typeof ARRIVALS)[number];

/** How the rate of orders changes over a run. */
export const SHAPES = ['steady', 'ramp', 'step', 'diurnal', 'black-friday', 'flash-sale', 'outage'] as const;
export type Shape = (typeof SHAPES)[number];

/** What can stand still in an outage. */
export const OUTAGES = ['hub', 'database'] as const;
export type OutageOf = (typeof OUTAGES)[number];
