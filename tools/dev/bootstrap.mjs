/**
 * From nothing to runnable: installs packages when they are missing or stale, with `--build` compiles, with
 * `--servers` makes sure that there is a nats-server. Called before `npm start` and `npm test`, by whatever Node
 * called npm (20 or newer), so it uses nothing that is not in Node, and is silent when there is nothing to do.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { missingPackages } from './installed-packages.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Stops with one sentence for the person at the terminal. */
class CannotGoOn extends Error {}

function say(sentence) {
  process.stderr.write(`${sentence}\n`);
}

function checkNode() {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 20) {
    throw new CannotGoOn(
      `Node 20 or newer is needed to start, and this is ${process.versions.node}: install a newer one.`,
    );
  }
}

function install() {
  const reason = missingPackages(root);
  if (!reason) return;
  say(`Installing packages (${reason}); about half a minute with a filled npm cache.`);
  const [command, ...args] = npm();
  const failed = run(command, [
    ...args,
    'ci',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ]);
  if (failed)
    throw new CannotGoOn(
      `'npm ci' failed (${failed}); its own messages are above. Check the network and the proxy with 'npm ping'.`,
    );
  if (missingPackages(root))
    throw new CannotGoOn("'npm ci' ended well but packages are missing: remove node_modules and try again.");
  if (!existsSync(projectNode())) {
    throw new CannotGoOn(
      "npm did not run the install scripts of 'allowScripts' in package.json: allow them (npm config get ignore-scripts) and run 'npm ci'.",
    );
  }
}

function build() {
  const failed = run(projectNode(), [join(root, 'node_modules/typescript7/bin/tsc'), '-b']);
  if (failed) throw new CannotGoOn(`The TypeScript build failed (${failed}): the compiler's messages are above.`);
}

function obtainServers() {
  const failed = run(projectNode(), [join(root, 'tools/dev/obtain-nats.mjs')]);
  if (failed) throw new CannotGoOn('There is no nats-server, which the tests need.');
}

/** The Node that package.json pins, where its install script could fetch it; it is newer than the caller's may be. */
function projectNode() {
  return join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

/**
 * The npm that called us, run by the Node that runs it: `node` on the PATH may be the one in node_modules, which
 * `npm ci` removes.
 */
function npm() {
  const { npm_execpath: script, npm_node_execpath: node } = process.env;
  if (script?.endsWith('npm-cli.js')) return [node ?? process.execPath, script];
  return process.platform === 'win32' ? ['cmd', '/c', 'npm'] : ['npm'];
}

/** Runs a program in the project's folder with its output shown; returns how it failed, or undefined. */
function run(command, args) {
  // Options meant for the caller's Node (an inspector port, a loader) would break or slow its children.
  const { NODE_OPTIONS: _inherited, ...env } = process.env;
  // Our own standard output stays clean: what is printed there belongs to the command that follows.
  const { error, status, signal } = spawnSync(command, args, { cwd: root, env, stdio: ['inherit', 2, 2] });
  if (error) return error.code === 'ENOENT' ? `${command} was not found` : error.message;
  if (signal) return `ended by ${signal}`;
  return status === 0 ? undefined : `exit code ${status}`;
}

try {
  checkNode();
  install();
  if (process.argv.includes('--build')) build();
  if (process.argv.includes('--servers')) obtainServers();
} catch (error) {
  if (!(error instanceof CannotGoOn)) throw error;
  say(error.message);
  process.exitCode = 1;
}
