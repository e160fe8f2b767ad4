import { describe, expect, it } from '@jest/globals';
import { OutboundHttpSettings } from '../outbound-http.settings.js';
import { AddressPolicy } from './address-policy.js';

const settings = (overrides: Partial<OutboundHttpSettings> = {}): OutboundHttpSettings =>
  Object.assign(new OutboundHttpSettings(), overrides);

/** A policy over a DNS that knows only these names. */
function aPolicy(overrides: Partial<OutboundHttpSettings> = {}, dns: Record<string, string[]> = {}): AddressPolicy {
  return new AddressPolicy(settings(overrides), async (host) => {
    const addresses = dns[host];
    if (!addresses) throw Object.assign(new Error('unknown'), { code: 'ENOTFOUND' });
    return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  });
}

describe('an address policy', () => {
  it.each([
    ['http://93.184.216.34/hook'],
    ['https://93.184.216.34:8443/hook'],
    ['https://[2606:2800:220:1::1]/'],
    ['http://1.1.1.1:80/?q=1'],
  ])('lets %s pass', async (url) => {
    expect(await aPolicy().checkUrl(url)).toBeUndefined();
  });

  it.each([
    ['loopback', 'http://127.0.0.1/'],
    ['loopback', 'http://127.255.255.254:8080/'],
    ['loopback', 'http://[::1]/'],
    ['private', 'http://10.0.0.1/'],
    ['private', 'http://172.16.0.1/'],
    ['private', 'http://172.31.255.255/'],
    ['private', 'http://192.168.1.1/'],
    ['link-local', 'http://169.254.169.254/latest/meta-data'],
    ['link-local', 'http://[fe80::1]/'],
    ['shared', 'http://100.64.0.1/'],
    ['metadata', 'http://100.100.100.200/'],
    ['metadata', 'http://168.63.129.16/'],
    ['metadata', 'http://[fd00:ec2::254]/'],
    ['unspecified', 'http://0.0.0.0/'],
    ['unspecified', 'http://0.1.2.3/'],
    ['unspecified', 'http://[::]/'],
    ['multicast', 'http://224.0.0.1/'],
    ['multicast', 'http://[ff02::1]/'],
    ['broadcast', 'http://255.255.255.255/'],
    ['reserved', 'http://192.0.0.192/'],
    ['reserved', 'http://192.0.2.1/'],
    ['reserved', 'http://198.51.100.7/'],
    ['reserved', 'http://203.0.113.7/'],
    ['reserved', 'http://198.18.0.1/'],
    ['reserved', 'http://240.0.0.1/'],
    ['reserved', 'http://[2001:db8::1]/'],
    ['reserved', 'http://[3fff::1]/'],
    ['reserved', 'http://[::127.0.0.1]/'],
    ['reserved', 'http://[fec0::1]/'],
    ['reserved', 'http://[4000::1]/'],
    ['unique local', 'http://[fc00::1]/'],
    ['stands for', 'http://[::ffff:127.0.0.1]/'],
    ['stands for', 'http://[::ffff:a9fe:a9fe]/'],
    ['stands for', 'http://[64:ff9b::7f00:1]/'],
    ['stands for', 'http://[64:ff9b:1::7f00:1]/'],
    ['stands for', 'http://[2002:7f00:1::]/'],
    ['stands for', 'http://[2001:0:7f00:1::]/'],
  ])('refuses a %s address: %s', async (label, url) => {
    expect(await aPolicy().checkUrl(url)).toContain(label);
  });

  it.each([
    ['http://0177.0.0.1/'],
    ['http://0x7f.0.0.1/'],
    ['http://0x7f000001/'],
    ['http://2130706433/'],
    ['http://127.1/'],
    ['http://127.0.1/'],
    ['http://127.0.0.1./'],
    ['http://１２７.0.0.1/'],
    ['http://127。0。0。1/'],
    ['http:127.0.0.1'],
    ['http:\\\\127.0.0.1\\x'],
    ['http://%31%32%37.0.0.1/'],
    ['http://[0:0:0:0:0:0:0:1]/'],
  ])('sees through the spelling %s', async (url) => {
    expect(await aPolicy().checkUrl(url)).toContain('loopback');
  });

  it.each([
    ['not a url', 'not valid'],
    ['', 'not valid'],
    ['http://256.256.256.256/', 'not valid'],
    ['http://[fe80::1%25eth0]/', 'not valid'],
    ['ftp://example.com/', 'must start with'],
    ['file:///etc/passwd', 'must start with'],
    ['gopher://example.com/', 'must start with'],
    ['javascript:alert(1)', 'must start with'],
    ['https://user:secret@example.com/', 'user name or a password'],
    ['https://user@example.com/', 'user name or a password'],
    ['http://example.com:25/', 'Port 25'],
    ['http://example.com:6667/', 'Port 6667'],
    ['http://example.com:0/', 'Port 0'],
  ])('refuses %s', async (url, reason) => {
    expect(await aPolicy().checkUrl(url)).toContain(reason);
  });

  it('repeats no part of a password in its reason', async () => {
    expect(await aPolicy().checkUrl('https://user:secret@example.com/')).not.toContain('secret');
  });

  it('judges a name by every address it has', async () => {
    const policy = aPolicy({}, { 'in.test': ['10.0.0.1'], 'out.test': ['93.184.216.34'], 'six.test': ['fd00::1'] });
    expect(await policy.checkUrl('http://in.test/')).toContain('in.test is a private address');
    expect(await policy.checkUrl('http://six.test/')).toContain('unique local');
    expect(await policy.checkUrl('http://OUT.test./')).toBeUndefined();
  });

  it('connects a name with good and bad addresses to the good ones only', async () => {
    const policy = aPolicy({}, { 'both.test': ['127.0.0.1', '93.184.216.34', '::1'] });
    expect(await policy.allowedAddresses('both.test')).toEqual([{ address: '93.184.216.34', family: 4 }]);
  });

  it('says that a name cannot be resolved', async () => {
    expect(await aPolicy().checkUrl('http://nowhere.test/')).toContain('nowhere.test cannot be resolved (ENOTFOUND)');
    expect(await aPolicy({}, { 'empty.test': [] }).checkUrl('http://empty.test/')).toContain('has no address');
  });

  it('lets loopback pass when that is allowed, and nothing else', async () => {
    const policy = aPolicy({ allowLoopback: true });
    expect(await policy.checkUrl('http://127.0.0.1:9000/')).toBeUndefined();
    expect(await policy.checkUrl('http://[::1]:9000/')).toBeUndefined();
    expect(await policy.checkUrl('http://10.0.0.1/')).toContain('private');
  });

  it('lets private networks pass when they are allowed, but no metadata service', async () => {
    const policy = aPolicy({ allowPrivateNetworks: true });
    expect(await policy.checkUrl('http://10.0.0.1/')).toBeUndefined();
    expect(await policy.checkUrl('http://127.0.0.1/')).toBeUndefined();
    expect(await policy.checkUrl('http://[fd00::1]/')).toBeUndefined();
    expect(await policy.checkUrl('http://169.254.169.254/')).toContain('link-local');
    expect(await policy.checkUrl('http://[fd00:ec2::254]/')).toContain('metadata');
    expect(await policy.checkUrl('http://[::ffff:10.0.0.1]/')).toContain('stands for');
  });

  it('follows the operator’s lists, and refusing wins', async () => {
    const policy = aPolicy(
      { allow: ['10.1.0.0/16', '*.corp.test', 'fd00::/8'], deny: ['10.1.2.3', '8.8.8.0/24', 'bad.corp.test'] },
      { 'api.corp.test': ['10.9.9.9'], 'bad.corp.test': ['93.184.216.34'], 'sly.corp.test': ['8.8.8.8'] },
    );
    expect(await policy.checkUrl('http://10.1.9.9/')).toBeUndefined();
    expect(await policy.checkUrl('http://[fd00::7]/')).toBeUndefined();
    expect(await policy.checkUrl('http://api.corp.test/')).toBeUndefined();
    expect(await policy.checkUrl('http://10.1.2.3/')).toContain('operator refuses');
    expect(await policy.checkUrl('http://8.8.8.8/')).toContain('operator refuses');
    expect(await policy.checkUrl('http://BAD.corp.test./')).toContain('operator refuses');
    expect(await policy.checkUrl('http://sly.corp.test/')).toContain('operator refuses');
    expect(await policy.checkUrl('http://10.2.0.1/')).toContain('private');
  });

  it('insists on https when told to', async () => {
    const policy = aPolicy({ httpsOnly: true });
    expect(await policy.checkUrl('http://93.184.216.34/')).toContain('https://');
    expect(await policy.checkUrl('https://93.184.216.34/')).toBeUndefined();
  });

  it('names a list entry that it cannot read', () => {
    expect(() => aPolicy({ allow: ['10.0.0.0/8', 'what is this'] })).toThrow('"what is this" is neither');
  });
});
