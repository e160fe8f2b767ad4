import { Setting } from '@headrace/config';
import { IsArray, IsBoolean, IsInt, Max, Min } from 'class-validator';

/** Where calls to URLs of users may go, and how many sockets they may hold. */
export class OutboundHttpSettings {
  @Setting({
    env: 'HEADRACE_ALLOW_LOOPBACK',
    as: 'boolean',
    description: 'Whether webhooks and AI providers may be on this machine (127.0.0.0/8, ::1).',
  })
  @IsBoolean()
  allowLoopback = false;

  @Setting({
    env: 'HEADRACE_ALLOW_PRIVATE_NETWORKS',
    as: 'boolean',
    description:
      'Whether webhooks and AI providers may be on this machine or in private networks (loopback, RFC 1918, ' +
      'shared and unique local addresses). Link-local and metadata addresses stay refused.',
  })
  @IsBoolean()
  allowPrivateNetworks = false;

  @Setting({
    env: 'HEADRACE_OUTBOUND_ALLOW',
    as: 'list',
    description: 'Networks (CIDR) and hosts (name or *.suffix) that may be called although the rules refuse them.',
  })
  @IsArray()
  allow: string[] = [];

  @Setting({
    env: 'HEADRACE_OUTBOUND_DENY',
    as: 'list',
    description: 'Networks (CIDR) and hosts (name or *.suffix) that are never called. Wins over everything else.',
  })
  @IsArray()
  deny: string[] = [];

  @Setting({
    env: 'HEADRACE_OUTBOUND_HTTPS_ONLY',
    as: 'boolean',
    description: 'Whether only https:// URLs may be called.',
  })
  @IsBoolean()
  httpsOnly = false;

  @Setting({
    env: 'HEADRACE_OUTBOUND_HTTP2',
    as: 'boolean',
    description:
      'Whether webhooks are sent over HTTP/2 to receivers that offer it (https:// only). Experimental: a receiver ' +
      'that says goodbye while several webhooks are on their way to it can make the whole process hang.',
  })
  @IsBoolean()
  http2 = false;

  @Setting({
    env: 'HEADRACE_OUTBOUND_CONNECTIONS',
    as: 'number',
    description: 'Connections that one process keeps to one origin (scheme, host and port).',
  })
  @IsInt()
  @Min(1)
  @Max(10_000)
  connectionsPerOrigin = 128;

  @Setting({
    env: 'HEADRACE_OUTBOUND_ORIGINS',
    as: 'number',
    description: 'Origins whose connections one process keeps open; the least recently used ones are closed.',
  })
  @IsInt()
  @Min(1)
  @Max(100_000)
  origins = 2_000;
}
