import { describe, expect, it } from '@jest/globals';
import { BadGatewayException, ConflictException, NotFoundException } from '@nestjs/common';
import { EventLogUnavailable, EventTooLarge } from '@headrace/event-log';
import { ChangeRefused, ProjectStoreUnavailable } from '@headrace/project-store';
import { toApiError } from './to-api-error.js';

describe('the answer to an exception', () => {
  it.each([
    ['the log is away', new EventLogUnavailable('nats://secret'), 503, 'service_unavailable'],
    ['the configuration cannot be read', new ProjectStoreUnavailable(new Error('x')), 503, 'service_unavailable'],
    ['the event is too large', new EventTooLarge('request.accepted', 9, 8), 413, 'payload_too_large'],
    ['a name is taken', new ChangeRefused('conflict', 'Choose another name.'), 409, 'conflict'],
    ['a thing is missing', new ChangeRefused('not_found', 'There is none.'), 404, 'not_found'],
    ['a route is missing', new NotFoundException('Cannot GET /x'), 404, 'not_found'],
    ['Nest says conflict', new ConflictException('No.'), 409, 'conflict'],
  ])('is known when %s', (_, exception, status, code) => {
    expect(toApiError(exception)).toMatchObject({ status, code });
  });

  it('names the field of a refused change', () => {
    const error = toApiError(new ChangeRefused('invalid', 'name must not be empty.', 'name'));
    expect(error).toMatchObject({ code: 'invalid_request_error', details: [{ param: 'name' }] });
  });

  it('says when to come back', () => {
    expect(toApiError(new EventLogUnavailable('x'))?.headers).toEqual({ 'retry-after': '1' });
  });

  it.each([[new Error('x')], [new BadGatewayException()], ['text'], [undefined], [{ code: 42 }]])(
    'is left to the log for %p',
    (exception) => {
      expect(toApiError(exception)).toBeUndefined();
    },
  );
});
