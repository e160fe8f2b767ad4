import { createServer, type IncomingMessage, type Server } from 'node:http';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestHome } from './testing/run-in-test.js';

const listen = ['listen', '--forward', 'http://localhost:3000/hook'];

let home: TestHome;
beforeEach(() => {
  home = new TestHome();
});
afterEach(() => home.remove());

describe('a command line', () => {
  it('without a command shows them all and counts as wrong', async () => {
    expect(await home.run([])).toMatchObject({ code: 2, printed: expect.stringContaining('listen') });
    expect(await home.run(['--help'])).toMatchObject({ code: 0, printed: expect.stringContaining('trigger') });
    expect(await home.run(['lisen'])).toMatchObject({ code: 2, noted: expect.stringContaining('"lisen"') });
  });

  it.each([['login'], ['listen'], ['trigger'], ['websocket']])('tells the options of %s', async (name) => {
    const help = await home.run([name, '--help']);
    expect(help).toMatchObject({ code: 0, noted: '', printed: expect.stringContaining(`Usage: headrace ${name}`) });
    expect(help.printed).toContain('--api-key');
  });

  it.each([
    [[...listen, '--colour'], "Unknown option '--colour'"],
    [[...listen, 'more'], "Unexpected argument 'more'"],
    [['listen'], 'Give --forward URL'],
    [['listen', '--forward'], "'--forward <value>' argument missing"],
    [['listen', '--forward', 'localhost:3000'], '--forward must be an http or https URL'],
    [['listen', '--forward', 'ftp://localhost/'], '--forward must be an http or https URL'],
    [[...listen, '--events', 'task.done'], '--events has no type "task.done"'],
    [[...listen, '--events', ' , '], '--events names nothing'],
    [[...listen, '--secret', 'hush'], '--secret must be whsec_'],
    [[...listen, '--url', 'nowhere'], '--url must be an http or https URL'],
    [['trigger', '--workflow', 'demo'], 'Give --message TEXT or --payload JSON'],
    [['trigger', '--message', 'a', '--payload', '{}'], 'not both'],
    [['trigger', '--message', 'a'], 'Give --workflow NAME'],
    [['trigger', '--payload', '{"workflow":'], '--payload is not a JSON object'],
    [['trigger', '--payload', 'no-such-file.json'], '--payload cannot be read'],
    [['websocket'], 'Give --channel-id or --workflow'],
    [['websocket', '--channel-id', 'c', '--workflow', 'w'], 'Give --channel-id or --workflow'],
    [['login', '--api-key', 'two words'], '--api-key must be a key'],
  ])('%j is refused with exit code 2, naming what is wrong', async (args, message) => {
    expect(await home.run(args, { HEADRACE_API_KEY: 'k' })).toMatchObject({
      code: 2,
      noted: expect.stringContaining(message),
    });
  });

  it('fails with exit code 1 when there is no key, and says where to get one', async () => {
    const answer = await home.run(listen, { HEADRACE_URL: 'https://headrace.test' });
    expect(answer).toMatchObject({ code: 1, noted: expect.stringContaining('headrace login') });
  });

  it('fails with exit code 1 when the server cannot be reached', async () => {
    const answer = await home.run([...listen, '--url', 'http://127.0.0.1:1', '--api-key', 'k']);
    expect(answer).toMatchObject({ code: 1, noted: expect.stringContaining('http://127.0.0.1:1 cannot be reached') });
  });
});

describe('a login', () => {
  let server: Server;
  let url: string;
  let asked: Pick<IncomingMessage, 'url' | 'headers'>[];
  beforeEach(async () => {
    asked = [];
    server = createServer((request, response) => {
      asked.push(request);
      const isGood = request.headers.authorization === 'Bearer mr_live_good';
      response.writeHead(isGood ? 200 : 401, { 'content-type': 'application/json' });
      response.end(JSON.stringify(isGood ? { data: [], channel_id: 'c1' } : { message: 'The API key is unknown.' }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const file = () => path.join(home.folder, 'config', 'headrace', 'login.json');
  const trigger = ['trigger', '--workflow', 'demo', '--message', 'Hello'];

  it('is checked, kept for its owner only, and used by other commands', async () => {
    expect(await home.run(['login', '--url', `${url}/`], {}, 'mr_live_good\n')).toMatchObject({ code: 0 });
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(await home.run(trigger)).toMatchObject({ code: 0, printed: expect.stringContaining('c1') });
    expect(asked.map(({ url: path }) => path)).toEqual(['/v1/requests?limit=1', '/v1/ai/async']);
  });

  it('is not saved when the key is bad, in the words of the server', async () => {
    const answer = await home.run(['login', '--url', url, '--api-key', 'mr_live_bad']);
    expect(answer).toMatchObject({ code: 1, noted: expect.stringContaining('The API key is unknown.') });
    expect(() => statSync(file())).toThrow();
  });

  it('goes to no other server than its own', async () => {
    await home.run(['login', '--url', url, '--api-key', 'mr_live_good']);
    const elsewhere = await home.run([...trigger, '--url', 'https://headrace.test']);
    expect(elsewhere).toMatchObject({
      code: 1,
      noted: expect.stringContaining('no API key for https://headrace.test'),
    });
  });

  it('is not needed beside the data folder of a server on this machine', async () => {
    mkdirSync(path.join(home.folder, '.headrace'));
    writeFileSync(path.join(home.folder, '.headrace', 'api-key'), 'mr_live_good\n');
    expect(await home.run(trigger, { HEADRACE_URL: url })).toMatchObject({ code: 0 });
  });

  it('gives way to the environment, and that to the options', async () => {
    const environment = { HEADRACE_URL: url, HEADRACE_API_KEY: 'mr_live_bad' };
    expect(await home.run(trigger, environment)).toMatchObject({ code: 1 });
    expect(await home.run([...trigger, '--api-key', 'mr_live_good'], environment)).toMatchObject({ code: 0 });
  });
});
