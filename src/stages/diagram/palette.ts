import type { NodeKind } from './model.ts';

export interface Colours {
  fill: string;
  stroke: string;
  text: string;
}

const pair = (light: Colours, dark: Colours) => ({ light, dark });

const GREY = pair(
  { fill: '#f3f4f6', stroke: '#6b7280', text: '#111827' },
  { fill: '#374151', stroke: '#9ca3af', text: '#f9fafb' },
);

/** Of each kind on light and on dark ground; every text has a contrast of at least 7 to its fill. */
export const PALETTE: Readonly<Record<NodeKind, { light: Colours; dark: Colours }>> = {
  person: GREY,
  outside: GREY,
  proxy: pair(
    { fill: '#dcfce7', stroke: '#15803d', text: '#052e16' },
    { fill: '#14532d', stroke: '#4ade80', text: '#f0fdf4' },
  ),
  app: pair(
    { fill: '#fef3c7', stroke: '#b45309', text: '#451a03' },
    { fill: '#78350f', stroke: '#fbbf24', text: '#fffbeb' },
  ),
  tool: pair(
    { fill: '#fae8ff', stroke: '#a21caf', text: '#4a044e' },
    { fill: '#701a75', stroke: '#e879f9', text: '#fdf4ff' },
  ),
  database: pair(
    { fill: '#e0e7ff', stroke: '#4338ca', text: '#1e1b4b' },
    { fill: '#312e81', stroke: '#a5b4fc', text: '#eef2ff' },
  ),
  hub: pair(
    { fill: '#dbeafe', stroke: '#1d4ed8', text: '#172554' },
    { fill: '#1e3a8a', stroke: '#93c5fd', text: '#eff6ff' },
  ),
  storage: pair(
    { fill: '#cffafe', stroke: '#0e7490', text: '#083344' },
    { fill: '#164e63', stroke: '#67e8f9', text: '#ecfeff' },
  ),
  service: pair(
    { fill: '#ede9fe', stroke: '#6d28d9', text: '#2e1065' },
    { fill: '#4c1d95', stroke: '#c4b5fd', text: '#f5f3ff' },
  ),
};

/** Of what is no node: the ground, groups, lines and their labels. */
export const GROUND = {
  light: { page: '#ffffff', group: '#f9fafb', inner: '#eff6ff', border: '#9ca3af', line: '#4b5563', text: '#1f2937' },
  dark: { page: '#0d1117', group: '#161b22', inner: '#172033', border: '#6b7280', line: '#9ca3af', text: '#e5e7eb' },
} as const;
