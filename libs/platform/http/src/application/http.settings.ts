import { IsArray, IsInt, Max, Min } from 'class-validator';
import { Setting } from '@headrace/config';

const mebibyte = 1024 * 1024;

/** Settings of the HTTP server. */
export class HttpSettings {
  @Setting({ env: 'HEADRACE_BODY_LIMIT_BYTES', as: 'number', description: 'Largest request body, in bytes.' })
  @IsInt()
  @Min(1024)
  @Max(64 * mebibyte)
  bodyLimitBytes = mebibyte;

  @Setting({
    env: 'HEADRACE_MAX_HEADER_BYTES',
    as: 'number',
    description:
      'Longest head of a request, its address with the query and all headers, in bytes; a longer one is answered with 431.',
  })
  @IsInt()
  @Min(4 * 1024)
  @Max(256 * 1024)
  maxHeaderBytes = 16 * 1024;

  @Setting({
    env: 'HEADRACE_TRUST_PROXY',
    as: 'list',
    description:
      'Proxies whose X-Forwarded-* headers count: addresses or ranges separated by commas, or "true" for any.',
    defaultText: 'none',
  })
  @IsArray()
  trustProxy: string[] = [];

  @Setting({
    env: 'HEADRACE_REQUEST_TIMEOUT_MS',
    as: 'number',
    description: 'How long a client may take to send a whole request, in milliseconds.',
  })
  @IsInt()
  @Min(1_000)
  requestTimeoutMs = 30_000;

  @Setting({
    env: 'HEADRACE_KEEP_ALIVE_TIMEOUT_MS',
    as: 'number',
    description: 'How long an idle connection is kept, in milliseconds; longer than the load balancer in front does.',
  })
  @IsInt()
  @Min(1_000)
  keepAliveTimeoutMs = 72_000;
}
