/** Seeds that the model which comes with this version was trained on, and orders made from each. */
export const TRAINING_SEEDS = [101, 102, 103, 104, 105, 106];
export const TRAINING_ORDERS = 50_000;

/** Seeds that no model is trained on by default: what a model is measured with. */
export const HELD_OUT_SEEDS = [201, 202];
export const HELD_OUT_ORDERS = 50_000;
