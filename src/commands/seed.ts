import { Flags } from '@oclif/core';
import { BaseCommand } from '../base-command.ts';
import { parseCount, parseTime } from '../config/quantities.ts';
import { siteDatabaseFlag } from '../config/site-flags.ts';
import { databaseUrlFlag } from '../config/target-flags.ts';
import { seed } from '../stages/seed/seed.ts';
import { renderSeed } from '../stages/seed/view.ts';

const orders = { min: 0, max: 10_000_000, unit: 'orders', example: '--orders 20000 or --orders 1m' };
const products = { min: 1, max: 100_000, unit: 'products', example: '--products 200' };
const customers = { min: 0, max: 10_000_000, unit: 'customers', example: '--customers 5000' };
const days = { min: 1, max: 3_650, unit: 'days', example: '--days 365' };
const seedNumber = { min: 0, max: 4_294_967_295, unit: '(a whole number)', example: '--seed 42' };
const stock = { min: 0, max: 100_000_000, unit: 'units', example: '--stock 1m' };

const currencyCode = async (text: string) => {
  if (/^[A-Z]{3}$/.test(text)) return text;
  throw new Error(`expected three capital letters, got "${text}"; for example --currency USD`);
};

export default class Seed extends BaseCommand {
  static override summary = 'Fill the database with a catalogue, customers and a believable order history.';
  static override description =
    'The same seed, options and clock give the same rows. Run again it writes nothing; cut off, it goes on where it stopped. A catalogue of your own (--catalogue) takes the place of the invented one, without an invented history unless --orders asks for it.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --orders 1m --days 730',
    '<%= config.bin %> <%= command.id %> --catalogue catalogue.csv',
    '<%= config.bin %> <%= command.id %> --env shop --catalogue catalogue.csv',
  ];
  static override flags = {
    orders: Flags.integer({
      env: 'OMS_SEED_ORDERS',
      summary: 'orders of the history, such as 20000 or 1m (default 20000; 0 with --catalogue)',
      parse: async (text) => parseCount(text, orders),
    }),
    products: Flags.integer({
      env: 'OMS_SEED_PRODUCTS',
      summary: 'products of the invented catalogue (default 200)',
      parse: async (text) => parseCount(text, products),
      exclusive: ['catalogue'],
    }),
    customers: Flags.integer({
      env: 'OMS_SEED_CUSTOMERS',
      summary: 'customers (default: as many as make 3 of 10 orders a first one)',
      parse: async (text) => parseCount(text, customers),
    }),
    days: Flags.integer({
      env: 'OMS_SEED_DAYS',
      summary: 'days that the history goes back (default 365)',
      parse: async (text) => parseCount(text, days),
    }),
    seed: Flags.integer({
      env: 'OMS_SEED_SEED',
      summary: 'the same seed invents the same things (default 42)',
      parse: async (text) => parseCount(text, seedNumber),
    }),
    stock: Flags.integer({
      env: 'OMS_SEED_STOCK',
      summary: 'units of each invented product over all warehouses (default 1m)',
      parse: async (text) => parseCount(text, stock),
      exclusive: ['catalogue'],
    }),
    currency: Flags.string({
      env: 'OMS_SEED_CURRENCY',
      summary: 'currency of the invented catalogue (default USD)',
      parse: currencyCode,
      exclusive: ['catalogue'],
    }),
    catalogue: Flags.string({
      env: 'OMS_SEED_CATALOGUE',
      summary: 'CSV file with sku,name,category,brand,price,cost,currency,stock',
      helpValue: 'FILE.csv',
    }),
    now: Flags.string({
      env: 'OMS_NOW',
      summary: 'the clock: when the history ends (ISO 8601)',
      parse: async (text) => parseTime(text),
    }),
    reset: Flags.boolean({ env: 'OMS_SEED_RESET', summary: 'empty our tables first, after asking' }),
    yes: Flags.boolean({ char: 'y', env: 'OMS_YES', summary: 'do not ask', dependsOn: ['reset'] }),
    env: siteDatabaseFlag('OMS_SEED_ENV', ['reset']),
    'database-url': databaseUrlFlag(),
  };

  async run() {
    const { flags, context } = await this.start(Seed);
    const { catalogue, env: environment, 'database-url': databaseUrl, ...rest } = flags;
    const result = await seed({ ...rest, catalogueFile: catalogue, databaseUrl, environment }, context);
    context.terminal.print(renderSeed(result, context.terminal));
    return result;
  }
}
