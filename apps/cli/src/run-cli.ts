import type { Command } from './command.js';
import { listenCommand } from './commands/listen.command.js';
import { loginCommand } from './commands/login.command.js';
import { triggerCommand } from './commands/trigger.command.js';
import { websocketCommand } from './commands/websocket.command.js';
import { CommandFailed, messageOf, UsageError } from './errors.js';
import type { Surroundings } from './surroundings.js';

const commands: readonly Command[] = [loginCommand, listenCommand, triggerCommand, websocketCommand];

/** Exit codes: everything else is a failure. */
export const exitCodes = { ok: 0, failure: 1, usage: 2 } as const;

const overview = [
  'Usage: headrace <command> [options]',
  '',
  ...commands.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`),
  '',
  '"headrace <command> --help" tells the options of a command.',
  'HEADRACE_URL and HEADRACE_API_KEY say where the server is and who you are; so does "headrace login", once.',
].join('\n');

/** Runs a command line; resolves to its exit code. */
export async function runCli(args: readonly string[], around: Surroundings): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    around.print(overview);
    return name === undefined ? exitCodes.usage : exitCodes.ok;
  }
  const command = commands.find((one) => one.name === name);
  if (!command) {
    around.note(`There is no command "${name}".\n\n${overview}`);
    return exitCodes.usage;
  }
  if (asksForHelp(rest)) {
    around.print(command.help);
    return exitCodes.ok;
  }
  try {
    return await command.run(rest, around);
  } catch (error) {
    if (error instanceof UsageError) {
      around.note(`${error.message}\nSee "headrace ${name} --help".`);
      return exitCodes.usage;
    }
    around.note(error instanceof CommandFailed ? error.message : `headrace ${name} failed: ${messageOf(error)}`);
    return exitCodes.failure;
  }
}

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  const options = end === -1 ? args : args.slice(0, end);
  return options.includes('--help') || options.includes('-h');
}
