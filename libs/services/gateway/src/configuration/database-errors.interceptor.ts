import { ApiError, serviceUnavailable } from '@headrace/http';
import { isDatabaseUnavailable, isDataRefused } from '@headrace/postgres';
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { catchError, type Observable } from 'rxjs';

/** Turns what the database says of a change into an answer for the client. */
@Injectable()
export class DatabaseErrorsInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      catchError((error: unknown) => {
        throw answerTo(error);
      }),
    );
  }
}

function answerTo(error: unknown): unknown {
  if (isDataRefused(error)) {
    const message = 'A text holds a character that cannot be stored, such as NUL. Take it out.';
    return new ApiError('invalid_request_error', message, { cause: error });
  }
  return isDatabaseUnavailable(error)
    ? serviceUnavailable('The configuration cannot be reached now. Try again shortly.', error)
    : error;
}
