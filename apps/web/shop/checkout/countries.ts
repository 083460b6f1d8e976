import { Country } from '../../../../lib/domain/fields.ts';
import { html } from '../../html/html.ts';

const names = new Intl.DisplayNames('en', { type: 'region' });

/** Every country that an order may go to, by its English name. */
const COUNTRIES = (Country.enum as string[])
  .map((code) => ({ code, name: names.of(code) ?? code }))
  .sort((a, b) => a.name.localeCompare(b.name, 'en'));

const PLAIN = COUNTRIES.map(({ code, name }) => html`<option value="${code}">${name}</option>`);

export const countryName = (code: string): string => COUNTRIES.find((one) => one.code === code)?.name ?? code;

/** The options of a field for a country, with one of them chosen. */
export function countryOptions(chosen: string): string {
  return COUNTRIES.map(({ code, name }, index) =>
    code === chosen ? html`<option value="${code}" selected>${name}</option>` : PLAIN[index]!,
  ).join('');
}
