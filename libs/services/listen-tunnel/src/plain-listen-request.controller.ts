import { ApiError } from '@headrace/http';
import { All, Controller } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';

/** Answers what comes to the tunnel's path without an upgrade. */
@ApiExcludeController()
@Controller('v1/listen')
export class PlainListenRequestController {
  @All()
  refuse(): never {
    const advice = 'This path speaks WebSocket only: use "headrace listen", or send an upgrade request.';
    throw new ApiError('invalid_request_error', advice);
  }
}
