import { styleText } from 'node:util';
import { Command, Errors, Flags, type Interfaces } from '@oclif/core';
import { EnvironmentError } from '../lib/runtime/env.ts';
import { QuantityError } from './config/quantities.ts';
import { unknownFlags } from './config/secret-flags.ts';
import { debugWanted } from './config/settings.ts';
import { type Context, createContext } from './context.ts';
import { diskFailure, EXIT, messageOf, OmsError } from './errors.ts';
import { visible } from './ui/visible.ts';

/** How long a first Ctrl-C may take to clean up before the process leaves anyway. */
const CLEAN_UP_DEADLINE_MS = 30_000;

const HASTY_NOTE = 'stopping, press Ctrl-C again to leave at once';
const PATIENT_NOTE = 'stopping cleanly, this can take a while';

/** oclif's own bounds of what flags and arguments parse to; it does not export them by name. */
type FlagOutput = Interfaces.OutputFlags<typeof Command.flags>;
type ArgOutput = Interfaces.OutputArgs<typeof Command.args>;

/** Some commands take --no-prompt as another word for --no-input. */
interface GlobalFlags {
  quiet: boolean;
  input: boolean;
  'no-prompt'?: boolean;
}

/** What a flag's or an argument's own parser throws: oclif adds the exit code of a wrong call to that of a flag. */
const isRefusedFlag = (error: unknown): error is Error =>
  error instanceof QuantityError ||
  (error instanceof Error && (error as { oclif?: { exit?: number } }).oclif?.exit === EXIT.usage);

interface ErrorView {
  code: string;
  message: string;
  why?: string;
  next?: readonly string[];
  original?: string;
}

/** oclif's texts of a wrong call in one line: "--rate: expected an integer ...". */
const plainUsage = (message: string) =>
  message
    .replace(/^The following errors? occurred:\s*/, '')
    .replace(/\nSee more help with --help$/, '')
    .replace(/Parsing (--\S+)\s+/g, '$1: ')
    .replace(/\s*\n\s*/g, ' ')
    .trim();

/** Line by line: what another program or a server has said is in it. */
const shown = (text: string): string =>
  text
    .split(/\r?\n/)
    .map((line) => visible(line.replaceAll('\t', '  ')))
    .join('\n');

/** What every command shares: global flags, one JSON envelope, errors with a next step, Ctrl-C that cleans up. */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true;
  static override baseFlags = {
    quiet: Flags.boolean({ char: 'q', env: 'OMS_QUIET', summary: 'print the result only', helpGroup: 'GLOBAL' }),
    input: Flags.boolean({
      env: 'OMS_INPUT',
      default: true,
      allowNo: true,
      summary: 'ask questions on a terminal (--no-input never asks)',
      helpGroup: 'GLOBAL',
    }),
  };

  /**
   * A patient command has no deadline for cleaning up, and explains itself on the second Ctrl-C; the third leaves.
   * For work that must not be cut off, such as Terraform holding a lock.
   */
  protected readonly patient: boolean = false;

  private readonly abort = new AbortController();
  private readonly insisted: (() => void)[] = [];
  private readonly warnings: string[] = [];
  private context: Context | undefined;

  /** Parses the flags and builds the context of this run. */
  protected async start<F extends FlagOutput, A extends ArgOutput>(
    input: Interfaces.Input<F, FlagOutput, A>,
  ): Promise<{ flags: F; args: A; context: Context }> {
    const { flags, args } = await this.parse(input);
    const { quiet, input: mayAsk, 'no-prompt': never } = flags as unknown as GlobalFlags;
    const global = { json: this.jsonEnabled(), quiet, input: mayAsk && !never };
    this.context = createContext(global, this.abort.signal, (listener) => this.insisted.push(listener));
    this.listenForInterrupt();
    return { flags, args, context: this.context };
  }

  /** Collected for the JSON envelope; on stderr otherwise. */
  override warn(warning: string | Error): string | Error {
    const text = messageOf(warning);
    this.warnings.push(text);
    if (!this.jsonEnabled())
      process.stderr.write(`${styleText('yellow', 'warning', { stream: process.stderr })} ${text}\n`);
    return warning;
  }

  protected override toSuccessJson(result: unknown) {
    return { status: process.exitCode ?? EXIT.ok, result, warnings: this.warnings };
  }

  protected override toErrorJson(error: unknown) {
    return { status: process.exitCode ?? EXIT.failed, error: this.describe(error), warnings: this.warnings };
  }

  protected override async catch(thrown: Error & { oclif?: { exit?: number } }): Promise<unknown> {
    if (thrown instanceof Errors.ExitError) throw thrown;
    const error = diskFailure(thrown) ?? thrown;
    process.exitCode = this.exitCodeOf(error);
    if (this.jsonEnabled()) {
      this.logJson(this.toErrorJson(error));
      return undefined;
    }
    process.stderr.write(`${this.render(error)}\n`);
    return this.exit(process.exitCode);
  }

  private listenForInterrupt(): void {
    let times = 0;
    const interrupt = (signal: NodeJS.Signals) => {
      // A terminal that closes may send it more than once, and nobody is there any more who insists.
      if (signal === 'SIGHUP' && times > 0) return;
      times++;
      if (times > 1) return this.interruptAgain(times);
      if (!this.jsonEnabled()) process.stderr.write(`\n${this.patient ? PATIENT_NOTE : HASTY_NOTE}\n`);
      this.abort.abort(new OmsError('interrupted', `interrupted by ${signal}`));
      if (!this.patient) setTimeout(() => process.exit(EXIT.interrupted), CLEAN_UP_DEADLINE_MS).unref();
    };
    process.on('SIGINT', interrupt);
    process.on('SIGTERM', interrupt);
    process.on('SIGHUP', interrupt);
  }

  private interruptAgain(times: number): void {
    if (times > 2 || !this.patient) process.exit(EXIT.interrupted);
    for (const listener of this.insisted) listener();
  }

  private exitCodeOf(error: Error & { oclif?: { exit?: number } }): number {
    if (this.abort.signal.aborted) return EXIT.interrupted;
    if (error instanceof OmsError) return error.exitCode;
    if (error instanceof EnvironmentError) return EXIT.usage;
    // oclif gives some wrong calls its default code: a flag without its value, a value outside an option list.
    return error instanceof Errors.CLIError || isRefusedFlag(error) ? EXIT.usage : EXIT.failed;
  }

  private describe(error: unknown): ErrorView {
    if (error instanceof OmsError) {
      const { code, message, why, next, original } = error;
      return { code, message, ...(why && { why }), next, ...(original && { original }) };
    }
    if (error instanceof EnvironmentError) return { code: 'usage', message: error.message };
    if (error instanceof Errors.CLIError || isRefusedFlag(error)) {
      const { message, hint } = unknownFlags(error) ?? { message: plainUsage(error.message), hint: undefined };
      return { code: 'usage', message, next: [...(hint ? [hint] : []), ...this.usage()] };
    }
    return {
      code: 'bug',
      message: messageOf(error),
      next: ['This is a bug in oms. Run it again with DEBUG=oms for the details.'],
    };
  }

  private usage(): string[] {
    const [example] = (this.ctor.examples ?? []) as string[];
    const command = example?.replace('<%= config.bin %> <%= command.id %>', `oms ${this.id?.replaceAll(':', ' ')}`);
    return [...(command ? [command] : []), `oms ${this.id?.replaceAll(':', ' ')} --help`];
  }

  private render(error: unknown): string {
    const { message, why, next = [], original } = this.describe(error);
    const stack = error instanceof Error && debugWanted() ? `\n${error.stack}` : '';
    const lines = [`${styleText('red', 'error', { stream: process.stderr })} ${shown(message)}`];
    if (why) lines.push(`  why   ${shown(why)}`);
    for (const step of next) lines.push(`  next  ${shown(step)}`);
    if (original) lines.push(styleText('gray', shown(original).replace(/^/gm, '  '), { stream: process.stderr }));
    return lines.join('\n') + stack;
  }
}
