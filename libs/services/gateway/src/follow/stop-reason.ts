import { ApiError, serviceUnavailable } from '@headrace/http';

/** Why nothing more is told: the process stops, or what let the client in has ended. */
export type StopReason = 'stopping' | 'refused';

/** The answer to a client that was told nothing so far. */
export const stopError = (why: StopReason): ApiError =>
  why === 'stopping'
    ? serviceUnavailable('The server is being stopped. Ask again.')
    : new ApiError(
        'invalid_api_key',
        'The API key was revoked or has expired, or its project was deactivated. Use a current key.',
      );
